import { SLOTS_PER_BUCKET } from '../layout/limits'
import {
  firstSlot, loadKey, loadTophash, loadValue, slotCount, slotRef, storeNext, storeTophash, usedSlots,
} from '../layout/bucket'
import { OWNER_UNRESPONSIVE } from '../layout/status'
import { scratchValue } from '../layout/thread'
import { hashAt, intervalEnd } from '../hash/order'
import { addCount } from '../sync/counter'
import { unlock, unlockUnchanged } from '../sync/lock'
import { nextBucket, releaseBuckets } from './chain'
import { releaseKey } from './key'
import { lockHome, lockedDepth } from './locate'
import { releaseValue } from './value'

/**
 * Removes all entries, chain after chain in the order of iteration: each chain at one moment, the whole not. The
 * buckets stay. 0, or a negative status.
 */
export function clear<K>(stripe: u32): i32 {
  let cursor: u32 = 0
  do {
    const head = lockHome(stripe, hashAt(cursor))
    if (!head) return OWNER_UNRESPONSIVE
    cursor = intervalEnd(cursor, lockedDepth(head)) + 1
    clearAndUnlock<K>(stripe, head)
  } while (cursor)
  return 0
}

function clearAndUnlock<K>(stripe: u32, head: u32): void {
  const used = usedSlots(loadTophash(head))
  if (!used) {
    unlockUnchanged(head)
    return
  }
  // Others fill the head's slots again as soon as it is unlocked; what they referred to is freed after that.
  saveSlots(head)
  const rest = nextBucket(head)
  storeTophash(head, 0)
  if (rest) storeNext(head, lockedDepth(head))
  unlock(head)
  let removed = slotCount(used)
  releaseSaved<K>(stripe, used)
  for (let bucket = rest; bucket; bucket = nextBucket(bucket)) {
    removed += slotCount(usedSlots(loadTophash(bucket)))
    saveSlots(bucket)
    releaseSaved<K>(stripe, usedSlots(loadTophash(bucket)))
  }
  releaseBuckets(stripe, rest)
  addCount(stripe, -i32(removed))
}

/** Copies the 8 keys and values of a bucket to scratch. */
function saveSlots(bucket: u32): void {
  for (let index: u32 = 0; index < SLOTS_PER_BUCKET; index++) {
    store<u64>(savedSlot(index), loadKey(slotRef(bucket, index)))
    store<u64>(savedSlot(index), loadValue(slotRef(bucket, index)), 8)
  }
}

function releaseSaved<K>(stripe: u32, used: u64): void {
  for (; used; used &= used - 1) {
    const saved = savedSlot(firstSlot(used))
    releaseKey<K>(load<u64>(saved))
    releaseValue(stripe, load<u64>(saved, 8))
  }
}

// @ts-ignore: decorator
@inline
function savedSlot(index: u32): u32 {
  return scratchValue() + (index << 4)
}
