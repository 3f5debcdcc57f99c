import { results } from '../../layout/scratch'
import { ABSENT, CORRUPT, FOUND, NO_ROOM, OUT_OF_MEMORY, OUTDATED } from '../../layout/status'
import { Stripe } from '../../layout/stripe'
import { addressOf, looksLikeNaN } from '../../layout/word'
import { EventKind } from '../../layout/trace'
import { Checkpoint, checkpoint } from '../../sync/checkpoint'
import { awaitWriter as awaitWriterOf, LIVE, loadLock, LOCKED, unlockUnchanged } from '../../sync/lock'
import { recordMoment } from '../../sync/trace'
import { retiredAt } from '../../memory/retired'
import { makeRoom } from '../../memory/spill'
import {
  baseOf, baseOfSlot, firstSlot, isHome, loadKeyAt, loadNext, loadTophash, loadValue, loadValueAt, matchTag, overflowOf,
  prefetchSlots, SlotRef, STALE, tagPattern,
} from './layout/bucket'
import { headOfMap, startInMap, tableOf } from './layout/table'
import { isKnownKey, keyMatches } from './key'
import { isKeyAwaited, tellKey } from './known'
import { blameOwner, changeOf, find, findLocked, hasChanged, locateCalled, lockHome, obstacle, seen } from './locate'
import { copyOut, hasFitted, isBlockValue, isBoxedValue, isNoValue, lacking, maySpill, NoValue, UNREADABLE } from '../../memory/value'

/** Reads that may be overtaken by writers before the reader takes the lock, so that it cannot starve. */
export const OPTIMISTIC_READS: u32 = 32
/** Values that may outgrow the room that was made for the one before: more in a row there are not in a good heap. */
export const MOST_ATTEMPTS: u32 = 1000

/**
 * Reads one entry: locate, find, copy, and see that the lock word is still what it was before. No lock and no store
 * that another thread could notice. It took effect at any moment between the two looks at the lock word.
 *
 * What a LIVE head has while it is unlocked is its own: whoever finds the key there need not look at the depth. Who does not
 * find it has to.
 *
 * Returns what copyOut<V> does. NaN means: see results().status.
 */
@inline
export function read<K, V>(stripe: u32, probe: u64, hash: u32): f64 {
  const start = startInMap(stripe, hash)
  const head = headOfMap(tableOf(stripe), start)
  if (!isFloat<K>() || isBlockValue<V>()) prefetchSlots(head)
  const word = loadLock(head)
  checkpoint(Checkpoint.LockSeen)
  if ((word & (LIVE | LOCKED)) == LIVE) {
    const match = matchTag(loadTophash(head), tagPattern(hash))
    checkpoint(Checkpoint.TagsSeen)
    if (match != 0) {
      const base = baseOfSlot(head, firstSlot(match))
      if (keyMatches<K>(loadKeyAt(base), probe, hash)) {
        checkpoint(Checkpoint.KeySeen)
        if (!isBoxedValue<V>() && !isNoValue<V>()) return readSlot<K, V>(stripe, probe, hash, head, base, word)
        const value = isNoValue<V>() ? 1 : loadValueAt(base)
        checkpoint(Checkpoint.ValueCopied)
        if (isBoxedValue<V>() && looksLikeNaN(value)) return readSlot<K, V>(stripe, probe, hash, head, base, word)
        const change = changeOf(head, word)
        if (!change) {
          if (isToldOf<K>() && isKeyAwaited()) return foundAndTold<V>(head, base, word, value, change)
          return found<V>(value, change)
        }
      }
    } else {
      const next = loadNext(head)
      checkpoint(Checkpoint.DepthSeen)
      if (!overflowOf(next) && isHome(next, start, hash) && !changeOf(head, word)) return absent<K, V>()
    }
  }
  return readAnywhere<K, V>(stripe, probe, hash)
}

/**
 * The same of a slot that was found, whose value is no number. Not part of read(): what is kept over a call there costs a read of a
 * number a quarter of its time.
 */
function readSlot<K, V>(stripe: u32, probe: u64, hash: u32, head: u32, base: u32, word: u32): f64 {
  const value = copyOut<V>(stripe, loadValueAt(base))
  checkpoint(Checkpoint.ValueCopied)
  const change = changeOf(head, word)
  if (!change && hasFitted<V>(value)) {
    if (isToldOf<K>() && isKeyAwaited()) return foundAndTold<V>(head, base, word, value, change)
    return found<V>(value, change)
  }
  return readAnywhere<K, V>(stripe, probe, hash)
}

/** Whether who looks for keys in this way may be told their blocks: of a number there is nothing that one would be spared. */
@inline
export function isToldOf<K>(): bool {
  return !isFloat<K>()
}

/** The result for what was found in a slot; who waits for that is told by which block the key is known, if nothing has changed since. */
export function foundAndTold<V>(head: u32, base: u32, word: u32, value: u64, change: u32): f64 {
  checkpoint(Checkpoint.KeySeen)
  const key = loadKeyAt(base)
  const retired = retiredAt(addressOf(key))
  checkpoint(Checkpoint.KeySeen)
  if (!hasChanged(head, word)) tellKey(key, retired)
  return found<V>(value, change)
}

function readAnywhere<K, V>(stripe: u32, probe: u64, hash: u32): f64 {
  for (let attempt: u32 = 0; attempt < OPTIMISTIC_READS; attempt++) {
    const head = locateCalled(stripe, hash)
    if (!head) return failed(obstacle)
    const word = seen
    if (word & LOCKED) {
      if (!awaitWriter(stripe, head)) return failed(blameOwner())
      continue
    }
    const ref = find<K>(head, word, probe, hash)
    if (ref != STALE) {
      const value = ref ? copyOut<V>(stripe, loadValue(ref)) : 0
      checkpoint(Checkpoint.ValueCopied)
      const change = changeOf(head, word)
      if (!change) {
        if (!ref) return absent<K, V>()
        if (hasFitted<V>(value)) {
          if (isToldOf<K>() && isKeyAwaited()) return foundAndTold<V>(head, baseOf(ref), word, value, change)
          return found<V>(value, change)
        }
        const status = extendRoom()
        if (status < 0) return failed(status)
        continue
      }
    }
    countRetry(stripe)
  }
  return readLocked<K, V>(stripe, probe, hash)
}

function readLocked<K, V>(stripe: u32, probe: u64, hash: u32): f64 {
  for (let attempt: u32 = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const head = lockHome(stripe, hash)
    if (!head) return failed(obstacle)
    const ref: SlotRef = findLocked<K>(head, probe, hash)
    const value = ref ? copyOut<V>(stripe, loadValue(ref)) : 0
    unlockUnchanged(head)
    if (!ref) return absent<K, V>()
    if (hasFitted<V>(value)) return found<V>(value, 0)
    const status = extendRoom()
    if (status < 0) return failed(status)
  }
  return failed(CORRUPT)
}

/** Waits until a writer is done with the chain. */
export function awaitWriter(stripe: u32, head: u32): bool {
  changetype<Stripe>(stripe).readRetries++
  return awaitWriterOf(head, tableOf(stripe))
}

/** A write came in between: the read starts over. */
export function countRetry(stripe: u32): void {
  changetype<Stripe>(stripe).readRetries++
  recordMoment(EventKind.ReadRetry, tableOf(stripe))
  checkpoint(Checkpoint.ReadAgain)
}

/** Makes room for what the last copy lacked. */
export function extendRoom(): i32 {
  if (lacking == UNREADABLE) return CORRUPT
  if (!maySpill) return NO_ROOM
  return makeRoom(lacking) ? 0 : OUT_OF_MEMORY
}

/**
 * The result for what copyOut returned. `change` is the 0 that the look at the lock word came to. Mixed in, it keeps
 * Binaryen (its pass avoid-reinterprets) from making one plain f64.load of an atomic load and a cast: a plain load
 * may be overtaken by the look at the lock word, which is to prove it. test/unit/binary.test.ts watches over this.
 */
@inline
export function found<V>(word: u64, change: u32): f64 {
  return isBoxedValue<V>() ? reinterpret<f64>(word ^ u64(change)) : f64(word)
}

/** Of a key that is known by its block, absence proves nothing. */
@inline
function absent<K, V>(): f64 {
  return isKnownKey<K>() ? failed(OUTDATED) : none<V>()
}

@inline
export function none<V>(): f64 {
  if (sizeof<V>() == sizeof<NoValue>()) return 0
  results().status = ABSENT
  return NaN
}

/** A failure as a double: NaN, with the status where JavaScript looks for it. */
export function failed(status: i32): f64 {
  results().status = status
  return NaN
}

/** A read's outcome as a status. */
export function statusOf(result: f64): i32 {
  return result == result ? FOUND : results().status
}
