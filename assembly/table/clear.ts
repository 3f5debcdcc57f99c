import { SLOTS_PER_BUCKET } from '../layout/limits'
import {
  fillSlot, firstSlot, loadKey, loadNext, loadTophash, loadValue, nextWord, overflowOf, slotCount, slotRef, storeNext,
  storePrivate, storeTophash, tophashWord, usedSlots, withoutTag,
} from '../layout/bucket'
import { INVALID, OWNER_UNRESPONSIVE } from '../layout/status'
import { BOXED_KEYS, BOXED_VALUES, Stripe } from '../layout/table'
import { IS_SAVED, Journal, KEY_HAND, SAVED, VALUE_HAND, journal, journalWord, self } from '../layout/thread'
import { Kind } from '../layout/trace'
import { Word, addressOf, isBlock } from '../layout/word'
import { hashAt, intervalEnd } from '../hash/order'
import { noteTaken, releaseHand } from '../memory/blocks'
import { handAt } from '../memory/hands'
import { Checkpoint, checkpoint } from '../sync/checkpoint'
import { addCount, countWord } from '../sync/counter'
import { commit, note32, note64 } from '../sync/journal'
import { blameSelf, unlock, unlockDead, unlockUnchanged } from '../sync/lock'
import { recordMoment } from '../sync/trace'
import { giveFirst, nextBucket, noteCutOff, overflowLength } from './chain'
import { lockHome, lockedDepth, obstacle } from './locate'
import { isMine } from '../valid'

/**
 * Removes all entries, chain after chain in the order of iteration: each chain at one moment, the whole not. The
 * buckets stay. 0, or a negative status.
 */
export function clear(stripe: u32): i32 {
  if (!isMine(stripe)) return INVALID
  const flags = changetype<Stripe>(stripe).flags
  let cursor: u32 = 0
  do {
    const head = lockHome(stripe, hashAt(cursor))
    if (!head) return obstacle
    if (journal().saved) return refuse(head)
    cursor = intervalEnd(cursor, lockedDepth(head)) + 1
    if (usedSlots(loadTophash(head))) clearAndUnlock(head, flags, false, stripe)
    else unlockUnchanged(head)
  } while (cursor)
  return 0
}

/** An exception has thrown this thread out of clearing before: what that left has to be mended first. */
function refuse(head: u32): i32 {
  unlockUnchanged(head)
  blameSelf()
  return OWNER_UNRESPONSIVE
}

/**
 * Takes all entries out of a locked chain, unlocks it, as a dead head if need be, and frees what they took. The overflow
 * buckets are cut off with what is in them; the head, which others fill again at once, leaves a copy of itself in the
 * thread's slot. `stripe` 0: nobody counts the entries of a deleted table.
 */
export function clearAndUnlock(head: u32, flags: u32, isDead: bool, stripe: u32): void {
  const isBoxed = (flags & (BOXED_KEYS | BOXED_VALUES)) != 0 // else there is nothing to free but buckets
  if (isBoxed) saveHead(head)
  const next = loadNext(head)
  if (stripe) {
    note32(countWord(stripe))
    addCount(stripe, -i32(entriesOf(head)))
  }
  noteCutOff(stripe, overflowOf(next), overflowLength(head))
  note32(journalWord(offsetof<Journal>('saved')))
  if (isBoxed) journal().saved = flags | IS_SAVED
  note64(tophashWord(head))
  storeTophash(head, 0)
  checkpoint(Checkpoint.ChainSaved)
  note32(nextWord(head))
  storeNext(head, lockedDepth(head))
  checkpoint(Checkpoint.ChainEmptied)
  commit()
  if (isDead) unlockDead(head)
  else unlock(head)
  drainAll(flags)
}

/** Frees what the buckets that were cut off hold, and the buckets. */
export function drainAll(flags: u32): void {
  if (journal().saved) {
    drain(savedBucket(), journal().saved)
    journal().saved = 0
    checkpoint(Checkpoint.ScratchDrained)
  }
  let given: u32 = 0
  for (; journal().buckets; given++) {
    drain(journal().buckets, flags)
    giveFirst()
  }
  if (given) recordMoment(Kind.Overflow, journal().table, 0, given)
}

/** Frees the blocks of the entries of a bucket, one entry after the other. */
function drain(bucket: u32, flags: u32): void {
  if (!(flags & (BOXED_KEYS | BOXED_VALUES))) return
  while (usedSlots(loadTophash(bucket))) {
    const ref = slotRef(bucket, firstSlot(usedSlots(loadTophash(bucket))))
    if (flags & BOXED_KEYS) noteIfBlock(KEY_HAND, loadKey(ref))
    if (flags & BOXED_VALUES) noteIfBlock(VALUE_HAND, loadValue(ref))
    note64(tophashWord(bucket))
    storeTophash(bucket, withoutTag(loadTophash(bucket), firstSlot(usedSlots(loadTophash(bucket)))))
    checkpoint(Checkpoint.SlotDrained)
    commit()
    releaseHand(handAt(KEY_HAND))
    releaseHand(handAt(VALUE_HAND))
  }
}

function noteIfBlock(hand: u32, word: Word): void {
  if (isBlock(word)) noteTaken(handAt(hand), addressOf(word))
}

function entriesOf(head: u32): u32 {
  let entries: u32 = 0
  for (let bucket = head; bucket; bucket = nextBucket(bucket)) entries += slotCount(usedSlots(loadTophash(bucket)))
  return entries
}

/** A copy of the head's slots in the thread's slot, made a bucket. */
function saveHead(head: u32): void {
  const saved = savedBucket()
  for (let index: u32 = 0; index < SLOTS_PER_BUCKET; index++) {
    fillSlot(slotRef(saved, index), loadKey(slotRef(head, index)), loadValue(slotRef(head, index)))
  }
  storePrivate(saved, loadTophash(head), 0)
}

// @ts-ignore: decorator
@inline
function savedBucket(): u32 {
  return self + SAVED
}
