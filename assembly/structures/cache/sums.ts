import { MAX_THREADS } from '../../layout/limits'
import { stripeEntry } from '../../layout/record'
import { STRIPE_BYTES } from '../../layout/stripe'
import { ensureReach } from '../../sync/reach'
import { Control, CacheStripe, credits, entriesOf, unitsIn } from '../hashmap/layout/cache'

/** Sum of a field of 64 bits over all stripes of a cache. */
export function sum64(record: u32, field: usize): u64 {
  let total: u64 = 0
  for (let index: u32 = 0; index < MAX_THREADS; index++) {
    const stripe = atomic.load<u32>(stripeEntry(record, index)) // pairs with settleRaw in supply.ts
    if (!stripe) continue
    ensureReach(stripe + STRIPE_BYTES)
    total += atomic.load<u64>(stripe + u32(field)) // as wide as its thread writes it
  }
  return total
}

/**
 * The credits that entries have cost, or are about to: never more than there are. While credits pass between threads it may be
 * less than it is.
 */
export function spent(record: u32, control: u32): u64 {
  const most = atomic.load<u64>(control, offsetof<Control>('most'))
  const free = atomic.load<u64>(control, offsetof<Control>('free'))
  let entries = i64(entriesOf(most)) - i64(entriesOf(free))
  let units = i64(unitsIn(most)) - i64(unitsIn(free))
  for (let index: u32 = 0; index < MAX_THREADS; index++) {
    const stripe = atomic.load<u32>(stripeEntry(record, index)) // pairs with settleRaw in supply.ts
    if (!stripe) continue
    ensureReach(stripe + STRIPE_BYTES)
    const credit = atomic.load<u64>(stripe, offsetof<CacheStripe>('credit'))
    entries -= i64(entriesOf(credit))
    units -= i64(unitsIn(credit))
  }
  return credits(u32(max<i64>(entries, 0)), u32(max<i64>(units, 0)))
}
