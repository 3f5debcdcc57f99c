import { BOXED_KEYS } from '../../layout/record'
import { OWNER_UNRESPONSIVE } from '../../layout/status'
import { hasFlag } from '../../layout/stripe'
import { isBlock } from '../../layout/word'
import { Checkpoint, checkpoint } from '../../sync/checkpoint'
import { LIVE, loadLock, lockIn, mustSettle, unlockUnchanged } from '../../sync/lock'
import {
  firstSlot, loadKey, loadTophash, matchTag, overflowOf, loadNext, SlotRef, slotRef, tagPattern, usedSlots,
} from '../hashmap/layout/bucket'
import { cacheOf, controlOf } from '../hashmap/layout/cache'
import { headAt, maskOf, parentOf, tableOf } from '../hashmap/layout/table'
import { addGhost, loadUse, MOST_USES, NEVER, PASSED, SMALL, storeUse, USES } from '../hashmap/layout/wide'
import { nextBucket } from '../hashmap/chain'
import { BlockKey, BoxedKeys, hashOfKey, PlainKeys, WordKey } from '../hashmap/key'
import { endOf, nowOf } from '../hashmap/live'
import { adoptLevel, lockHome, obstacle } from '../hashmap/locate'
import { releaseOldValue } from '../../memory/value'
import { EVICTED as FOR_ROOM, EXPIRED } from '../hashmap/layout/removals'
import { removeFor } from '../hashmap/removals'
import { removeAndUnlock } from '../hashmap/write'
import { nextHash, ringLength, smallCapacity, taken, takeHash } from './ring'

/**
 * Evict: S3-FIFO (Yang and others, SOSP 2023) in the order of the hashes.
 *
 * A new entry is in the small part, a tenth of all, which is a ring: what was asked for since it came moves to the main part
 * when its turn comes, the rest leaves, with a ghost in its bucket. An entry whose ghost is still there when it comes back is of
 * the main part at once. That has no list: a hand goes round the buckets, takes one use from each entry, and evicts the first
 * that has none. Each thread has a hand of its own.
 *
 * One entry at a time, under the lock of its chain; what it has cost is this thread's then.
 */

const NOTHING: i32 = 0
const EVICTED: i32 = 1
/** The small part has given one entry to the main part. */
const MOVED: i32 = 2

/** Buckets that the hand may pass: after three rounds every entry has been without uses. */
const MOST_ROUNDS: u32 = 5

/** Evicts one entry, if there is one. 0, or negative. */
export function evictOne(stripe: u32): i32 {
  if (mustSettle()) return OWNER_UNRESPONSIVE
  moment = UNSEEN
  let outcome = MOVED
  while (outcome == MOVED) {
    outcome = ringLength(stripe) >= smallCapacity(stripe) ? evictSmall(stripe) : NOTHING
    if (outcome < 0) return outcome
  }
  if (outcome == EVICTED) return 0
  outcome = evictMain(stripe)
  while (outcome == NOTHING || outcome == MOVED) { // there is no main part
    if (!ringLength(stripe)) return 0
    outcome = evictSmall(stripe)
  }
  return min(outcome, 0)
}

/** Goes on until one is evicted or moved; hashes of entries that are gone are passed over. */
function evictSmall(stripe: u32): i32 {
  while (takeHash(stripe)) {
    const hash = taken
    const head = lockHome(stripe, hash)
    if (!head) return obstacle
    const ref = findSmall(stripe, head, hash)
    if (!ref) {
      unlockUnchanged(head)
      continue
    }
    const use = loadUse(ref)
    if (isEnded(stripe, ref)) {
      removeEnded(stripe, head, ref)
      return EVICTED
    }
    if (use & MOST_USES) {
      storeUse(ref, 0)
      unlockUnchanged(head)
      return MOVED
    }
    addGhost(head, hash)
    removeEvicted(stripe, head, ref)
    prefetchNext(stripe)
    return EVICTED
  }
  return NOTHING
}

/** Begins to load the bucket of who leaves next, which is in no cache of the processor: it is there when it is needed. */
function prefetchNext(stripe: u32): void {
  const head = headAt(tableOf(stripe), nextHash(stripe) & maskOf(cacheOf(stripe).level))
  load<u64>(head)
  load<u64>(head, USES)
}

/** The entry of the small part with this hash, in a locked chain. */
function findSmall(stripe: u32, head: u32, hash: u32): SlotRef {
  for (let bucket = head; bucket; bucket = nextBucket(bucket)) {
    for (let match = matchTag(loadTophash(bucket), tagPattern(hash)); match; match &= match - 1) {
      const ref = slotRef(bucket, firstSlot(match))
      if (loadUse(ref) & SMALL && hashAtSlot(stripe, ref) == hash) return ref
    }
  }
  return 0
}

function hashAtSlot(stripe: u32, ref: SlotRef): u32 {
  return hasFlag(stripe, BOXED_KEYS) ? hashOfKey<BoxedKeys>(loadKey(ref)) : hashOfKey<PlainKeys>(loadKey(ref))
}

function evictMain(stripe: u32): i32 {
  const table = tableOf(stripe)
  const level = adoptLevel(stripe)
  const most: u32 = (1 << level) * MOST_ROUNDS
  for (let passed: u32 = 0; passed < most; passed++) {
    const head = headAt(table, cacheOf(stripe).hand & maskOf(level))
    if (loadLock(head) & LIVE && usedSlots(loadTophash(head))) {
      if (!lockIn(head, table, stripe)) return OWNER_UNRESPONSIVE
      if (evictOf(stripe, head)) return EVICTED
    }
    cacheOf(stripe).hand++
    cacheOf(stripe).handSlot = 0
  }
  return NOTHING
}

/** Goes on in a locked chain where it stopped: else the first entries would lose a use with each eviction. */
function evictOf(stripe: u32, head: u32): bool {
  let index: u32 = 0
  for (let bucket = head; bucket && loadLock(head) & LIVE; bucket = nextBucket(bucket)) {
    for (let used = usedSlots(loadTophash(bucket)); used; used &= used - 1) {
      const slot = firstSlot(used)
      const place = index + slot
      if (place < cacheOf(stripe).handSlot) continue
      const ref = slotRef(bucket, slot)
      const use = loadUse(ref)
      cacheOf(stripe).handSlot = u16(min<u32>(place + 1, u16.MAX_VALUE))
      if (isEnded(stripe, ref)) {
        removeEnded(stripe, head, ref)
        return true
      }
      if ((use & (SMALL | PASSED)) == SMALL) {
        storeUse(ref, use | PASSED)
      } else if (use & MOST_USES) {
        storeUse(ref, use - 1)
      } else {
        removeEvicted(stripe, head, ref)
        return true
      }
    }
    index += 8
  }
  unlockUnchanged(head)
  return false
}

/** Not 0: so early it is when a cache is new, and long after where what has ended is kept. */
const UNSEEN: u64 = 0xffffffffffffffff
/** Since when what has ended may be gone, looked at once for each eviction or sweep. */
let moment: u64 = 0xffffffffffffffff // UNSEEN, which the compiler would store when a thread starts

function before(stripe: u32): u64 {
  const now = nowOf(stripe)
  const staleFor = controlOf(stripe).staleFor
  return staleFor > 0 ? u64(max<f64>(f64(now) - staleFor, 0)) : now
}

/** Whether an entry has ended, and is not kept for who loads it anew. */
function isEnded(stripe: u32, ref: SlotRef): bool {
  const time = endOf(stripe, ref)
  if (time >= NEVER) return false
  if (moment == UNSEEN) moment = before(stripe)
  return time <= moment
}

function removeEvicted(stripe: u32, head: u32, ref: SlotRef): void {
  removeFor(FOR_ROOM)
  removeLocked(stripe, head, ref)
  cacheOf(stripe).evictions++
}

function removeEnded(stripe: u32, head: u32, ref: SlotRef): void {
  removeFor(EXPIRED)
  removeLocked(stripe, head, ref)
  cacheOf(stripe).expirations++
}

function removeLocked(stripe: u32, head: u32, ref: SlotRef): void {
  if (hasFlag(stripe, BOXED_KEYS) && isBlock(loadKey(ref))) removeAndUnlock<BlockKey>(stripe, head, ref)
  else removeAndUnlock<WordKey>(stripe, head, ref)
  releaseOldValue(stripe)
  checkpoint(Checkpoint.EntryEvicted)
}

// ---- Sweeping: what has ended ----

/** Buckets that are swept for each new entry, where entries end; and many more, as long as more than one in each has ended. */
const SWEPT: i32 = 2
const MOST_SWEPT: i32 = 32

/** After an entry was made: so what ends all at once makes way for others in time, though few come. */
export function sweepSome(stripe: u32): void {
  moment = UNSEEN
  let removed = 0
  for (let i: i32 = 0; i < MOST_SWEPT && (i < SWEPT || removed > i); i++) {
    const swept = sweepNext(stripe)
    if (swept < 0) return
    removed += swept
  }
}

/** Removes what has ended in the next `count` buckets. How many; negative on failure. */
export function sweepBuckets(stripe: u32, count: u32): i32 {
  let removed = 0
  moment = UNSEEN
  for (let i: u32 = 0; i < count; i++) {
    const swept = sweepNext(stripe)
    if (swept < 0) return swept
    removed += swept
  }
  return removed
}

function sweepNext(stripe: u32): i32 {
  const table = tableOf(stripe)
  const level = adoptLevel(stripe) // with its last entry a table may give its segments back
  let index = cacheOf(stripe).sweeper++ & maskOf(level)
  while (index && !(loadLock(headAt(table, index)) & LIVE)) index = parentOf(index) // which has its entries yet
  return sweepChain(stripe, table, headAt(table, index), level)
}

/** One entry of a chain at a time, with a lock of its own each. A chain in which nothing has ended is not locked, if it is short. */
function sweepChain(stripe: u32, table: u32, head: u32, level: u32): i32 {
  let removed = 0
  while (cacheOf(stripe).level >= level) {
    if (!(loadLock(head) & LIVE) || (!overflowOf(loadNext(head)) && !endedIn(stripe, head))) return removed
    if (!lockIn(head, table, stripe)) return OWNER_UNRESPONSIVE
    const ref = loadLock(head) & LIVE ? endedOf(stripe, head) : 0
    if (!ref) {
      unlockUnchanged(head)
      return removed
    }
    removeEnded(stripe, head, ref)
    removed++
  }
  return removed
}

function endedOf(stripe: u32, head: u32): SlotRef {
  for (let bucket = head; bucket; bucket = nextBucket(bucket)) {
    const ref = endedIn(stripe, bucket)
    if (ref) return ref
  }
  return 0
}

function endedIn(stripe: u32, bucket: u32): SlotRef {
  for (let used = usedSlots(loadTophash(bucket)); used; used &= used - 1) {
    const ref = slotRef(bucket, firstSlot(used))
    if (isEnded(stripe, ref)) return ref
  }
  return 0
}
