import { SLOTS_PER_BUCKET, BUCKET_CLASS } from '../layout/limits'
import { bucketsFor, fillSlot, firstSlot, loadKey, loadNext, loadTophash, loadValue, overflowOf, depthOf, resetBucket, slotRef, storeNext, storePrivate, storeTophash, tagAt, usedSlots, withTag, withoutTag } from '../layout/bucket'
import { Stripe, headAt, parentOf, tableOf } from '../layout/table'
import { reserve, reserved, take } from '../memory/blocks'
import { countEvacuated } from '../sync/counter'
import { LIVE, loadLock, lock, unlock, unlockUnchanged } from '../sync/lock'
import { pack, releaseBuckets } from './chain'
import { hashOfKey } from './key'

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
 * Returns false if there is no memory for the child's overflow buckets (or the parent's owner does not let go): the
 * entries stay where they are, which is correct, only longer to search.
 */
export function evacuate<K>(stripe: u32, child: u32): bool {
  const table = tableOf(stripe)
  const target = headAt(table, child)
  const source = headAt(table, parentOf(child))
  const bit: u32 = 31 - clz(child)
  while (true) {
    if (loadLock(target) & LIVE) return true // pairs with the store of LIVE below
    if (!lock(source)) return false
    if (loadLock(target) & LIVE) {
      unlockUnchanged(source)
      return true
    }
    const movers = countMovers<K>(source, bit)
    if (reserved(BUCKET_CLASS) >= bucketsFor(movers) - 1) break
    unlockUnchanged(source)
    if (!reserve(BUCKET_CLASS, bucketsFor(movers) - 1)) return false
  }
  copyMovers<K>(stripe, source, target, bit)
  atomic.store<u32>(target, LIVE) // pairs with locate: who sees LIVE sees the movers
  storeNext(source, overflowOf(loadNext(source)) | (bit + 1))
  withdrawMovers<K>(source, bit)
  const emptied = overflowOf(loadNext(source)) ? pack(source) : 0
  unlock(source)
  countEvacuated(stripe)
  releaseBuckets(stripe, emptied)
  return true
}

// @ts-ignore: decorator
@inline
function moves<K>(key: u64, bit: u32): bool {
  return ((hashOfKey<K>(key) >> bit) & 1) != 0
}

function countMovers<K>(source: u32, bit: u32): u32 {
  let movers: u32 = 0
  for (let bucket = source; bucket; bucket = overflowOf(loadNext(bucket))) {
    for (let used = usedSlots(loadTophash(bucket)); used; used &= used - 1) {
      if (moves<K>(loadKey(slotRef(bucket, firstSlot(used))), bit)) movers++
    }
  }
  return movers
}

/** Fills the child, which is still private: its tophash words are written when a bucket is complete. */
function copyMovers<K>(stripe: u32, source: u32, target: u32, bit: u32): void {
  let into = target
  let tophash: u64 = 0
  let filled: u32 = 0
  storePrivate(into, 0, bit + 1)
  for (let bucket = source; bucket; bucket = overflowOf(loadNext(bucket))) {
    const tags = loadTophash(bucket)
    for (let used = usedSlots(tags); used; used &= used - 1) {
      const from = slotRef(bucket, firstSlot(used))
      const key = loadKey(from)
      if (!moves<K>(key, bit)) continue
      if (filled == SLOTS_PER_BUCKET) {
        const fresh = take(BUCKET_CLASS)
        resetBucket(fresh)
        storePrivate(into, tophash, fresh | depthOf(loadNext(into)))
        changetype<Stripe>(stripe).overflow++
        into = fresh
        tophash = 0
        filled = 0
      }
      fillSlot(slotRef(into, filled), key, loadValue(from))
      tophash = withTag(tophash, filled, tagAt(tags, firstSlot(used)))
      filled++
    }
  }
  storePrivate(into, tophash, depthOf(loadNext(into)))
}

function withdrawMovers<K>(source: u32, bit: u32): void {
  for (let bucket = source; bucket; bucket = overflowOf(loadNext(bucket))) {
    const tophash = loadTophash(bucket)
    let staying = tophash
    for (let used = usedSlots(tophash); used; used &= used - 1) {
      const index = firstSlot(used)
      if (moves<K>(loadKey(slotRef(bucket, index)), bit)) staying = withoutTag(staying, index)
    }
    if (staying != tophash) storeTophash(bucket, staying)
  }
}
