import { IDLE } from '../../layout/record'
import { CORRUPT, OUTDATED } from '../../layout/status'
import { hasFlag } from '../../layout/stripe'
import { Checkpoint, checkpoint } from '../../sync/checkpoint'
import { LIVE, loadLock, LOCKED, unlockUnchanged } from '../../sync/lock'
import {
  baseOf, bucketOf, depthOf, firstSlot, loadKey, loadNext, loadTophash, loadValue, matchTag, overflowOf, prefetchSlots, SlotRef, slotRef,
  STALE, tagPattern,
} from '../hashmap/layout/bucket'
import { cacheOf } from '../hashmap/layout/cache'
import { headAt, maskOf, tableOf, TableStripe } from '../hashmap/layout/table'
import { FIXED, loadIdle, loadIdleEnd, loadTime, loadUse, MOST_USES, NEVER, raiseUse } from '../hashmap/layout/wide'
import { isKnownKey, keyMatches } from '../hashmap/key'
import { isKeyAwaited } from '../hashmap/known'
import { endOf, fix, isDead, isOver, isPushDue, push, useLocked } from '../hashmap/live'
import { blameOwner, changeOf, find, findLocked, locate, lockHome, obstacle, seen } from '../hashmap/locate'
import {
  awaitWriter, countRetry, extendRoom, failed, found, foundAndTold, isToldOf, MOST_ATTEMPTS, none, OPTIMISTIC_READS,
} from '../hashmap/read'
import { copyOut, hasFitted, isNoValue } from '../../memory/value'

// Reads of a cache: those of a map (hashmap/read.ts), and within the same two looks at the lock word the entry's time. What has
// ended is absent. A hit that counts raises the entry's use: by a plain store, after the second look, in a head; under the lock
// in an overflow bucket, whose memory could be something else by then, and only the first time.

/** How a read counts. */
let leavesTrace: bool = true
/** Whether it finds what has ended, too. */
let findsEnded: bool = false
/** The time of the entry that was found last. */
export let foundTime: u64 = 0

/** The cache and the hash of the last read that found no entry: who writes it next need not look whether there is one. A hint. */
let missedStripe: u32 = 0
let missedHash: u32 = 0

/** Whether that was the last read; it is none any more. */
export function takeMissed(stripe: u32, hash: u32): bool {
  const wasMissed = missedStripe == stripe && missedHash == hash
  missedStripe = 0
  return wasMissed
}

/** An exception came out of a read. */
export function forget(): void {
  leavesTrace = true
  findsEnded = false
}

/** A read without a trace of use; `ended`: also of what has ended. */
export function peekLive<K, V>(stripe: u32, probe: u64, hash: u32, ended: bool): f64 {
  leavesTrace = false
  findsEnded = ended
  const result = readAnywhere<K, V>(stripe, probe, hash)
  leavesTrace = true
  findsEnded = false
  return result
}

export function readLive<K, V>(stripe: u32, probe: u64, hash: u32): f64 {
  const level = changetype<TableStripe>(stripe).level
  const head = headAt(tableOf(stripe), hash & maskOf(level))
  prefetchSlots(head)
  load<u64>(head, 192)
  const word = loadLock(head)
  checkpoint(Checkpoint.LockSeen)
  const next = loadNext(head)
  if ((word & (LIVE | LOCKED)) == LIVE && depthOf(next) <= level) {
    const match = matchTag(loadTophash(head), tagPattern(hash))
    if (match != 0) {
      const ref = slotRef(head, firstSlot(match))
      if (hasFlag(stripe, IDLE)) return readAnywhere<K, V>(stripe, probe, hash)
      if (keyMatches<K>(loadKey(ref), probe, hash)) {
        const time = loadTime(ref)
        const value = copyOut<V>(stripe, loadValue(ref))
        checkpoint(Checkpoint.ValueCopied)
        const change = changeOf(head, word)
        if (!change && hasFitted<V>(value)) {
          if (isOver(stripe, time)) return missed<V>(stripe)
          if (!isNoValue<V>()) {
            raiseUse(ref)
            cacheOf(stripe).hits++
          }
          return foundIn<K, V>(head, ref, word, value, change)
        }
      }
    } else if (!overflowOf(next) && !changeOf(head, word)) {
      return missedEntry<K, V>(stripe, hash)
    }
  }
  return readAnywhere<K, V>(stripe, probe, hash)
}

function readAnywhere<K, V>(stripe: u32, probe: u64, hash: u32): f64 {
  for (let attempt: u32 = 0; attempt < OPTIMISTIC_READS; attempt++) {
    const head = locate(stripe, hash)
    if (!head) return failed(obstacle)
    const word = seen
    if (word & LOCKED) {
      if (!awaitWriter(stripe, head)) return failed(blameOwner())
      continue
    }
    const ref = find<K>(head, word, probe, hash)
    if (ref != STALE) {
      const idleEnd = ref && hasFlag(stripe, IDLE) ? loadIdleEnd(ref) : NEVER
      const idle = idleEnd < NEVER ? loadIdle(ref) : 0
      const time = ref ? min<u64>(loadTime(ref), idleEnd & ~FIXED) : NEVER
      const isFresh = ref != 0 && ref != STALE && bucketOf(ref) != head && (loadUse(ref) & MOST_USES) == 0
      const value = ref ? copyOut<V>(stripe, loadValue(ref)) : 0
      checkpoint(Checkpoint.ValueCopied)
      const change = changeOf(head, word)
      if (!change) {
        if (!ref) return missedEntry<K, V>(stripe, hash)
        if (isAbsent(stripe, time)) {
          if (time < idleEnd) return missed<V>(stripe) // not unused: that has no need of being fixed
          if (bucketOf(ref) != head) break
          if (fix(ref, idleEnd) && !changeOf(head, word)) return missed<V>(stripe)
          countRetry(stripe)
          continue
        }
        if (hasFitted<V>(value)) {
          const isUse = idle && leavesTrace && !isNoValue<V>()
          if (isUse && !keepInUse<K>(stripe, head, word, ref, idleEnd, idle, probe, hash)) return failed(OUTDATED)
          countHit<K, V>(stripe, head, ref, probe, hash, isFresh)
          foundTime = time
          return foundIn<K, V>(head, ref, word, value, change)
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
    const time = ref ? endOf(stripe, ref) : NEVER
    const isThere = ref != 0 && (findsEnded || !isDead(stripe, ref))
    const value = isThere ? copyOut<V>(stripe, loadValue(ref)) : 0
    if (isThere && leavesTrace && !isNoValue<V>()) useLocked(stripe, ref)
    unlockUnchanged(head)
    if (!isThere) return ref ? missed<V>(stripe) : missedEntry<K, V>(stripe, hash)
    if (hasFitted<V>(value)) {
      if (leavesTrace && !isNoValue<V>()) cacheOf(stripe).hits++
      foundTime = time
      return found<V>(value, 0)
    }
    const status = extendRoom()
    if (status < 0) return failed(status)
  }
  return failed(CORRUPT)
}

@inline
function isAbsent(stripe: u32, time: u64): bool {
  return !findsEnded && isOver(stripe, time)
}

/** After a read of an entry that was there. */
@inline
function countHit<K, V>(stripe: u32, head: u32, ref: SlotRef, probe: u64, hash: u32, isFresh: bool): void {
  if (isNoValue<V>() || !leavesTrace) return
  cacheOf(stripe).hits++
  if (bucketOf(ref) == head) raiseUse(ref)
  else if (isFresh) raiseLocked<K>(stripe, probe, hash)
}

/** False: it is locked, and has no such entry. */
function raiseLocked<K>(stripe: u32, probe: u64, hash: u32): bool {
  const head = lockHome(stripe, hash)
  if (!head) return true
  const ref = findLocked<K>(head, probe, hash)
  if (ref && !isDead(stripe, ref)) useLocked(stripe, ref)
  unlockUnchanged(head)
  return ref != 0
}

/**
 * A read of an entry with an idle time was a use of it: see live.ts. False: of a known key, which is not known any more, so the entry
 * may be there all the same, and unused.
 */
function keepInUse<K>(stripe: u32, head: u32, word: u32, ref: SlotRef, end: u64, idle: u32, probe: u64, hash: u32): bool {
  if (!isPushDue(end, idle)) return true
  if (bucketOf(ref) == head) {
    push(ref, end, idle)
    if (!changeOf(head, word)) return true
  }
  return raiseLocked<K>(stripe, probe, hash) || !isKnownKey<K>()
}

/** The result for an entry; who waits for that is told by which block its key is known. */
@inline
function foundIn<K, V>(head: u32, ref: SlotRef, word: u32, value: u64, change: u32): f64 {
  if (isToldOf<K>() && isKeyAwaited()) return foundAndTold<V>(head, baseOf(ref), word, value, change)
  return found<V>(value, change)
}

@inline
function missed<V>(stripe: u32): f64 {
  if (!isNoValue<V>() && leavesTrace) cacheOf(stripe).misses++
  return none<V>()
}

/** There is not even one that has ended; or that is not known, and then it is looked for once more. */
@inline
function missedEntry<K, V>(stripe: u32, hash: u32): f64 {
  if (isKnownKey<K>()) return failed(OUTDATED)
  if (leavesTrace) {
    missedStripe = stripe
    missedHash = hash
  }
  return missed<V>(stripe)
}
