import { isEndless } from '../../layout/bounds'
import { blockBytes } from '../../layout/block'
import { BOXED_VALUES, flagsOf, isDoomed } from '../../layout/record'
import { results } from '../../layout/scratch'
import { ABSENT, DELETED, INVALID, OUT_OF_MEMORY, OWNER_UNRESPONSIVE, REMOVED } from '../../layout/status'
import { recordOf } from '../../layout/stripe'
import { KEY_HAND, me, VALUE_HAND } from '../../layout/thread'
import { addressOf, isBlock } from '../../layout/word'
import { Checkpoint, checkpoint } from '../../sync/checkpoint'
import { commit, enter, note32, note64 } from '../../sync/journal'
import { hasGivenUp, lockEntered, lockIn, mustSettle, unlock, unlockUnchanged } from '../../sync/lock'
import { ensureReach } from '../../sync/reach'
import { allocateBlock, noteTaken, releaseHand } from '../../memory/blocks'
import { handAt } from '../../memory/hands'
import {
  BATCH_HEADER_BYTES, batchAt, batchMeta, firstWord, leftIn, MOST_IN_BATCH, nextWord, ownerWord, stampOf, wordOfBatch,
} from './layout/batch'
import { QueueJournal, unfinished, unfinishedWord } from './layout/journal'
import { CONSUMERS, Head, headLock, headOf, isQueue } from './layout/queue'
import { firstPosition, itemAt, leave, leaveUnchanged, look, setBack, take } from './take'
import { hold } from './transfer'
import { countItems, wake } from './wait'

// Receiving: items that leave the ring but stay the queue's, in a batch that names the thread, until that is done with them or gives
// them back. The lists of batches are guarded by the lock of the head; what changes in them is noted.

/**
 * Receives the first items, `most` at most. Returns how many, 0 for none; results().address is then the batch, which stays as it is
 * as long as this thread has it. Or negative.
 */
export function receive(stripe: u32, most: u32): i32 {
  if (!isQueue(stripe) || !most) return INVALID
  if (mustSettle()) return OWNER_UNRESPONSIVE
  const record = recordOf(stripe)
  let room = min<u32>(min<u32>(most, MOST_IN_BATCH), countItems(record))
  if (!room) return isDoomed(record) ? DELETED : 0
  let batch = allocateBlock(blockBytes(batchMeta(room)), handAt(KEY_HAND))
  while (!batch && !hasGivenUp && room > 1) { // a full heap may have room for fewer
    room >>= 1
    batch = allocateBlock(blockBytes(batchMeta(room)), handAt(KEY_HAND))
  }
  if (!batch) return hasGivenUp ? OWNER_UNRESPONSIVE : OUT_OF_MEMORY
  begin(batch, room)
  if (!lockIn(headLock(record), record, stripe)) {
    releaseHand(handAt(KEY_HAND))
    return OWNER_UNRESPONSIVE
  }
  const count = min<u32>(look(record, room), room)
  if (!count) {
    leaveUnchanged(record)
    releaseHand(handAt(KEY_HAND))
    return 0
  }
  fill(record, batch, count)
  results().address = batch
  unfinished().batch = 0 // from here on the caller knows of it
  return count
}

function begin(batch: u32, room: u32): void {
  memory.fill(batch, 0, BATCH_HEADER_BYTES)
  batchAt(batch).meta = batchMeta(room)
  batchAt(batch).owner = me().id
  checkpoint(Checkpoint.BlockFilled)
}

/** Passes the first items into a batch that is in KEY_HAND, and unlocks. */
function fill(record: u32, batch: u32, count: u32): void {
  batchAt(batch).count = count
  batchAt(batch).stamp = firstPosition(record)
  for (let i: u32 = 0; i < count; i++) store<u64>(wordOfBatch(batch, i), itemAt(record, i))
  take(record, count, 0, batch)
  hold(record, batch)
  leave(record, count, true)
}

// ---- The end of a batch ----

/** Address of the word of the list that leads to a batch of this thread's; 0: it has no such batch. `batch` 0: to any. */
function linkToHeld(record: u32, batch: u32): u32 {
  let link = headLock(record) + u32(offsetof<Head>('held'))
  for (let hops: u32 = 0; load<u32>(link); hops++) {
    const there = load<u32>(link)
    if (isEndless(hops, BATCH_HEADER_BYTES)) unreachable()
    ensureReach(there + BATCH_HEADER_BYTES)
    if (batchAt(there).owner == me().id && (!batch || there == batch)) return link
    link = nextWord(there)
  }
  return 0
}

/** Is done with a batch: its items are freed. REMOVED, ABSENT: this thread has none such; or negative. */
export function finishReceived(stripe: u32, batch: u32): i32 {
  if (!isQueue(stripe) || !batch) return INVALID
  const record = recordOf(stripe)
  if (!lockIn(headLock(record), record, stripe)) return OWNER_UNRESPONSIVE
  const link = linkToHeld(record, batch)
  if (!link) {
    unlockUnchanged(headLock(record))
    return ABSENT
  }
  note32(link)
  note32(unfinishedWord(offsetof<QueueJournal>('batch')))
  note32(ownerWord(batch))
  store<u32>(link, batchAt(batch).next)
  batchAt(batch).owner = 0
  enter(unfinishedWord(offsetof<QueueJournal>('batch')), batch)
  checkpoint(Checkpoint.BatchUnlinked)
  commit()
  unlock(headLock(record))
  drainBatch(record)
  return REMOVED
}

/** What recovery does about a batch that the thread was in the middle of. */
export function settleBatch(record: u32): void {
  const batch = unfinished().batch
  if (!batch) return
  ensureReach(batch + BATCH_HEADER_BYTES)
  if (!batchAt(batch).owner) return drainBatch(record)
  // Received, but nobody was told: it goes back. If the lock is not to be had nothing else begins before this was tried again.
  if (!lockEntered(headLock(record), record, 0)) return
  note32(unfinishedWord(offsetof<QueueJournal>('batch')))
  unfinished().batch = 0
  giveBackLocked(record, linkToHeld(record, batch))
}

/** Frees the items of the batch that is done with, and then itself. */
function drainBatch(record: u32): void {
  const batch = unfinished().batch
  ensureReach(wordOfBatch(batch, batchAt(batch).count))
  if (flagsOf(record) & BOXED_VALUES) freeItems(batch)
  note32(unfinishedWord(offsetof<QueueJournal>('batch')))
  noteTaken(handAt(VALUE_HAND), batch)
  unfinished().batch = 0
  commit()
  releaseHand(handAt(VALUE_HAND))
}

function freeItems(batch: u32): void {
  while (leftIn(batch)) {
    const word = load<u64>(wordOfBatch(batch, batchAt(batch).first))
    if (isBlock(word)) {
      note64(firstWord(batch))
      noteTaken(handAt(VALUE_HAND), addressOf(word))
      batchAt(batch).first++
      commit()
      releaseHand(handAt(VALUE_HAND))
    } else {
      batchAt(batch).first++
    }
  }
}

/** Gives a batch back, in front. How many items came back; 0: this thread has none such; or negative. */
export function giveBack(stripe: u32, batch: u32): i32 {
  if (!isQueue(stripe) || !batch) return INVALID
  const record = recordOf(stripe)
  if (!lockIn(headLock(record), record, stripe)) return OWNER_UNRESPONSIVE
  return giveBackLocked(record, linkToHeld(record, batch))
}

/** Gives back all that this thread has: it lets go of the queue, or has died. False: the lock is not to be had. */
export function giveBackAll(record: u32): bool {
  while (lockIn(headLock(record), record, 0)) {
    if (!giveBackLocked(record, linkToHeld(record, 0))) return true
  }
  return false
}

/** Under the lock, which is let go of: from one list into the other, before the first batch with later items. */
function giveBackLocked(record: u32, link: u32): i32 {
  if (!link) {
    commit()
    unlockUnchanged(headLock(record))
    return 0
  }
  const batch = load<u32>(link)
  const count = leftIn(batch)
  const place = placeFor(record, batch)
  note32(link)
  note32(nextWord(batch))
  note32(place)
  note32(ownerWord(batch))
  note32(headLock(record) + u32(offsetof<Head>('back')))
  store<u32>(link, batchAt(batch).next)
  batchAt(batch).next = load<u32>(place)
  store<u32>(place, batch)
  batchAt(batch).owner = 0
  setBack(record, headOf(record).back + count)
  checkpoint(Checkpoint.BatchReturned)
  commit()
  unlock(headLock(record))
  wake(record, CONSUMERS, count)
  return count
}

/** Address of the word that is to lead to a batch that comes back. */
function placeFor(record: u32, batch: u32): u32 {
  let link = headLock(record) + u32(offsetof<Head>('returned'))
  for (let hops: u32 = 0; load<u32>(link); hops++) {
    const there = load<u32>(link)
    if (isEndless(hops, BATCH_HEADER_BYTES)) unreachable()
    ensureReach(there + BATCH_HEADER_BYTES)
    if (stampOf(there) > stampOf(batch)) return link
    link = nextWord(there)
  }
  return link
}

/** Items that somebody has received. Or negative. */
export function countHeld(stripe: u32): i32 {
  if (!isQueue(stripe)) return INVALID
  const record = recordOf(stripe)
  if (!lockIn(headLock(record), record, stripe)) return OWNER_UNRESPONSIVE
  let count: u32 = 0
  let hops: u32 = 0
  for (let batch = headOf(record).held; batch; batch = batchAt(batch).next) {
    if (isEndless(hops++, BATCH_HEADER_BYTES)) unreachable()
    ensureReach(batch + BATCH_HEADER_BYTES)
    count += leftIn(batch)
  }
  unlockUnchanged(headLock(record))
  return count
}
