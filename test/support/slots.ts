// The thread slots of a heap, and locks that a thread holds without being in the middle of an operation: for tests of
// what others do about a thread that ended there.
import type { SharedMapHandle } from 'tophash'
import { FIRST_SLOT_AT, SLOTS, SLOT_BYTES, wordsOf } from './memory.js'

/** In a slot: who is in it, and how others can tell whether that thread lives. */
export const SLOT = { state: 0, id: 4, nativeId: 32, nativeStart: 36, threadId: 40, parent: 44 } as const
/**
 * In a slot: the address of the lock that the thread has, the word that was there, the table whose bucket it is; how
 * many changes are noted that may have to be undone.
 */
const JOURNAL = { lock: 64, word: 68, table: 72, logged: 76 } as const
/** What a lock word is made of, see assembly/sync/lock.ts; and where a table says where its first bucket lies. */
const [LOCKED, LIVE, OWNER_SHIFT, ONE_VERSION] = [1, 2, 3, 8]
const DIRECTORY_AT = 64

/** Index of the lock word of the page pool. */
export const POOL_LOCK = 128 / 4

type Handle = Pick<SharedMapHandle, 'memory'>

/** Index of a word of a thread's slot. */
export function slotWord(thread: number, at: number): number {
  return (FIRST_SLOT_AT + (thread - 1) * SLOT_BYTES + at) / 4
}

/** State of a thread's slot, with who is in it. */
export function stateOf(handle: Handle, thread: number): number {
  return Atomics.load(wordsOf(handle), slotWord(thread, SLOT.state))
}

/** The ids of all threads that are not free. */
export function threadsOf(handle: Handle): number[] {
  return Array.from({ length: SLOTS }, (_, index) => index + 1).filter((thread) => (stateOf(handle, thread) & 3) !== 0)
}

/** What `attach` returns, and the thread's id that it got. No other thread may attach meanwhile. */
export function attachAs<T>(handle: Handle, attach: () => T): [thread: number, attached: T] {
  const before = threadsOf(handle)
  const attached = attach()
  const [thread] = threadsOf(handle).filter((one) => !before.includes(one))
  if (thread === undefined) throw new Error('This thread had a slot before.')
  return [thread, attached]
}

/** Index of the lock word of a map's first bucket: its only one if it was made with `capacity: 1`. */
export function lockWordOf(handle: SharedMapHandle): number {
  return wordsOf(handle)[(handle.table + DIRECTORY_AT) / 4]! / 4
}

/** Locks the first bucket of a map as a thread does in the middle of an operation. Returns what unlocks it. */
export function lockFirstBucket(handle: SharedMapHandle, thread: number): () => void {
  const words = wordsOf(handle)
  const lock = lockWordOf(handle)
  const before = words[lock]!
  words[slotWord(thread, JOURNAL.word)] = before
  words[slotWord(thread, JOURNAL.table)] = handle.table
  words[slotWord(thread, JOURNAL.lock)] = lock * 4
  const locked = (thread << OWNER_SHIFT) | (before & LIVE) | LOCKED
  if (Atomics.compareExchange(words, lock, before, locked) !== before) throw new Error('The bucket is in use.')
  return () => {
    Atomics.store(words, lock, before + ONE_VERSION)
    words[slotWord(thread, JOURNAL.lock)] = 0
    Atomics.notify(words, lock)
  }
}

/** Where a thread notes what memory it has in hand. Two of these places are never empty: its scratch page, its chunk. */
const [HANDS, HANDS_END, LASTING] = [192, 320, [192, 208]]

/** Whether a thread holds no lock, has noted nothing that would have to be undone, and has no memory in hand. */
export function isAtRest(handle: Handle, thread: number): boolean {
  const words = wordsOf(handle)
  const isEmpty = (at: number): boolean => words[slotWord(thread, at)] === 0
  for (let hand = HANDS; hand < HANDS_END; hand += 8) {
    if (!LASTING.includes(hand) && !isEmpty(hand)) return false
  }
  return isEmpty(JOURNAL.lock) && isEmpty(JOURNAL.logged)
}

/** Whether a map's first bucket is locked. */
export function isFirstBucketLocked(handle: SharedMapHandle): boolean {
  return (Atomics.load(wordsOf(handle), lockWordOf(handle)) & LOCKED) !== 0
}
