import { MAX_THREADS } from '../layout/limits'
import { Checkpoint, checkpoint } from './checkpoint'
import { note32 } from './journal'
import { ensureReach } from './reach'
import { STRIPE_BYTES, Stripe, stripeEntry } from '../layout/table'

// Striped counters: each thread counts in its own stripe of the table, the value is the sum. When all rest it is exact.
// While they count, each part of it is what its thread had counted at a moment of its own.

/** Address of this thread's count of entries, to be noted. */
// @ts-ignore: decorator
@inline
export function countWord(stripe: u32): u32 {
  return stripe + u32(offsetof<Stripe>('count'))
}

/**
 * Adds to this thread's count of entries, which was noted, in the commit that makes or removes them. A plain store,
 * though others load the word: it is the one word of which nobody concludes anything about other memory, and it lies on
 * the path of every insert.
 */
// @ts-ignore: decorator
@inline
export function addCount(stripe: u32, by: i32): void {
  changetype<Stripe>(stripe).count += by
  checkpoint(Checkpoint.Counted)
}

/** Notes, and adds to, this thread's count of overflow buckets. */
export function noteOverflow(stripe: u32, by: i32): void {
  note32(stripe + u32(offsetof<Stripe>('overflow')))
  changetype<Stripe>(stripe).overflow += by
}

/** Counts buckets that this thread has evacuated into, which are LIVE now. Pairs with sumEvacuated. */
export function storeEvacuated(stripe: u32, evacuated: u32): void {
  atomic.store<u32>(stripe, evacuated, offsetof<Stripe>('evacuated'))
}

/** Entries of a table that nobody writes to. */
export function sumCount(table: u32): i32 {
  return sum(table, offsetof<Stripe>('count'))
}

/**
 * The same while others may write. Then a removal may be in the sum, and not the insertion before it, if another thread
 * made that after its stripe was read: so the sum can be less than there ever was, even less than nothing.
 */
export function estimateCount(table: u32): u32 {
  return max(sumCount(table), 0)
}

/** Buckets of a table that were evacuated since it was made. */
export function sumEvacuated(table: u32): u32 {
  return u32(sum(table, offsetof<Stripe>('evacuated')))
}

/** Sum of one field over all stripes. */
export function sum(table: u32, field: usize): i32 {
  let total: i32 = 0
  for (let index: u32 = 0; index < MAX_THREADS; index++) {
    const stripe = atomic.load<u32>(stripeEntry(table, index)) // pairs with settleRaw in supply.ts
    if (!stripe) continue
    ensureReach(stripe + STRIPE_BYTES)
    total += atomic.load<i32>(stripe + u32(field))
  }
  return total
}
