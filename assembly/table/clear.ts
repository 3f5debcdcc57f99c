import { SLOTS_PER_BUCKET } from '../layout/limits'
import {
  firstSlot, loadKey, loadTophash, loadValue, slotCount, slotRef, storeNext, storeTophash, usedSlots,
} from '../layout/bucket'
import { scratchValue } from '../layout/scratch'
import { BOXED_KEYS, BOXED_VALUES } from '../layout/table'
import { Word, addressOf, isBlock } from '../layout/word'
import { hashAt, intervalEnd } from '../hash/order'
import { releaseBlock } from '../memory/contents'
import { addCount } from '../sync/counter'
import { unlock, unlockDead, unlockUnchanged } from '../sync/lock'
import { Stripe } from '../layout/table'
import { nextBucket, releaseBuckets } from './chain'
import { lockHome, lockedDepth, obstacle } from './locate'

/**
 * Removes all entries, chain after chain in the order of iteration: each chain at one moment, the whole not. The
 * buckets stay. 0, or a negative status.
 */
export function clear(stripe: u32): i32 {
  const flags = changetype<Stripe>(stripe).flags
  let cursor: u32 = 0
  do {
    const head = lockHome(stripe, hashAt(cursor))
    if (!head) return obstacle
    cursor = intervalEnd(cursor, lockedDepth(head)) + 1
    if (usedSlots(loadTophash(head))) {
      addCount(stripe, -i32(clearAndUnlock(head, flags, false, stripe)))
    } else {
      unlockUnchanged(head)
    }
  } while (cursor)
  return 0
}

/**
 * Takes all entries out of a locked chain, unlocks it, as a dead head if need be, and frees what they took. Returns how
 * many there were.
 */
export function clearAndUnlock(head: u32, flags: u32, isDead: bool, stripe: u32): u32 {
  const used = usedSlots(loadTophash(head))
  // Others fill the head's slots again as soon as it is unlocked; what they referred to is freed after that.
  saveSlots(head)
  const rest = nextBucket(head)
  storeTophash(head, 0)
  if (rest) storeNext(head, lockedDepth(head))
  if (isDead) unlockDead(head)
  else unlock(head)
  let removed = slotCount(used)
  releaseSaved(flags, used)
  for (let bucket = rest; bucket; bucket = nextBucket(bucket)) {
    removed += slotCount(usedSlots(loadTophash(bucket)))
    saveSlots(bucket)
    releaseSaved(flags, usedSlots(loadTophash(bucket)))
  }
  releaseBuckets(stripe, rest)
  return removed
}

/** Copies the 8 keys and values of a bucket to scratch. */
function saveSlots(bucket: u32): void {
  for (let index: u32 = 0; index < SLOTS_PER_BUCKET; index++) {
    store<u64>(savedSlot(index), loadKey(slotRef(bucket, index)))
    store<u64>(savedSlot(index), loadValue(slotRef(bucket, index)), 8)
  }
}

function releaseSaved(flags: u32, slots: u64): void {
  for (let used = slots; used; used &= used - 1) {
    const saved = savedSlot(firstSlot(used))
    if (flags & BOXED_KEYS) releaseIfBlock(load<u64>(saved))
    if (flags & BOXED_VALUES) releaseIfBlock(load<u64>(saved, 8))
  }
}

function releaseIfBlock(word: Word): void {
  if (isBlock(word)) releaseBlock(addressOf(word))
}

// @ts-ignore: decorator
@inline
function savedSlot(index: u32): u32 {
  return scratchValue() + (index << 4)
}
