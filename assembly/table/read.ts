import {
  STALE, SlotRef, baseOfSlot, depthOf, firstSlot, loadKeyAt, loadNext, loadTophash, loadValue, loadValueAt, matchTag,
  overflowOf, prefetchSlots, tagPattern,
} from '../layout/bucket'
import { ABSENT, FOUND, OUT_OF_MEMORY, OWNER_UNRESPONSIVE } from '../layout/status'
import { Stripe, headAt, maskOf, tableOf } from '../layout/table'
import { results } from '../layout/thread'
import { LIVE, LOCKED, awaitUnlock, loadLock, unlockUnchanged } from '../sync/lock'
import { changeOf, find, findLocked, locate, lockHome, seen } from './locate'
import { keyMatches } from './key'
import { copyOut, lacking, makeRoom, NoValue } from './value'

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
    if (match != 0) {
      const base = baseOfSlot(head, firstSlot(match))
      if (keyMatches<K>(loadKeyAt(base), probe, hash)) {
        const value = copyOut<V>(loadValueAt(base))
        const change = changeOf(head, word)
        if (!change && (!isBlock<V>() || !lacking)) return found<V>(value, change)
      }
    } else if (!overflowOf(next) && !changeOf(head, word)) {
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
      const value = ref ? copyOut<V>(loadValue(ref)) : 0
      const change = changeOf(head, word)
      if (!change) {
        if (!ref) return absent<V>()
        if (!isBlock<V>() || !lacking) return found<V>(value, change)
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
    const value = ref ? copyOut<V>(loadValue(ref)) : 0
    unlockUnchanged(head)
    if (!ref) return absent<V>()
    if (!isBlock<V>() || !lacking) return found<V>(value, 0)
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

/**
 * The result for what copyOut returned. `change` is the 0 that the look at the lock word came to. Mixed in, it keeps
 * Binaryen (its pass avoid-reinterprets) from making one plain f64.load of an atomic load and a cast: a plain load
 * may be overtaken by the look at the lock word, which is to prove it. test/unit/binary.test.ts watches over this.
 */
// @ts-ignore: decorator
@inline
function found<V>(word: u64, change: u32): f64 {
  if (!isFloat<V>()) return f64(word)
  const value = reinterpret<f64>(word ^ u64(change))
  // A stored NaN looks like a failure, so only then does the status have to say otherwise.
  if (value != value) results().status = FOUND
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
