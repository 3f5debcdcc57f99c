import { SLOTS_PER_BUCKET } from '../../layout/limits'
import { journal } from '../../layout/thread'
import { Checkpoint, checkpoint } from '../../sync/checkpoint'
import { commit, enter, note32 } from '../../sync/journal'
import { LIVE, loadLock, lockIn, unlock, unlockUnchanged } from '../../sync/lock'
import { ensureReach } from '../../sync/reach'
import { notePopped, notePushed, reserved } from '../../memory/lists'
import { reserve } from '../../memory/supply'
import {
  depthOf, fillSlot, firstSlot, indexOf, loadKey, loadNext, loadTophash, loadValue, nextWord, overflowOf,
  resetBucket, slotRef, storeNext, storePrivate, storeTophash, tagAt, usedSlots, withoutTags, withTag,
} from './layout/bucket'
import { TableJournal, unfinished, unfinishedWord } from './layout/journal'
import { bucketClassOf, bucketBytesOf, headAt, isIdle, isWide, parentOf, tableOf, TableStripe } from './layout/table'
import { copyGhosts, copySide } from './layout/wide'
import { compact, giveAll, nextBucket, overflowLength } from './chain'
import { storeEvacuated } from './counter'
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
 * Whoever looks at the parent between 2 and 4 finds it locked. If the thread dies before 2, recovery takes the child's
 * overflow buckets back; from 2 on it goes on to the end: the journal says with which child, and after 3 an entry
 * whose hash is not of the parent's is a ghost.
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
  if (!lockWithReserve(stripe, source)) return false
  const isDone = (loadLock(target) & LIVE) != 0
  if (isDone || !(loadLock(source) & LIVE)) {
    unlockUnchanged(source)
    return isDone
  }
  nameChild(stripe, target, bit)
  const movers = copyMovers<Keys>(source, target, bit)
  checkpoint(Checkpoint.ChildComplete)
  atomic.store<u32>(target, LIVE) // pairs with locate: who sees LIVE sees the movers
  checkpoint(Checkpoint.ChildLive)
  countSplit(stripe, source)
  withdrawMovers<Keys>(source, bit, movers)
  checkpoint(Checkpoint.MoversWithdrawn)
  if (overflowOf(loadNext(source))) compact(stripe, source)
  unlock(source)
  splits++
  lengthenings += unfinished().childBuckets
  shortenings += giveAll()
  return true
}

// What this instance has done so far: for the events of a trace, which take differences.
export let splits: u32 = 0
/** Overflow buckets taken for children, and given back by parents. */
export let lengthenings: u32 = 0
export let shortenings: u32 = 0

/** Enters into the journal what is being done. */
function nameChild(stripe: u32, target: u32, bit: u32): void {
  storePrivate(target, 0, bit + 1)
  unfinished().overflowBefore = changetype<TableStripe>(stripe).overflow
  unfinished().evacuatedBefore = changetype<TableStripe>(stripe).evacuated
  unfinished().childBit = bit
  unfinished().childBuckets = 0
  enter(unfinishedWord(offsetof<TableJournal>('child')), target)
  checkpoint(Checkpoint.ChildNamed)
}

/** Raises the parent's depth and counts, now that the child is LIVE. Nothing is noted: to do it again changes nothing. */
function countSplit(stripe: u32, source: u32): void {
  changetype<TableStripe>(stripe).overflow = unfinished().overflowBefore + unfinished().childBuckets
  storeEvacuated(stripe, unfinished().evacuatedBefore + 1)
  storeNext(source, overflowOf(loadNext(source)) | (unfinished().childBit + 1))
  checkpoint(Checkpoint.SplitCounted)
  unfinished().child = 0
}

/** What recovery does about a split that its thread has begun, with the parent still locked. The rest does repair(). */
export function settleSplit(stripe: u32, source: u32): void {
  const child = unfinished().child
  if (!child) return
  ensureReach(child + bucketBytesOf(journal().record))
  if (loadLock(child) & LIVE) countSplit(stripe, source)
  else dropChild(child)
}

/** Takes the overflow buckets back that a child was given which will not be. */
function dropChild(child: u32): void {
  while (overflowOf(loadNext(child))) {
    const bucket = nextBucket(child)
    note32(nextWord(child))
    storeNext(child, loadNext(bucket))
    notePushed(bucketClassOf(journal().record), bucket)
    commit()
  }
  storePrivate(child, 0, 0)
  unfinished().child = 0
}

/** Locks a chain, with as many overflow buckets reserved as it has itself: no part of it needs more. */
function lockWithReserve(stripe: u32, head: u32): bool {
  while (lockIn(head, tableOf(stripe), stripe)) {
    const buckets = overflowLength(head)
    if (reserved(bucketClassOf(tableOf(stripe))) >= buckets) return true
    unlockUnchanged(head)
    if (!reserve(bucketClassOf(tableOf(stripe)), buckets)) return false
  }
  return false
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
function copyMovers<Keys>(source: u32, target: u32, bit: u32): u64 {
  const ofHead = moversOf<Keys>(source, bit)
  const areWide = isWide(journal().record)
  if (areWide) copyGhosts(target, source)
  let movers = ofHead
  let bucket = source
  let into = target
  let tophash: u64 = 0
  let filled: u32 = 0
  while (true) {
    const tags = loadTophash(bucket)
    for (; movers; movers &= movers - 1) {
      if (filled == SLOTS_PER_BUCKET) {
        into = lengthen(into, tophash)
        tophash = 0
        filled = 0
      }
      const from = slotRef(bucket, firstSlot(movers))
      fillSlot(slotRef(into, filled), loadKey(from), loadValue(from))
      if (areWide) copySide(slotRef(into, filled), from, isIdle(journal().record))
      tophash = withTag(tophash, filled, tagAt(tags, indexOf(from)))
      filled++
      checkpoint(Checkpoint.MoverCopied)
    }
    bucket = nextBucket(bucket)
    if (!bucket) break
    movers = moversOf<Keys>(bucket, bit)
  }
  storePrivate(into, tophash, depthOf(loadNext(into)))
  return ofHead
}

/** Links another bucket behind the last one of the child, which is complete. */
function lengthen(last: u32, tophash: u64): u32 {
  const fresh = notePopped(bucketClassOf(journal().record))
  resetBucket(fresh)
  note32(nextWord(last))
  storePrivate(last, tophash, fresh | depthOf(loadNext(last)))
  note32(unfinishedWord(offsetof<TableJournal>('childBuckets')))
  unfinished().childBuckets++
  checkpoint(Checkpoint.ChildLengthened)
  commit()
  return fresh
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
