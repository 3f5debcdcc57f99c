import { OWN_JOURNAL, self } from '../../../layout/thread'

/** What a thread is in the middle of with a bitset: the structure's part of its journal. */
@unmanaged
@final
export class BitsetJournal {
  /** Address of the word that is to hold, or holds already, the address of what is in SEGMENT_HAND; 0 for none. */
  entry: u32
}

@inline
export function unfinished(): BitsetJournal {
  return changetype<BitsetJournal>(self + OWN_JOURNAL)
}

/** Address of a word of it. */
@inline
export function unfinishedWord(field: usize): u32 {
  return self + OWN_JOURNAL + u32(field)
}
