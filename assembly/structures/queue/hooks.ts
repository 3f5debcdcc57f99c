import { BLOCK_HEADER_BYTES, blockBytes } from '../../layout/block'
import { MAX_THREADS } from '../../layout/limits'
import { BOXED_VALUES, flagsOf, stripeEntry } from '../../layout/record'
import { results } from '../../layout/scratch'
import { recordOf, Stripe } from '../../layout/stripe'
import { addressOf, isBlock, Word } from '../../layout/word'
import { ensureReach, isHandedOut } from '../../sync/reach'
import { LOCKED, loadLock } from '../../sync/lock'
import { newSegment, noteSegmentFreed } from '../../memory/segments'
import { tallyBlockAt, tallySegment } from '../../memory/tally'
import { BATCH_HEADER_BYTES, batchAt, batchMeta, wordOfBatch } from './layout/batch'
import {
  DEFAULT_ITEMS, headLock, headOf, loadHead, loadTail, MOST_ITEMS, queueAt, ringBytes, slotAt, tailLock,
} from './layout/queue'
import { popAll } from './pop'
import { giveBackAll, settleBatch } from './receive'
import { freeStaged, freeTaken, settleTransfer } from './transfer'
import { forgetWaits, wakeAll } from './wait'

// What the heap asks of a queue: see heap/registry.ts, which says what each is for.

/** A queue for so many items; 0: the default. Its ring is made at once. */
export function make(record: u32, items: f64): bool {
  const capacity = items ? items : f64(DEFAULT_ITEMS)
  if (!(capacity >= 1 && capacity <= f64(MOST_ITEMS))) return false
  const queue = queueAt(record)
  queue.capacity = u32(capacity)
  queue.mask = slotsFor(queue.capacity) - 1
  const ring = newSegment(ringBytes(record))
  queue.ring = ring
  return ring != 0
}

/** A power of two. */
function slotsFor(capacity: u32): u32 {
  return capacity < 2 ? 2 : 1 << (32 - u32(clz(capacity - 1)))
}

/** Whether the ring, if there is one, can be one, and the positions lie in it. Zeroes are sound. */
export function isSound(record: u32): bool {
  const queue = queueAt(record)
  return queue.mask < MOST_ITEMS && !((queue.mask + 1) & queue.mask) && queue.capacity <= queue.mask + 1
}

export function openStripe(record: u32): void {
  if (queueAt(record).ring & 7 || !isHandedOut(queueAt(record).ring, ringBytes(record))) unreachable()
}

/** A thread lets go of the queue, or has died: what it has received goes back. */
export function leaveStripe(stripe: u32): bool {
  forgetWaits(stripe)
  return giveBackAll(recordOf(stripe))
}

// ---- Recovery ----

export function repairLocked(record: u32, lock: u32): void {
  if (isHandedOut(queueAt(record).ring, ringBytes(record))) settleTransfer(record, lock)
}

export function settleFreed(record: u32): void {
  freeTaken()
  freeStaged()
  settleBatch(record)
}

// ---- The end ----

/** Those who wait are told that there is no queue any more. */
export function empty(record: u32): bool {
  const isDone = popAll(record)
  wakeAll(record)
  return isDone
}

export function noteFreed(record: u32): bool {
  noteSegmentFreed(queueAt(record).ring, ringBytes(record))
  return true
}

// ---- Check ----

const LOCK_HELD: i32 = 1
const POSITIONS_WRONG: i32 = 40
const ITEM_UNSOUND: i32 = 41
const BATCH_UNSOUND: i32 = 42
const BACK_WRONG: i32 = 43

export function tally(record: u32): void {
  tallySegment(queueAt(record).ring, ringBytes(record))
}

export function check(record: u32): i32 {
  results().address = record
  if ((loadLock(headLock(record)) | loadLock(tailLock(record))) & LOCKED) return LOCK_HELD
  openStripe(record)
  const head = loadHead(record)
  const tail = loadTail(record)
  if (tail - head > queueAt(record).capacity) return POSITIONS_WRONG
  for (let position = head; position < tail; position++) {
    if (!tallyItem(record, load<u64>(slotAt(record, position)))) return ITEM_UNSOUND
  }
  return checkBatches(record)
}

function checkBatches(record: u32): i32 {
  const back = tallyBatches(record, headOf(record).returned, false)
  if (back < 0 || tallyBatches(record, headOf(record).held, true) < 0) return BATCH_UNSOUND
  return back == i32(headOf(record).back) ? 0 : BACK_WRONG
}

/** Tallies a list of batches. How many items are in them; -1: one is not as it must be. */
function tallyBatches(record: u32, first: u32, isHeld: bool): i32 {
  let items = 0
  for (let batch = first; batch; batch = batchAt(batch).next) {
    results().address = batch
    if (batch & 7 || !isHandedOut(batch, BATCH_HEADER_BYTES)) return -1
    const count = batchAt(batch).count
    const isOwned = isHeld ? hasOpen(record, batchAt(batch).owner) : batchAt(batch).owner == 0
    if (!isOwned || batchAt(batch).meta < batchMeta(count) || batchAt(batch).first > count) return -1
    if (!isHandedOut(batch, blockBytes(batchAt(batch).meta))) return -1
    tallyBlockAt(batch)
    for (let i = batchAt(batch).first; i < count; i++, items++) {
      if (!tallyItem(record, load<u64>(wordOfBatch(batch, i)))) return -1
    }
    if (items > 0x3fff_ffff) return -1
  }
  return items
}

/** Whether this thread has the queue open. */
function hasOpen(record: u32, thread: u32): bool {
  if (thread - 1 >= MAX_THREADS) return false
  const stripe = atomic.load<u32>(stripeEntry(record, thread - 1))
  return stripe != 0 && changetype<Stripe>(stripe).opens != 0
}

/** Whether an item lies in the heap, if it is a block. */
function tallyItem(record: u32, word: Word): bool {
  if (!(flagsOf(record) & BOXED_VALUES) || !isBlock(word)) return true
  const block = addressOf(word)
  results().address = block
  if (!isHandedOut(block, BLOCK_HEADER_BYTES)) return false
  ensureReach(block + BLOCK_HEADER_BYTES)
  if (!isHandedOut(block, blockBytes(load<u32>(block)))) return false
  tallyBlockAt(block)
  return true
}
