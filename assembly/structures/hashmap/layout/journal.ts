import { OWN_JOURNAL, self } from '../../../layout/thread'

/**
 * What a thread is in the middle of with a hash map: the structure's part of its journal. The first four words say that it is,
 * see sync/journal.ts.
 */
@unmanaged
@final
export class TableJournal {
  /** Overflow buckets that are in no chain any more, linked. Those with entries still own their blocks. */
  buckets: u32
  /** Such a bucket is in the slot itself, too: the flags of its table, and IS_SAVED; 0 for none. */
  saved: u32
  /** Table whose growth this thread holds; 0 for none. */
  growing: u32
  /** Head bucket that this thread splits another into; 0 for none. */
  child: u32

  // What belongs to the child: the highest bit of its index; its overflow buckets.

  childBit: u32
  childBuckets: u32
  /** What the stripe's counters were before the split. */
  overflowBefore: u32
  evacuatedBefore: u32

  /** Table that is being shrunk, under the lock of the pool, which says that this thread is busy; 0 for none. */
  shrinking: u32
}

export const IS_SAVED: u32 = 0x80000000

@inline
export function unfinished(): TableJournal {
  return changetype<TableJournal>(self + OWN_JOURNAL)
}

/** Address of a word of it, to be noted. */
@inline
export function unfinishedWord(field: usize): u32 {
  return self + OWN_JOURNAL + u32(field)
}
