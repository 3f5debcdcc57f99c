import { BLOCK_HEADER_BYTES } from '../../layout/block'
import { mostOf } from '../../layout/bounds'
import { WIDE } from '../../layout/record'
import { hasFlag } from '../../layout/stripe'
import { journal } from '../../layout/thread'
import { EventKind } from '../../layout/trace'
import { addressOf, isBlock } from '../../layout/word'
import { Checkpoint, checkpoint } from '../../sync/checkpoint'
import { commit, enter, note32, noteBoth } from '../../sync/journal'
import { ensureReach } from '../../sync/reach'
import { recordMoment } from '../../sync/trace'
import { isReadable } from '../../memory/contents'
import { notePopped, push, spillIfFull } from '../../memory/lists'
import {
  BUCKET_BYTES, bucketOf, depthOf, emptySlots, fillSlot, firstSlot, indexOf, loadKey, loadNext, loadTophash, loadValue,
  nextWord, OVERFLOW_BUCKET_BYTES, overflowOf, resetBucket, SlotRef, slotRef, storeNext, storeTophash, tagAt, tophashWord,
  usedSlots, withoutTag, withTag,
} from './layout/bucket'
import { TableJournal, unfinished, unfinishedWord } from './layout/journal'
import { bucketClassOf, isIdle, isWide, tableOf } from './layout/table'
import { copySide, MOST_BUCKET_BYTES } from './layout/wide'
import { addCount, countWord, noteOverflow } from './counter'
import { fillNewSide } from './live'

// Changes inside one chain, by the thread that holds its lock. Between any two stores a reader that looks anyway
// finds each entry in at least one slot; what it finds counts only if the lock word does not change.
//
// Invariant, while unlocked: only the last bucket of a chain has empty slots, and it is not all empty unless it is
// the head.

/** The overflow bucket behind this one, 0 for none. Another thread may have put it into memory that is new to us. */
@inline
export function linkedBucket(bucket: u32): u32 {
  const next = overflowOf(loadNext(bucket))
  ensureReach(next + MOST_BUCKET_BYTES)
  return next
}

/**
 * Links that this instance may yet follow, in chains that nobody else changes, before it sees whether they end. After a
 * long way to the end there are as many again: so that looking takes no longer than walking.
 */
let unwatched: u32 = 4096
const LEAST_UNWATCHED: u32 = 4096

/** The same in a chain that nobody else changes. A chain that does not end is met with a trap. */
@inline
export function nextBucket(bucket: u32): u32 {
  const next = linkedBucket(bucket)
  if (next) countLink(next)
  return next
}

function countLink(bucket: u32): void {
  if (--unwatched) return
  unwatched = LEAST_UNWATCHED // in case of a trap
  let steps: u32 = 0
  const most = mostOf(OVERFLOW_BUCKET_BYTES)
  for (let at = bucket; at; at = linkedBucket(at)) {
    if (steps++ == most) unreachable()
  }
  unwatched = max(steps, LEAST_UNWATCHED)
}

/** Whether a chain can be put in order: it ends, in memory that was handed out, and so do its keys. */
export function isSoundChain(head: u32, areBoxed: bool): bool {
  let left = mostOf(OVERFLOW_BUCKET_BYTES)
  for (let bucket = head; bucket; bucket = overflowOf(loadNext(bucket))) {
    if (!left-- || !isReadable(bucket, BUCKET_BYTES)) return false
    if (!areBoxed) continue
    for (let used = usedSlots(loadTophash(bucket)); used; used &= used - 1) {
      const key = loadKey(slotRef(bucket, firstSlot(used)))
      if (isBlock(key) && !isReadable(addressOf(key), BLOCK_HEADER_BYTES)) return false
    }
  }
  return true
}

/** Overflow buckets of a chain. */
export function overflowLength(head: u32): u32 {
  let buckets: u32 = 0
  for (let bucket = nextBucket(head); bucket; bucket = nextBucket(bucket)) buckets++
  return buckets
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

/**
 * Notes, puts a new entry into the first empty slot, and counts it. The caller has seen one, or reserved an overflow bucket, and
 * commits.
 */
export function insert(stripe: u32, head: u32, key: u64, value: u64, tag: u64): void {
  let bucket = head
  while (true) {
    const tophash = loadTophash(bucket)
    const empty = emptySlots(tophash)
    if (empty) {
      const index = firstSlot(empty)
      fillSlot(slotRef(bucket, index), key, value)
      if (hasFlag(stripe, WIDE)) fillNewSide(stripe, slotRef(bucket, index))
      checkpoint(Checkpoint.SlotFilled)
      noteBoth(tophashWord(bucket), countWord(stripe))
      storeTophash(bucket, withTag(tophash, index, tag))
      checkpoint(Checkpoint.SlotPublished)
      addCount(stripe, 1)
      return
    }
    const next = loadNext(bucket)
    if (!overflowOf(next)) {
      const fresh = notePopped(bucketClassOf(tableOf(stripe)))
      resetBucket(fresh)
      fillSlot(slotRef(fresh, 0), key, value)
      if (hasFlag(stripe, WIDE)) fillNewSide(stripe, slotRef(fresh, 0))
      storeTophash(fresh, withTag(0, 0, tag))
      checkpoint(Checkpoint.SlotFilled)
      noteOverflow(stripe, 1)
      note32(nextWord(bucket))
      note32(countWord(stripe))
      storeNext(bucket, fresh | depthOf(next))
      checkpoint(Checkpoint.BucketLinked)
      addCount(stripe, 1)
      recordMoment(EventKind.Overflow, tableOf(stripe), 1)
      return
    }
    bucket = nextBucket(bucket)
  }
}

/**
 * Moves entries forward until only the last bucket has empty slots, and cuts off the buckets that are empty then: they
 * are in unfinished().buckets afterwards. Each move publishes the copy before it withdraws the original; who dies
 * in between leaves an entry twice, which recovery sees.
 */
export function compact(stripe: u32, head: u32): void {
  let target = head
  for (let source = nextBucket(head); source; source = nextBucket(source)) {
    for (let used = usedSlots(loadTophash(source)); used; used &= used - 1) {
      while (target != source && !emptySlots(loadTophash(target))) target = nextBucket(target)
      if (target == source) break
      move(slotRef(source, firstSlot(used)), target)
    }
  }
  cutEmpty(stripe, head)
}

function move(from: SlotRef, target: u32): void {
  const tag = tagAt(loadTophash(bucketOf(from)), indexOf(from))
  const tophash = loadTophash(target)
  const index = firstSlot(emptySlots(tophash))
  fillSlot(slotRef(target, index), loadKey(from), loadValue(from))
  if (isWide(journal().record)) copySide(slotRef(target, index), from, isIdle(journal().record))
  storeTophash(target, withTag(tophash, index, tag))
  checkpoint(Checkpoint.CopyPublished)
  withdraw(from)
  checkpoint(Checkpoint.OriginalWithdrawn)
}

/** Empties a slot. */
export function withdraw(ref: SlotRef): void {
  const bucket = bucketOf(ref)
  storeTophash(bucket, withoutTag(loadTophash(bucket), indexOf(ref)))
}

/** Cuts the chain behind the last bucket that is not empty. Nobody counts the buckets of a deleted table: stripe 0. */
function cutEmpty(stripe: u32, head: u32): void {
  let last = head
  let emptied: u32 = 0
  for (let at = nextBucket(head); at; at = nextBucket(at)) {
    if (usedSlots(loadTophash(at))) {
      last = at
      emptied = 0
    } else {
      emptied++
    }
  }
  if (!emptied) return
  const next = loadNext(last)
  noteCutOff(stripe, overflowOf(next), emptied)
  note32(nextWord(last))
  storeNext(last, depthOf(next))
  checkpoint(Checkpoint.BucketsCut)
  commit()
}

/** Notes, and takes charge of, overflow buckets that are linked and about to be cut off. */
export function noteCutOff(stripe: u32, first: u32, count: u32): void {
  if (first) {
    note32(unfinishedWord(offsetof<TableJournal>('buckets')))
    enter(unfinishedWord(offsetof<TableJournal>('buckets')), first)
  }
  if (stripe) noteOverflow(stripe, -count)
}

/** After the lock: gives the buckets that were cut off back. */
@inline
export function releaseBuckets(): void {
  if (unfinished().buckets) releaseEach()
}

function releaseEach(): void {
  recordMoment(EventKind.Overflow, journal().record, 0, giveAll())
}

/** Gives them back, and says how many they were. */
export function giveAll(): u32 {
  let given: u32 = 0
  for (; unfinished().buckets; given++) giveFirst()
  return given
}

/** Gives the first of the buckets that were cut off back. For a moment it is in both lists. */
export function giveFirst(): void {
  const bucket = unfinished().buckets
  const next = nextBucket(bucket)
  const sizeClass = bucketClassOf(journal().record)
  push(sizeClass, bucket)
  unfinished().buckets = next
  checkpoint(Checkpoint.BucketGiven)
  spillIfFull(sizeClass)
}
