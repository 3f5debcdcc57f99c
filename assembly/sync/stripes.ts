import { MAX_THREADS } from '../layout/limits'
import { stripeEntry } from '../layout/record'
import { STRIPE_BYTES } from '../layout/stripe'
import { ensureReach } from './reach'

/** Sum of one field over all stripes of a collection. While threads count, each part is what its thread had counted at a moment of its own. */
export function sumOf(record: u32, field: usize): i32 {
  let total: i32 = 0
  for (let index: u32 = 0; index < MAX_THREADS; index++) {
    const stripe = atomic.load<u32>(stripeEntry(record, index)) // pairs with settleRaw in supply.ts
    if (!stripe) continue
    ensureReach(stripe + STRIPE_BYTES)
    total += atomic.load<i32>(stripe + u32(field))
  }
  return total
}
