import { STALE, SlotRef, depthOf, firstSlot, loadKey, loadNext, loadTophash, matchTag, overflowOf, prefetchSlots, slotRef, tagPattern } from '../layout/bucket'
import { ABSENT, FOUND, OUT_OF_MEMORY, OWNER_UNRESPONSIVE } from '../layout/status'
import { Stripe, headAt, maskOf, tableOf } from '../layout/table'
import { results } from '../layout/thread'
import { LIVE, LOCKED, awaitUnlock, loadLock, unlockUnchanged } from '../sync/lock'
import { find, findLocked, hasChanged, locate, lockHome, seen } from './locate'
import { keyMatches } from './key'
import { asResult, copyOut, lacking, makeRoom, NoValue } from './value'

/** Reads that may be overtaken by writers before the reader takes the lock, so that it cannot starve. */
export const OPTIMISTIC_READS: u32 = 32

/**
 * Reads one entry: locate, find, copy, and see that the lock word is still what it was before. No lock and no store
 * that another thread could notice. It took effect at any moment between the two looks at the lock word.
 *
 * Returns what copyOut<V> does. NaN means: see results().status (and is a value, where that says FOUND).
 */
// @ts-ignore: decorator
@inline
export function read<K, V>(stripe: u32, probe: u64, hash: u32): f64 {
  const level = changetype<Stripe>(stripe).level
  const head = headAt(tableOf(stripe), hash & maskOf(level))
  prefetchSlots(head)
  const word = loadLock(head)
  const next = loadNext(head)
  if ((word & (LIVE | LOCKED)) == LIVE && depthOf(next) <= level) {
    const match = matchTag(loadTophash(head), tagPattern(hash))
    const ref = slotRef(head, firstSlot(match))
    if (match != 0) {
      if (keyMatches<K>(loadKey(ref), probe, hash)) {
        const value = copyOut<V>(ref)
        if (!hasChanged(head, word) && (!isBlock<V>() || !lacking)) return found<V>(value)
      }
    } else if (!overflowOf(next) && !hasChanged(head, word)) {
      return absent<V>()
    }
  }
  return readAnywhere<K, V>(stripe, probe, hash)
}

function readAnywhere<K, V>(stripe: u32, probe: u64, hash: u32): f64 {
  for (let attempt: u32 = 0; attempt < OPTIMISTIC_READS; attempt++) {
    const head = locate(stripe, hash)
    const word = seen
    if (word & LOCKED) {
      if (!awaitWriter(stripe, head)) return failed(OWNER_UNRESPONSIVE)
      continue
    }
    const ref = find<K>(head, word, probe, hash)
    if (ref != STALE) {
      const value = ref ? copyOut<V>(ref) : 0
      if (!hasChanged(head, word)) {
        if (!ref) return absent<V>()
        if (!isBlock<V>() || !lacking) return found<V>(value)
        if (!makeRoom(lacking)) return failed(OUT_OF_MEMORY)
        continue
      }
    }
    changetype<Stripe>(stripe).readRetries++
  }
  return readLocked<K, V>(stripe, probe, hash)
}

function readLocked<K, V>(stripe: u32, probe: u64, hash: u32): f64 {
  while (true) {
    const head = lockHome(stripe, hash)
    if (!head) return failed(OWNER_UNRESPONSIVE)
    const ref: SlotRef = findLocked<K>(head, probe, hash)
    const value = ref ? copyOut<V>(ref) : 0
    unlockUnchanged(head)
    if (!ref) return absent<V>()
    if (!isBlock<V>() || !lacking) return found<V>(value)
    if (!makeRoom(lacking)) return failed(OUT_OF_MEMORY)
  }
  return NaN
}

/** Waits until a writer is done with the chain. */
export function awaitWriter(stripe: u32, head: u32): bool {
  changetype<Stripe>(stripe).readRetries++
  return awaitUnlock(head)
}

// @ts-ignore: decorator
@inline
function isBlock<V>(): bool {
  return !isFloat<V>() && sizeof<V>() != sizeof<NoValue>()
}

// @ts-ignore: decorator
@inline
function found<V>(word: u64): f64 {
  const value = asResult<V>(word)
  // A stored NaN looks like a failure, so only then does the status have to say otherwise.
  if (isFloat<V>() && value != value) results().status = FOUND
  return value
}

// @ts-ignore: decorator
@inline
function absent<V>(): f64 {
  if (sizeof<V>() == sizeof<NoValue>()) return 0
  results().status = ABSENT
  return NaN
}

function failed(status: i32): f64 {
  results().status = status
  return NaN
}
