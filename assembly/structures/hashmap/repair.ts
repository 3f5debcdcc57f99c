import { BOXED_KEYS, flagsOf } from '../../layout/record'
import { Checkpoint, checkpoint } from '../../sync/checkpoint'
import { depthOf, firstSlot, loadKey, loadNext, loadTophash, slotRef, usedSlots } from './layout/bucket'
import { bucketBytesOf, headAt, loadLevel, maskOf, Table } from './layout/table'
import { compact, nextBucket, withdraw } from './chain'
import { BoxedKeys, hashBitsOfKey, PlainKeys } from './key'

/**
 * Repairs a locked chain that a dead thread left in the middle of a change: entries that a split has moved away and not
 * withdrawn (ghosts: their hash is not of this bucket), entries that are there twice because one was being moved
 * forward, and gaps. Nothing else of a change is visible in a chain: what is noted was undone before. Can be interrupted,
 * and done again.
 *
 * Only one entry can be there twice, and what is between the two buckets is empty: compact() goes on to the next bucket to
 * fill when the one before is full, and to the next to empty when the one before is empty or the one to fill. And while
 * it does there are no ghosts. So one look back, to the last bucket with entries, finds the copy.
 */
export function repair(stripe: u32, table: u32, head: u32): void {
  const flags = flagsOf(table)
  const mask = maskOf(depthOf(loadNext(head)))
  const index = indexOfHead(table, head)
  let before: u32 = 0
  for (let bucket = head; bucket; bucket = nextBucket(bucket)) {
    for (let used = usedSlots(loadTophash(bucket)); used; used &= used - 1) {
      const ref = slotRef(bucket, firstSlot(used))
      const key = loadKey(ref)
      const home = flags & BOXED_KEYS ? hashBitsOfKey<BoxedKeys>(key, mask) : hashBitsOfKey<PlainKeys>(key, mask)
      if (home == index && !(before && isIn(before, key))) continue
      withdraw(ref)
      checkpoint(Checkpoint.GhostWithdrawn)
    }
    if (usedSlots(loadTophash(bucket))) before = bucket
  }
  compact(stripe, head)
}

/** Whether the key word is in a slot of this bucket. Two entries never have the same word, only two copies of one. */
function isIn(bucket: u32, key: u64): bool {
  for (let used = usedSlots(loadTophash(bucket)); used; used &= used - 1) {
    if (loadKey(slotRef(bucket, firstSlot(used))) == key) return true
  }
  return false
}

/** Index of a head, by the segment that it lies in. */
function indexOfHead(table: u32, head: u32): u32 {
  const base = changetype<Table>(table).baseLevel
  for (let level = loadLevel(table); level > base; level--) {
    const first: u32 = 1 << (level - 1)
    const offset = head - headAt(table, first)
    if (offset < headAt(table, first * 2 - 1) - headAt(table, first) + 1) return first + offset / bucketBytesOf(table)
  }
  return (head - headAt(table, 0)) / bucketBytesOf(table)
}
