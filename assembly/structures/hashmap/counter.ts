import { Checkpoint, checkpoint } from '../../sync/checkpoint'
import { note32 } from '../../sync/journal'
import { sumOf } from '../../sync/stripes'
import { TableStripe } from './layout/table'

// Striped counters: each thread counts in its own stripe of the table, the value is the sum. When all rest it is exact.
// While they count, each part of it is what its thread had counted at a moment of its own.

/** Address of this thread's count of entries, to be noted. */
@inline
export function countWord(stripe: u32): u32 {
  return stripe + u32(offsetof<TableStripe>('count'))
}

/**
 * Adds to this thread's count of entries, which was noted, in the commit that makes or removes them. A plain store,
 * though others load the word: it is the one word of which nobody concludes anything about other memory, and it lies on
 * the path of every insert.
 */
@inline
export function addCount(stripe: u32, by: i32): void {
  changetype<TableStripe>(stripe).count += by
  checkpoint(Checkpoint.Counted)
}

/** Whether this thread has counted no more than when the table is empty, as far as it knows. */
@inline
export function mayBeEmpty(stripe: u32): bool {
  return changetype<TableStripe>(stripe).count <= changetype<TableStripe>(stripe).emptyAt
}

/** Notes, and adds to, this thread's count of overflow buckets. */
export function noteOverflow(stripe: u32, by: i32): void {
  note32(stripe + u32(offsetof<TableStripe>('overflow')))
  changetype<TableStripe>(stripe).overflow += by
}

/** Counts buckets that this thread has evacuated into, which are LIVE now. Pairs with sumEvacuated. */
export function storeEvacuated(stripe: u32, evacuated: u32): void {
  atomic.store<u32>(stripe, evacuated, offsetof<TableStripe>('evacuated'))
}

/** Entries of a table that nobody writes to. */
export function sumCount(table: u32): i32 {
  return sumOf(table, offsetof<TableStripe>('count'))
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
  return u32(sumOf(table, offsetof<TableStripe>('evacuated')))
}
