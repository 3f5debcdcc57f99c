import { isEndless } from '../../layout/bounds'
import { MAX_LEVEL } from '../../layout/limits'
import { WIDE } from '../../layout/record'
import { hasFlag } from '../../layout/stripe'
import { DELETED, OWNER_UNRESPONSIVE } from '../../layout/status'
import { Checkpoint, checkpoint } from '../../sync/checkpoint'
import { awaitIn, LIVE, loadLock, LOCKED, mustSettle, tryLockIn, WAITERS } from '../../sync/lock'
import { isHandedOut } from '../../sync/reach'
import {
  baseOfSlot, DEPTH_MASK, depthOf, firstSlot, loadKey, loadKeyAt, loadNext, loadTophash, matchTag, NO_SLOT,
  OVERFLOW_BUCKET_BYTES, prefetchSlots, SlotRef, slotRef, STALE, tagPattern,
} from './layout/bucket'
import {
  bucketBytesOf, headAt, loadLevel, MapStripe, maskOf, parentOf, setLevel, startOf, tableOf, TableStripe,
} from './layout/table'
import { linkedBucket } from './chain'
import { isKnownKey, keyMatches } from './key'

/** The lock word under which locate() saw its answer to be true. */
export let seen: u32 = 0
/** Why lockHome() or a search came to nothing: OWNER_UNRESPONSIVE or DELETED. */
export let obstacle: i32 = 0

/** Notes that the owner of a lock does not let go. */
export function blameOwner(): i32 {
  obstacle = OWNER_UNRESPONSIVE
  return OWNER_UNRESPONSIVE
}

/**
 * Locate: the head bucket that is responsible for a hash.
 *
 * A head is responsible for the hashes whose low `depth` bits are its index, from the moment it is LIVE. These sets
 * are a partition of all hashes, refined by each split, and both words that state it lie in the bucket itself. So the
 * search may begin at any level that the table ever had, without looking at anything that threads share: a level
 * too low leads to an ancestor, whose depth says to go on; one too high (the child is not evacuated into yet) leads
 * to a bucket that is not LIVE, whose entries are still with its parent.
 *
 * The depth is read after the lock word. Whoever later finds the lock word unchanged (a reader at its end, a writer
 * in its compare-and-swap) knows that the bucket was responsible all the time: no second look at level or child.
 *
 * Head 0 has no parent: if it is not LIVE, the collection was deleted. Returns 0, and `obstacle` says so.
 */
@inline
export function locate(stripe: u32, hash: u32): u32 {
  const table = tableOf(stripe)
  let index = startOf(stripe, hash)
  let steps: u32 = 0
  while (true) {
    const head = headAt(table, index)
    prefetchSlots(head)
    seen = loadLock(head) // pairs with unlock, and with the store of LIVE in evacuate.ts
    checkpoint(Checkpoint.LockSeen)
    if (seen & LIVE) {
      const home = hash & maskOf(depthOf(loadNext(head)))
      checkpoint(Checkpoint.DepthSeen)
      if (home == index) return head
      descend(stripe, steps++, home)
      index = home
    } else if (index) {
      index = climb(stripe, index)
    } else {
      obstacle = DELETED
      return 0
    }
  }
  return 0
}

/** From a head to another that has its hash now. A trap if the depths that led there are none of ours. */
function descend(stripe: u32, steps: u32, index: u32): void {
  const level = adoptLevel(stripe)
  if (steps > MAX_LEVEL || index > maskOf(level)) unreachable()
  noteLive(stripe, index)
}

/** From a head that is not LIVE yet to its parent. */
function climb(stripe: u32, index: u32): u32 {
  if (!hasFlag(stripe, WIDE)) {
    const view = changetype<MapStripe>(stripe)
    view.liveBelow = min(view.liveBelow, index)
  }
  return parentOf(index)
}

/** The next search for what is this head's begins there. */
function noteLive(stripe: u32, index: u32): void {
  if (hasFlag(stripe, WIDE)) return
  const view = changetype<MapStripe>(stripe)
  view.liveBelow = max(view.liveBelow, index + 1)
}

/** Brings a stripe's view of the level up to date, and the segments that this brings within reach. */
export function adoptLevel(stripe: u32): u32 {
  const view = changetype<TableStripe>(stripe)
  const level = loadLevel(view.record)
  checkpoint(Checkpoint.LevelSeen)
  for (let known: u32 = view.level; known < level; known++) reachSegment(view.record, 1 << known)
  if (level != view.level) noteLive(stripe, maskOf(level))
  setLevel(stripe, level)
  return level
}

/** Makes the segment that begins with this head, and has as many heads as there are before it, accessible. */
function reachSegment(table: u32, first: u32): void {
  const segment = headAt(table, first)
  if (segment & 7 || !isHandedOut(segment, first * bucketBytesOf(table))) unreachable()
}

/** The same as locate() where it is slow anyway. */
export function locateCalled(stripe: u32, hash: u32): u32 {
  return locate(stripe, hash)
}

/** Locates and locks. 0: see `obstacle`. */
export function lockHome(stripe: u32, hash: u32): u32 {
  return lockHomeInline(stripe, hash)
}

/** The same for the operations that programs use most: a call less. */
@inline
export function lockHomeInline(stripe: u32, hash: u32): u32 {
  while (true) {
    const head = locate(stripe, hash)
    if (!head) return 0
    if (seen & LOCKED) {
      if (!awaitIn(head, stripe, tableOf(stripe))) {
        blameOwner()
        return 0
      }
    } else {
      if (tryLockIn(head, seen, tableOf(stripe))) return head
      if (mustSettle()) {
        blameOwner()
        return 0
      }
    }
  }
  return 0
}

/**
 * The quick way to an entry that is there: looks for it in the head at which the search begins, as a read does, and locks the
 * chain from the very word under which it was seen. What a LIVE head has while it is unlocked is its own, so the depth need not
 * be looked at. Returns the base of the slot; 0: it is not that easy, and nothing is locked.
 */
@inline
export function lockKnown<K>(stripe: u32, head: u32, probe: u64, hash: u32): u32 {
  if (!isFloat<K>() || isKnownKey<K>()) prefetchSlots(head)
  const word = loadLock(head)
  checkpoint(Checkpoint.LockSeen)
  if ((word & (LIVE | LOCKED)) != LIVE) return 0
  const match = matchTag(loadTophash(head), tagPattern(hash))
  checkpoint(Checkpoint.TagsSeen)
  if (!match) return 0
  const base = baseOfSlot(head, firstSlot(match))
  const isSought = keyMatches<K>(loadKeyAt(base), probe, hash)
  checkpoint(Checkpoint.KeySeen)
  return isSought && tryLockIn(head, word, tableOf(stripe)) ? base : 0
}

/**
 * Finds a key in a chain whose lock word is `word`: the slot, or NO_SLOT, or STALE if the word changed meanwhile.
 * Without the lock the answer counts only if the word is still the same afterwards. A bucket that is cut off can become
 * anything, so a link is followed only if the word is still the same after it was loaded: then it led to a bucket at that
 * moment, and what is read there too late is garbage that is thrown away. A chain that does not change and does not end is
 * none of ours.
 */
@inline
export function find<K>(head: u32, word: u32, probe: u64, hash: u32): SlotRef {
  const pattern = tagPattern(hash)
  let bucket = head
  let hops: u32 = 0
  while (true) {
    let match = matchTag(loadTophash(bucket), pattern)
    checkpoint(Checkpoint.TagsSeen)
    while (match) {
      const ref = slotRef(bucket, firstSlot(match))
      const isSought = keyMatches<K>(loadKey(ref), probe, hash)
      checkpoint(Checkpoint.KeySeen)
      if (isSought) return ref
      match &= match - 1
    }
    bucket = linkedBucket(bucket)
    checkpoint(Checkpoint.LinkFollowed)
    if (!bucket) return NO_SLOT
    if (hasChanged(head, word)) return STALE
    if (isEndless(++hops, OVERFLOW_BUCKET_BYTES)) unreachable()
  }
  return NO_SLOT
}

/** Finds a key in a chain that this thread has locked. */
export function findLocked<K>(head: u32, probe: u64, hash: u32): SlotRef {
  return findLockedInline<K>(head, probe, hash)
}

/** The same for the operations that programs use most. */
@inline
export function findLockedInline<K>(head: u32, probe: u64, hash: u32): SlotRef {
  return find<K>(head, loadLock(head), probe, hash)
}

/** Whether a lock word is no longer what it was. Others may set WAITERS while we hold it; that changes nothing. */
@inline
export function hasChanged(head: u32, word: u32): bool {
  return changeOf(head, word) != 0
}

/** How a lock word differs from what it was: 0 if it does not. */
@inline
export function changeOf(head: u32, word: u32): u32 {
  return (loadLock(head) ^ word) & ~WAITERS
}

/** Depth of a head that is locked by this thread. */
@inline
export function lockedDepth(head: u32): u32 {
  return loadNext(head) & DEPTH_MASK
}
