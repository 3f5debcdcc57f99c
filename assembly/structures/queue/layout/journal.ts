import { OWN_JOURNAL, self } from '../../../layout/thread'

/**
 * What a thread is in the middle of with a queue: the structure's part of its journal. The first four words say that it is, see
 * sync/journal.ts. Blocks in lists are linked by their second word, where keys have their hash.
 */
@unmanaged
@final
export class QueueJournal {
  /** Blocks that are no items yet. */
  staged: u32
  /** Blocks that are items no more. If `at` is set and was not reached: they are items still. */
  taken: u32
  /** A batch that is being received, as long as the caller has not been told; or, without an owner, one that is done with. */
  batch: u32
  /** The word that makes items come or go, by becoming `goal`: that of the tail, the head, or a batch's first. Set under its lock. */
  at: u32

  goal: u64
  /** The hand whose block becomes an item with that; 0 for none. */
  handed: u32
  /** The first of the staged blocks that do not. */
  rest: u32
}

@inline
export function unfinished(): QueueJournal {
  return changetype<QueueJournal>(self + OWN_JOURNAL)
}

/** Address of a word of it. */
@inline
export function unfinishedWord(field: usize): u32 {
  return self + OWN_JOURNAL + u32(field)
}

// ---- Lists of blocks ----

/** Address of the word that leads to the next block. */
@inline
export function linkWord(block: u32): u32 {
  return block + 4
}
