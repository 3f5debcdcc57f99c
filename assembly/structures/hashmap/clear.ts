import { SLOTS_PER_BUCKET } from '../../layout/limits'
import { BOXED_KEYS, BOXED_VALUES, WIDE } from '../../layout/record'
import { INVALID } from '../../layout/status'
import { hasFlag, Stripe } from '../../layout/stripe'
import { journal, KEY_HAND, ROOM, self, VALUE_HAND } from '../../layout/thread'
import { EventKind } from '../../layout/trace'
import { addressOf, isBlock } from '../../layout/word'
import { hashAt, intervalEnd } from '../../hash/order'
import { Checkpoint, checkpoint } from '../../sync/checkpoint'
import { commit, enter, note32, note64 } from '../../sync/journal'
import { unlock, unlockDead, unlockUnchanged } from '../../sync/lock'
import { recordMoment } from '../../sync/trace'
import { noteTaken, releaseHand } from '../../memory/blocks'
import { handAt } from '../../memory/hands'
import {
  fillSlot, firstSlot, loadKey, loadNext, loadTophash, loadValue, nextWord, overflowOf, slotCount, slotRef, storeNext,
  storePrivate, storeTophash, tophashWord, usedSlots, withoutTag,
} from './layout/bucket'
import { credits } from './layout/cache'
import { IS_SAVED, TableJournal, unfinished, unfinishedWord } from './layout/journal'
import { isMapOrCache } from './layout/table'
import { giveFirst, nextBucket, noteCutOff, overflowLength } from './chain'
import { addCount, countWord } from './counter'
import { BlockKey, noteRemovedKey } from './key'
import { noteCredit, unitsOfEntry } from './live'
import { lockedDepth, lockHome, obstacle } from './locate'
import { beginRemoval, publishRemovals } from './removals'
import { giveBack } from './shrink'

/**
 * Removes all entries, chain after chain in the order of iteration: each chain at one moment, the whole not. The
 * buckets stay, unless they are many and nobody else has the table open. 0, or a negative status.
 */
export function clear(stripe: u32): i32 {
  if (!isMapOrCache(stripe)) return INVALID
  const flags = changetype<Stripe>(stripe).flags
  let cursor: u32 = 0
  do {
    const head = lockHome(stripe, hashAt(cursor))
    if (!head) return obstacle
    cursor = intervalEnd(cursor, lockedDepth(head)) + 1
    if (usedSlots(loadTophash(head))) clearAndUnlock(head, flags, false, stripe)
    else unlockUnchanged(head)
  } while (cursor)
  giveBack(stripe)
  return 0
}

/**
 * Takes all entries out of a locked chain, unlocks it, as a dead head if need be, and frees what they took. The overflow
 * buckets are cut off with what is in them; the head, which others fill again at once, leaves a copy of itself in the
 * thread's slot. `stripe` 0: nobody counts the entries of a deleted table.
 */
export function clearAndUnlock(head: u32, flags: u32, isDead: bool, stripe: u32): void {
  if (stripe && hasFlag(stripe, WIDE)) beginRemovals(stripe, head)
  const isBoxed = (flags & (BOXED_KEYS | BOXED_VALUES)) != 0 // else there is nothing to free but buckets
  if (isBoxed) saveHead(head)
  const next = loadNext(head)
  if (stripe) {
    note32(countWord(stripe))
    const entries = entriesOf(head)
    addCount(stripe, -i32(entries))
    if (hasFlag(stripe, WIDE)) noteCredit(stripe, credits(entries, unitsOfChain(stripe, head)))
  }
  noteCutOff(stripe, overflowOf(next), overflowLength(head))
  note32(unfinishedWord(offsetof<TableJournal>('saved')))
  if (isBoxed) enter(unfinishedWord(offsetof<TableJournal>('saved')), flags | IS_SAVED)
  note64(tophashWord(head))
  storeTophash(head, 0)
  checkpoint(Checkpoint.ChainSaved)
  note32(nextWord(head))
  storeNext(head, lockedDepth(head))
  checkpoint(Checkpoint.ChainEmptied)
  commit()
  if (stripe && hasFlag(stripe, WIDE)) publishRemovals()
  if (isDead) unlockDead(head)
  else unlock(head)
  drainAll(flags)
}

/** Frees what the buckets that were cut off hold, and the buckets. */
export function drainAll(flags: u32): void {
  if (unfinished().saved) {
    drain(savedBucket(), unfinished().saved)
    unfinished().saved = 0
    checkpoint(Checkpoint.ScratchDrained)
  }
  let given: u32 = 0
  for (; unfinished().buckets; given++) {
    drain(unfinished().buckets, flags)
    giveFirst()
  }
  if (given) recordMoment(EventKind.Overflow, journal().record, 0, given)
}

/** Frees the blocks of the entries of a bucket, one entry after the other. */
function drain(bucket: u32, flags: u32): void {
  if (!(flags & (BOXED_KEYS | BOXED_VALUES))) return
  while (usedSlots(loadTophash(bucket))) {
    const ref = slotRef(bucket, firstSlot(usedSlots(loadTophash(bucket))))
    if (flags & BOXED_KEYS && isBlock(loadKey(ref))) noteRemovedKey<BlockKey>(loadKey(ref))
    if (flags & BOXED_VALUES && isBlock(loadValue(ref))) noteTaken(handAt(VALUE_HAND), addressOf(loadValue(ref)))
    note64(tophashWord(bucket))
    storeTophash(bucket, withoutTag(loadTophash(bucket), firstSlot(usedSlots(loadTophash(bucket)))))
    checkpoint(Checkpoint.SlotDrained)
    commit()
    releaseHand(handAt(KEY_HAND))
    releaseHand(handAt(VALUE_HAND))
  }
}

function entriesOf(head: u32): u32 {
  let entries: u32 = 0
  for (let bucket = head; bucket; bucket = nextBucket(bucket)) entries += slotCount(usedSlots(loadTophash(bucket)))
  return entries
}

/** Those who listen to a cache hear of each of its entries. */
function beginRemovals(stripe: u32, head: u32): void {
  for (let bucket = head; bucket; bucket = nextBucket(bucket)) {
    for (let used = usedSlots(loadTophash(bucket)); used; used &= used - 1) beginRemoval(stripe, slotRef(bucket, firstSlot(used)))
  }
}

/** What the entries of a cache's chain take. */
function unitsOfChain(stripe: u32, head: u32): u32 {
  let units: u32 = 0
  for (let bucket = head; bucket; bucket = nextBucket(bucket)) {
    for (let used = usedSlots(loadTophash(bucket)); used; used &= used - 1) {
      const ref = slotRef(bucket, firstSlot(used))
      units += unitsOfEntry(stripe, loadKey(ref), loadValue(ref))
    }
  }
  return units
}

/** A copy of the head's slots in the thread's slot, made a bucket. */
function saveHead(head: u32): void {
  const saved = savedBucket()
  for (let index: u32 = 0; index < SLOTS_PER_BUCKET; index++) {
    fillSlot(slotRef(saved, index), loadKey(slotRef(head, index)), loadValue(slotRef(head, index)))
  }
  storePrivate(saved, loadTophash(head), 0)
}

@inline
function savedBucket(): u32 {
  return self + ROOM
}
