import { BLOCK_HEADER_BYTES, isBlockMeta, MIN_BLOCK_BYTES, NUMBER, paddedBytes, WORD } from '../../layout/block'
import { PAGE_BYTES, SCRATCH_ANSWERS, SCRATCH_VALUE } from '../../layout/limits'
import { BOXED_VALUES, isDoomed, RAW_VALUES } from '../../layout/record'
import { results, scratchValue } from '../../layout/scratch'
import { CLOSED, DELETED, FULL, INVALID, OUT_OF_MEMORY, OWNER_UNRESPONSIVE, PUSHED } from '../../layout/status'
import { hasFlag, recordOf } from '../../layout/stripe'
import { scratch } from '../../layout/thread'
import { addressOf, isBlock, Word, wordOfNumber } from '../../layout/word'
import { Checkpoint, checkpoint } from '../../sync/checkpoint'
import { beginUnlocked, commit, enter, note32 } from '../../sync/journal'
import { lockEntered, lockIn, mustSettle, unlock, unlockUnchanged } from '../../sync/lock'
import { noteHandedOver } from '../../memory/blocks'
import { emptyHand } from '../../memory/hands'
import { handOfNewValue, newValue } from '../../memory/value'
import { linkWord, QueueJournal, unfinished, unfinishedWord } from './layout/journal'
import {
  CONSUMERS, isQueue, loadHead, Queue, queueAt, slotAt, tailLock, tailOf, tailWord,
} from './layout/queue'
import { finish, freeStaged, intend } from './transfer'
import { wake, wakeAll } from './wait'

// Pushing: everything that can fail comes first, then the lock of the tail, room, the slots, and the tail, which makes them
// items. Behind the tail a slot is nobody's: plain stores do, which the tail publishes.

/** Under the lock of the tail: why nothing can be pushed now; PUSHED: it can, `room` says how many. */
function obstacleTo(record: u32, count: u32): i32 {
  if (isDoomed(record)) return DELETED
  if (queueAt(record).closed) return CLOSED
  const tail = tailOf(record)
  const capacity = queueAt(record).capacity
  if (tail.position - tail.seenHead + count > capacity) tail.seenHead = loadHead(record)
  room = capacity - u32(tail.position - tail.seenHead)
  return room ? PUSHED : FULL
}

let room: u32 = 0

/** Pairs with loadTail: what lies before it are items from here on. */
@inline
function publishTail(record: u32, position: u64): void {
  atomic.store<u64>(tailWord(record), position)
  checkpoint(Checkpoint.TailMoved)
}

/** Pushes a word that is no block. PUSHED, FULL, or negative. */
export function pushWord(stripe: u32, word: Word): i32 {
  const record = recordOf(stripe)
  if (!lockIn(tailLock(record), record, stripe)) return OWNER_UNRESPONSIVE
  const status = obstacleTo(record, 1)
  if (status != PUSHED) {
    unlockUnchanged(tailLock(record))
    return status
  }
  const position = tailOf(record).position
  store<u64>(slotAt(record, position), word)
  checkpoint(Checkpoint.ItemWritten)
  publishTail(record, position + 1)
  unlock(tailLock(record))
  wake(record, CONSUMERS, 1)
  return PUSHED
}

/** Pushes the block that newValue() has made. The same; it is the caller's still unless it was pushed. */
export function pushNew(stripe: u32, word: Word): i32 {
  const record = recordOf(stripe)
  if (!lockIn(tailLock(record), record, stripe)) return OWNER_UNRESPONSIVE
  const status = obstacleTo(record, 1)
  if (status != PUSHED) {
    unlockUnchanged(tailLock(record))
    return status
  }
  const position = tailOf(record).position
  const hand = handOfNewValue()
  store<u64>(slotAt(record, position), word)
  checkpoint(Checkpoint.ItemWritten)
  intend(tailWord(record), position + 1, hand)
  publishTail(record, position + 1)
  emptyHand(hand)
  unlock(tailLock(record))
  finish()
  wake(record, CONSUMERS, 1)
  return PUSHED
}

/** Nothing is pushed any more; all who wait are told. 1 if this call closed it, 0 if it was, or negative. */
export function closeQueue(stripe: u32): i32 {
  if (!isQueue(stripe)) return INVALID
  const record = recordOf(stripe)
  if (!lockIn(tailLock(record), record, stripe)) return OWNER_UNRESPONSIVE
  const isNew = !queueAt(record).closed
  atomic.store<u32>(record, 1, offsetof<Queue>('closed')) // pairs with isClosed
  checkpoint(Checkpoint.QueueClosed)
  unlock(tailLock(record))
  wakeAll(record)
  return i32(isNew)
}

// ---- Many ----

/** Where the next item begins, and where its word goes. */
let asked: u32 = 0
let answer: u32 = 0

/**
 * Pushes items that lie in the value area, in the format of a batch, as many as there is room for, in a row. Returns how many; if
 * not all, results().status says why not the next.
 */
export function pushMany(stripe: u32, count: u32): i32 {
  if (!isQueue(stripe)) return INVALID
  if (mustSettle()) return OWNER_UNRESPONSIVE
  const record = recordOf(stripe)
  beginUnlocked(record)
  asked = scratchValue()
  answer = scratch + SCRATCH_ANSWERS
  const most = stageMany(stripe, count)
  if (!most) return 0
  const pushed = pushStaged(stripe, record, most)
  freeStaged()
  if (pushed) wake(record, CONSUMERS, pushed)
  return pushed
}

/** Pushes numbers that lie in the value area, one behind the other. The same. None of them has a block: as pushWord. */
export function pushNumbers(stripe: u32, count: u32): i32 {
  if (!isQueue(stripe) || count > (PAGE_BYTES - SCRATCH_VALUE) >> 3) return INVALID
  const record = recordOf(stripe)
  if (!lockIn(tailLock(record), record, stripe)) return OWNER_UNRESPONSIVE
  const status = obstacleTo(record, count)
  if (status != PUSHED) {
    unlockUnchanged(tailLock(record))
    return refuse(status)
  }
  const position = tailOf(record).position
  const pushed = min<u32>(room, count)
  if (pushed < count) results().status = FULL
  const numbers = scratchValue()
  for (let i: u32 = 0; i < pushed; i++) store<u64>(slotAt(record, position + i), wordOfNumber(load<f64>(numbers + (i << 3))))
  checkpoint(Checkpoint.ItemWritten)
  publishTail(record, position + pushed)
  unlock(tailLock(record))
  wake(record, CONSUMERS, pushed)
  return pushed
}

/** Makes words of the items, and blocks, which wait in a list. Returns of how many; results().status: why not of all. */
function stageMany(stripe: u32, count: u32): u32 {
  let last: u32 = unfinishedWord(offsetof<QueueJournal>('staged'))
  const isBoxed = hasFlag(stripe, BOXED_VALUES)
  for (let done: u32 = 0; done < count; done++) {
    const end = endAt(asked, isBoxed)
    results().status = end ? OUT_OF_MEMORY : INVALID
    if (!end) return done
    const meta = isBoxed ? load<u32>(asked) : hasFlag(stripe, RAW_VALUES) ? WORD : NUMBER
    let word = load<u64>(asked + (isBoxed ? BLOCK_HEADER_BYTES : 0))
    if (meta == NUMBER) word = wordOfNumber(reinterpret<f64>(word))
    if (isBlockMeta(meta)) {
      word = newValue(asked, meta)
      if (!word) return done
      last = stage(last, addressOf(word))
    }
    store<u64>(answer + (done << 3), word)
    asked = end
  }
  return count
}

/** Passes a new block from its hand to the end of the list. Returns the address of its link. */
function stage(last: u32, block: u32): u32 {
  note32(last)
  noteHandedOver(handOfNewValue())
  if (last == unfinishedWord(offsetof<QueueJournal>('staged'))) enter(last, block)
  else store<u32>(last, block)
  checkpoint(Checkpoint.ItemStaged)
  commit()
  return linkWord(block)
}

/** Where the item ends that begins here; 0: it is none, or goes on beyond what can be asked. */
function endAt(address: u32, isBoxed: bool): u32 {
  const left = scratch + SCRATCH_ANSWERS - address
  if (!isBoxed) return left >= 8 ? address + 8 : 0
  if (left < MIN_BLOCK_BYTES) return 0
  const meta = load<u32>(address)
  const bytes = BLOCK_HEADER_BYTES + (isBlockMeta(meta) ? paddedBytes(meta) : 8)
  if (bytes > left || (!isBlockMeta(meta) && meta != NUMBER && isBlock(load<u64>(address, 8)))) return 0
  return address + bytes
}

/** Pushes the words that there is room for. Returns how many; the blocks of the others stay in the list. */
function pushStaged(stripe: u32, record: u32, count: u32): u32 {
  if (!lockEntered(tailLock(record), record, stripe)) return refuse(OWNER_UNRESPONSIVE)
  const status = obstacleTo(record, count)
  if (status != PUSHED) {
    unlockUnchanged(tailLock(record))
    return refuse(status)
  }
  if (room < count) results().status = FULL
  const isBoxed = hasFlag(stripe, BOXED_VALUES)
  const position = tailOf(record).position
  const pushed = min<u32>(room, count)
  const next = isBoxed ? restAfter(pushed) : 0
  for (let i: u32 = 0; i < pushed; i++) store<u64>(slotAt(record, position + i), load<u64>(answer + (i << 3)))
  checkpoint(Checkpoint.ItemWritten)
  intend(tailWord(record), position + pushed, 0, next)
  publishTail(record, position + pushed)
  unfinished().staged = next
  unlock(tailLock(record))
  finish()
  return pushed
}

/** The first of the staged blocks that is none of the first words'. */
function restAfter(count: u32): u32 {
  let block = unfinished().staged
  for (let i: u32 = 0; i < count; i++) {
    if (isBlock(load<u64>(answer + (i << 3)))) block = load<u32>(linkWord(block))
  }
  return block
}

function refuse(status: i32): u32 {
  results().status = status
  return 0
}
