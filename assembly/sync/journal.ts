import { JOURNAL, journal, LOG, LOG_ENTRIES, OWN_JOURNAL, self } from '../layout/thread'
import { Checkpoint, checkpoint } from './checkpoint'
import { ensureReach } from './reach'

/**
 * The undo log. A thread can die between any two instructions. What must happen together or not at all it does so:
 *
 *     note   each word before it is changed: its address and what it holds go into the log
 *     apply  the changes
 *     commit: the log is empty from here on, and all of it has happened
 *
 * Whoever recovers a thread that died before the commit puts the old values back, the newest first. Others must not act
 * on what is noted and not committed, so this is done under the lock that guards the words, or with words that are the
 * thread's own. Nor may two such groups be nested.
 *
 *     entry   address | 1 if 64 bits, else 32   u32, padded   old value   u64
 *
 * *The rule.* The journal belongs to one operation at a time. An exception can throw a thread out of an operation anywhere;
 * what that leaves is settled by mend() (heap/recovery.ts), and until then no word of the journal may change, or it is settled as
 * something that it is not. Nobody has to remember that: an operation comes to a chain only by its lock and to the pool only by
 * its lock, and neither is to be had while the journal is in use (lock.ts); `table` is written there and nowhere else; and what
 * takes more than one commit is entered by enter(), of which the checked build traps if it would overwrite something.
 * test/unit/journal.test.ts compares that with the sources.
 *
 * Plain stores, in program order: each may trap, and what was stored before a trap is visible after it, so no engine
 * exchanges them; nor does it move one across an atomic access. A dead thread's stores have all arrived.
 */
const ENTRY_SHIFT: u32 = 4
const IS_64: u32 = 1

@inline
function entryAt(index: u32): u32 {
  return self + LOG + (index << ENTRY_SHIFT)
}

/** Notes a word of 32 bits. */
@inline
export function note32(address: u32): void {
  note(address, load<u32>(address))
}

/** Notes a word of 64 bits. */
@inline
export function note64(address: u32): void {
  note(address | IS_64, load<u64>(address))
}

/** Notes a word of 64 bits and one of 32 at once: what every insert and removal has to note. */
@inline
export function noteBoth(address64: u32, address32: u32): void {
  const index = journal().logged
  if (!ASC_NO_ASSERT && index + 1 >= LOG_ENTRIES) unreachable()
  const entry = entryAt(index)
  store<u32>(entry, address64 | IS_64)
  store<u64>(entry, load<u64>(address64), 8)
  store<u32>(entry, address32, 16)
  store<u64>(entry, load<u32>(address32), 24)
  journal().logged = index + 2
  checkpoint(Checkpoint.Noted)
}

@inline
function note(place: u32, before: u64): void {
  const index = journal().logged
  if (!ASC_NO_ASSERT && index == LOG_ENTRIES) unreachable()
  const entry = entryAt(index)
  store<u32>(entry, place)
  store<u64>(entry, before, 8)
  journal().logged = index + 1
  checkpoint(Checkpoint.Noted)
}

/** Whether an operation has a lock or has noted something: this one, or one that an exception came out of. */
@inline
export function isInUse(): bool {
  return load<u64>(self + JOURNAL) != 0
}

/** The same, or is in the middle of something of its structure's that takes more than one lock. */
@inline
export function isUnsettled(): bool {
  return (load<u64>(self + JOURNAL) | load<u64>(self + OWN_JOURNAL) | load<u64>(self + OWN_JOURNAL, 8)) != 0
}

/**
 * Enters what takes more than one commit, so that whoever recovers or mends this thread goes on with it. There is at most one
 * thing of each kind at a time.
 */
@inline
export function enter(word: u32, what: u32): void {
  if (!ASC_NO_ASSERT && load<u32>(word)) unreachable()
  store<u32>(word, what)
}

/** Before something of a structure's is entered that begins without a lock: says of which collection it is. */
@inline
export function beginUnlocked(record: u32): void {
  journal().record = record
}

/** Whether so many words more can be noted in this commit. */
@inline
export function hasRoomFor(words: u32): bool {
  return journal().logged + words <= LOG_ENTRIES
}

/** From here on what was noted has happened. */
@inline
export function commit(): void {
  journal().logged = 0
  checkpoint(Checkpoint.Committed)
}

/** Puts back what was noted and not committed. Can be interrupted, and done again. */
export function undo(): void {
  if (journal().logged > LOG_ENTRIES) unreachable() // something else has written here
  while (journal().logged) {
    const entry = entryAt(journal().logged - 1)
    const place = load<u32>(entry)
    const before = load<u64>(entry, 8)
    ensureReach((place & ~IS_64) + 8)
    // As wide as the word is ever accessed; atomic, because readers may look at some of them.
    if (place & IS_64) atomic.store<u64>(place & ~IS_64, before)
    else atomic.store<u32>(place, u32(before))
    journal().logged--
    checkpoint(Checkpoint.Undone)
  }
}
