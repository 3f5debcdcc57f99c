import { BUCKET_CLASS } from '../layout/limits'
import {
  OVERFLOW_BUCKET_BYTES, SlotRef, bucketOf, depthOf, emptySlots, fillSlot, firstSlot, indexOf, loadKey, loadNext,
  loadTophash, loadValue, overflowOf, resetBucket, slotRef, storeNext, storeTophash, tagAt, usedSlots, withTag,
  withoutTag,
} from '../layout/bucket'
import { Stripe } from '../layout/table'
import { give, take } from '../memory/blocks'
import { ensureReach } from '../sync/reach'

// Changes inside one chain, by the thread that holds its lock. Between any two stores a reader that looks anyway
// finds each entry in at least one slot; what it finds counts only if the lock word does not change.
//
// Invariant, while unlocked: only the last bucket of a chain has empty slots, and it is not all empty unless it is
// the head.

/** The overflow bucket behind this one, 0 for none. Another thread may have put it into memory that is new to us. */
// @ts-ignore: decorator
@inline
export function nextBucket(bucket: u32): u32 {
  const next = overflowOf(loadNext(bucket))
  ensureReach(next + OVERFLOW_BUCKET_BYTES)
  return next
}

/** Whether a chain takes one more entry without another bucket: only its last bucket can have an empty slot. */
export function hasEmptySlot(head: u32): bool {
  let bucket = head
  while (bucket) {
    if (emptySlots(loadTophash(bucket))) return true
    bucket = nextBucket(bucket)
  }
  return false
}

/** Puts a new entry into the first empty slot. The caller has seen one, or reserved an overflow bucket. */
export function insert(stripe: u32, head: u32, key: u64, value: u64, tag: u64): void {
  let bucket = head
  while (true) {
    const tophash = loadTophash(bucket)
    const empty = emptySlots(tophash)
    if (empty) {
      const index = firstSlot(empty)
      fillSlot(slotRef(bucket, index), key, value)
      storeTophash(bucket, withTag(tophash, index, tag))
      return
    }
    const next = loadNext(bucket)
    if (!overflowOf(next)) {
      const fresh = take(BUCKET_CLASS)
      resetBucket(fresh)
      fillSlot(slotRef(fresh, 0), key, value)
      storeTophash(fresh, withTag(0, 0, tag))
      storeNext(bucket, fresh | depthOf(next))
      changetype<Stripe>(stripe).overflow++
      return
    }
    bucket = nextBucket(bucket)
  }
}

/** Takes an entry out and closes the gap. Returns the overflow buckets that became empty, linked; 0 for none. */
export function vacate(head: u32, ref: SlotRef): u32 {
  const bucket = bucketOf(ref)
  storeTophash(bucket, withoutTag(loadTophash(bucket), indexOf(ref)))
  return overflowOf(loadNext(head)) ? pack(head) : 0
}

/**
 * Moves entries forward until only the last bucket has empty slots, and cuts off the buckets that are empty then.
 * Returns those, linked; 0 for none. Each move publishes the copy before it withdraws the original.
 */
export function pack(head: u32): u32 {
  let target = head
  for (let source = nextBucket(head); source; source = nextBucket(source)) {
    for (let used = usedSlots(loadTophash(source)); used; used &= used - 1) {
      while (target != source && !emptySlots(loadTophash(target))) target = nextBucket(target)
      if (target == source) break
      move(slotRef(source, firstSlot(used)), target)
    }
  }
  return cutEmpty(head)
}

function move(from: SlotRef, target: u32): void {
  const source = bucketOf(from)
  const tag = tagAt(loadTophash(source), indexOf(from))
  const tophash = loadTophash(target)
  const index = firstSlot(emptySlots(tophash))
  fillSlot(slotRef(target, index), loadKey(from), loadValue(from))
  storeTophash(target, withTag(tophash, index, tag))
  storeTophash(source, withoutTag(loadTophash(source), indexOf(from)))
}

/** Cuts the chain behind the last bucket that is not empty. */
function cutEmpty(head: u32): u32 {
  let last = head
  let at = head
  while (true) {
    if (usedSlots(loadTophash(at))) last = at
    const next = nextBucket(at)
    if (!next) break
    at = next
  }
  const next = loadNext(last)
  if (overflowOf(next)) storeNext(last, depthOf(next))
  return overflowOf(next)
}

/** After the lock: gives a list of unlinked overflow buckets back. Nobody counts those of a deleted table: stripe 0. */
export function releaseBuckets(stripe: u32, first: u32): void {
  for (let bucket = first; bucket; ) {
    const next = nextBucket(bucket)
    give(BUCKET_CLASS, bucket)
    if (stripe) changetype<Stripe>(stripe).overflow--
    bucket = next
  }
}
