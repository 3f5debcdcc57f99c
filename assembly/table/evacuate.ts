import { SLOTS_PER_BUCKET, BUCKET_CLASS } from '../layout/limits'
import {
  depthOf, fillSlot, firstSlot, indexOf, loadKey, loadNext, loadTophash, loadValue, overflowOf, resetBucket, slotRef,
  storeNext, storePrivate, storeTophash, tagAt, usedSlots, withTag, withoutTags,
} from '../layout/bucket'
import { Stripe, headAt, parentOf, tableOf } from '../layout/table'
import { reserve, reserved, take } from '../memory/blocks'
import { countEvacuated } from '../sync/counter'
import { LIVE, loadLock, lock, unlock, unlockUnchanged } from '../sync/lock'
import { nextBucket, pack, releaseBuckets } from './chain'
import { hashBitOfKey } from './key'

/**
 * Evacuate: split the parent of bucket `child`, which is not LIVE yet, in two. Entries whose hash has the child's
 * highest bit move there.
 *
 *     1  copy the movers into the child, which nobody can see: plain stores
 *     2  store the child's lock word LIVE            the movers are the child's from here on
 *     3  raise the parent's depth                    and the parent says so
 *     4  withdraw the movers' slots, close the gaps, unlock the parent
 *
 * Whoever looks at the parent between 2 and 4 finds it locked. Steps 3 and 4 can be done again by another thread:
 * after 3 an entry whose hash is not of the parent's is a ghost.
 *
 * Returns false if there is no memory for the child's overflow buckets (or the parent's owner does not let go, or the
 * table is being deleted): the entries stay where they are, which is correct, only longer to search.
 */
export function evacuate<Keys>(stripe: u32, child: u32): bool {
  const table = tableOf(stripe)
  const target = headAt(table, child)
  if (loadLock(target) & LIVE) return true // pairs with the store of LIVE below
  const source = headAt(table, parentOf(child))
  const bit: u32 = 31 - clz(child)
  if (!lockWithReserve(source)) return false
  const isDone = (loadLock(target) & LIVE) != 0
  if (isDone || !(loadLock(source) & LIVE)) {
    unlockUnchanged(source)
    return isDone
  }
  const movers = copyMovers<Keys>(stripe, source, target, bit)
  atomic.store<u32>(target, LIVE) // pairs with locate: who sees LIVE sees the movers
  storeNext(source, overflowOf(loadNext(source)) | (bit + 1))
  withdrawMovers<Keys>(source, bit, movers)
  const emptied = overflowOf(loadNext(source)) ? pack(source) : 0
  unlock(source)
  countEvacuated(stripe)
  releaseBuckets(stripe, emptied)
  return true
}

/** Locks a chain, with as many overflow buckets reserved as it has itself: no part of it needs more. */
function lockWithReserve(head: u32): bool {
  while (lock(head)) {
    const buckets = overflowLength(head)
    if (reserved(BUCKET_CLASS) >= buckets) return true
    unlockUnchanged(head)
    if (!reserve(BUCKET_CLASS, buckets)) return false
  }
  return false
}

function overflowLength(head: u32): u32 {
  let buckets: u32 = 0
  for (let bucket = nextBucket(head); bucket; bucket = nextBucket(bucket)) buckets++
  return buckets
}

/** The used slots of a bucket whose entries move, as high bits. */
function moversOf<Keys>(bucket: u32, bit: u32): u64 {
  let movers: u64 = 0
  for (let used = usedSlots(loadTophash(bucket)); used; used &= used - 1) {
    if (hashBitOfKey<Keys>(loadKey(slotRef(bucket, firstSlot(used))), bit)) movers |= used & -used
  }
  return movers
}

/** Fills the child, which is still private. Returns the movers of the head bucket, so as not to hash them twice. */
function copyMovers<Keys>(stripe: u32, source: u32, target: u32, bit: u32): u64 {
  const ofHead = moversOf<Keys>(source, bit)
  let movers = ofHead
  let bucket = source
  let into = target
  let tophash: u64 = 0
  let filled: u32 = 0
  storePrivate(into, 0, bit + 1)
  while (true) {
    const tags = loadTophash(bucket)
    for (; movers; movers &= movers - 1) {
      if (filled == SLOTS_PER_BUCKET) {
        const fresh = take(BUCKET_CLASS)
        resetBucket(fresh)
        storePrivate(into, tophash, fresh | depthOf(loadNext(into)))
        changetype<Stripe>(stripe).overflow++
        into = fresh
        tophash = 0
        filled = 0
      }
      const from = slotRef(bucket, firstSlot(movers))
      fillSlot(slotRef(into, filled), loadKey(from), loadValue(from))
      tophash = withTag(tophash, filled, tagAt(tags, indexOf(from)))
      filled++
    }
    bucket = nextBucket(bucket)
    if (!bucket) break
    movers = moversOf<Keys>(bucket, bit)
  }
  storePrivate(into, tophash, depthOf(loadNext(into)))
  return ofHead
}

/** Empties the slots of the movers. */
function withdrawMovers<Keys>(source: u32, bit: u32, ofHead: u64): void {
  let movers = ofHead
  for (let bucket = source; ; ) {
    if (movers) storeTophash(bucket, withoutTags(loadTophash(bucket), movers))
    bucket = nextBucket(bucket)
    if (!bucket) return
    movers = moversOf<Keys>(bucket, bit)
  }
}
