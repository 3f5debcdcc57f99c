// The thread slots of a heap, and locks that a thread holds without being in the middle of an operation: for tests of
// what others do about a thread that ended there.
import type { SharedMapHandle } from 'tophash'
import {
  HANDS,
  JOURNAL,
  JOURNAL_LOCK,
  KIND_MASK,
  LOCK,
  MAX_THREADS,
  POOL_AT,
  SLOT,
  SLOTS_AT,
  SLOT_BYTES,
  UNDERWAY,
} from '../../src/core/layout.js'
import { DIRECTORY_AT, TABLE_JOURNAL } from '../../src/table/layout.js'
import { wordsOf } from './memory.js'

/** Index of the lock word of the page pool. */
export const POOL_LOCK = POOL_AT / 4

type Handle = Pick<SharedMapHandle, 'memory'>

/** Index of a word of a thread's slot. */
export function slotWord(thread: number, at: number): number {
  return (SLOTS_AT + (thread - 1) * SLOT_BYTES + at) / 4
}

/** State of a thread's slot, with who is in it. */
export function stateOf(handle: Handle, thread: number): number {
  return Atomics.load(wordsOf(handle), slotWord(thread, SLOT.state))
}

/** The ids of all threads that are not free. */
export function threadsOf(handle: Handle): number[] {
  return Array.from({ length: MAX_THREADS }, (_, index) => index + 1).filter(
    (thread) => (stateOf(handle, thread) & KIND_MASK) !== 0,
  )
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
  words[slotWord(thread, JOURNAL.record)] = handle.table
  words[slotWord(thread, JOURNAL_LOCK)] = lock * 4
  const locked = (thread << LOCK.fieldShift) | (before & LOCK.live) | LOCK.locked
  if (Atomics.compareExchange(words, lock, before, locked) !== before) throw new Error('The bucket is in use.')
  return () => {
    Atomics.store(words, lock, before + (1 << LOCK.fieldShift))
    words[slotWord(thread, JOURNAL_LOCK)] = 0
    Atomics.notify(words, lock)
  }
}

/** Whether a thread holds no lock, has noted nothing that would have to be undone, and has no memory in hand. */
export function isAtRest(handle: Handle, thread: number): boolean {
  const words = wordsOf(handle)
  const isEmpty = (at: number): boolean => words[slotWord(thread, at)] === 0
  for (let hand: number = HANDS.first; hand < HANDS.end; hand += 8) {
    if (hand !== HANDS.scratch && !isEmpty(hand)) return false
  }
  return [JOURNAL_LOCK, UNDERWAY.logged, TABLE_JOURNAL.buckets, TABLE_JOURNAL.saved].every(isEmpty)
}

/** Whether a map's first bucket is locked. */
export function isFirstBucketLocked(handle: SharedMapHandle): boolean {
  return (Atomics.load(wordsOf(handle), lockWordOf(handle)) & LOCK.locked) !== 0
}
