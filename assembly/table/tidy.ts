import {
  BUCKET_BYTES, depthOf, firstSlot, loadKey, loadNext, loadTophash, slotRef, usedSlots,
} from '../layout/bucket'
import { BOXED_KEYS, Table, flagsOf, headAt, loadLevel, maskOf } from '../layout/table'
import { Word } from '../layout/word'
import { Checkpoint, checkpoint } from '../sync/checkpoint'
import { nextBucket, pack, withdraw } from './chain'
import { BoxedKeys, PlainKeys, hashOfKey } from './key'

/**
 * Tidies a locked chain that a dead thread left in the middle of a change: entries that a split has moved away and not
 * withdrawn (ghosts: their hash is not of this bucket), entries that are there twice because one was being moved
 * forward, and gaps. Nothing else of a change is visible in a chain: what is noted was undone before. Can be interrupted,
 * and done again.
 */
export function tidy(stripe: u32, table: u32, head: u32): void {
  const flags = flagsOf(table)
  const mask = maskOf(depthOf(loadNext(head)))
  const index = indexOfHead(table, head)
  for (let bucket = head; bucket; bucket = nextBucket(bucket)) {
    for (let used = usedSlots(loadTophash(bucket)); used; used &= used - 1) {
      const ref = slotRef(bucket, firstSlot(used))
      const key = loadKey(ref)
      const hash = flags & BOXED_KEYS ? hashOfKey<BoxedKeys>(key) : hashOfKey<PlainKeys>(key)
      if ((hash & mask) == index && !isBefore(head, ref, key)) continue
      withdraw(ref)
      checkpoint(Checkpoint.GhostWithdrawn)
    }
  }
  pack(stripe, head)
}

/** Whether the key word is in a slot before this one. Two entries never have the same word, only two copies of one. */
function isBefore(head: u32, ref: u32, key: Word): bool {
  for (let bucket = head; bucket; bucket = nextBucket(bucket)) {
    for (let used = usedSlots(loadTophash(bucket)); used; used &= used - 1) {
      const other = slotRef(bucket, firstSlot(used))
      if (other == ref) return false
      if (loadKey(other) == key) return true
    }
  }
  return false
}

/** Index of a head, by the segment that it lies in. */
function indexOfHead(table: u32, head: u32): u32 {
  const base = changetype<Table>(table).baseLevel
  for (let level = loadLevel(table); level > base; level--) {
    const first: u32 = 1 << (level - 1)
    const offset = head - headAt(table, first)
    if (offset < headAt(table, first * 2 - 1) - headAt(table, first) + 1) return first + offset / BUCKET_BYTES
  }
  return (head - headAt(table, 0)) / BUCKET_BYTES
}
