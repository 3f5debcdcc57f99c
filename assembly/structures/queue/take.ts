import { MIN_BLOCK_BYTES } from '../../layout/block'
import { FOR_LARGE } from '../../layout/heap'
import { journal, KEY_HAND, VALUE_HAND } from '../../layout/thread'
import { addressOf, Word } from '../../layout/word'
import { Checkpoint, checkpoint } from '../../sync/checkpoint'
import { commit, enter, note32, note64 } from '../../sync/journal'
import { unlock, unlockUnchanged } from '../../sync/lock'
import { ensureReach } from '../../sync/reach'
import { freeUnfreed, noteTaken, release } from '../../memory/blocks'
import { addressIn, emptyHand, handAt } from '../../memory/hands'
import { BATCH_HEADER_BYTES, batchAt, firstWord, leftIn, stampOf, wordOfBatch } from './layout/batch'
import { linkWord, QueueJournal, unfinishedWord } from './layout/journal'
import { Head, headLock, headOf, headWord, loadTail, PRODUCERS, slotAt } from './layout/queue'
import { finish, freeTaken, intend } from './transfer'
import { wake } from './wait'

// What all who take items have in common, under the lock of the head. First come the items that came back, then those of the
// ring. What is taken of a batch and what `back` counts is noted, so that it happens together; of the ring one store decides.

/** The batch that the items come from; 0: the ring. */
export let source: u32 = 0

/** How many items there are in a row: all, if they are fewer than `wanted`. */
export function look(record: u32, wanted: u32): u32 {
  const head = headOf(record)
  source = head.returned
  if (source) return lookAtBatch(record, wanted)
  if (head.seenTail - head.position < wanted) head.seenTail = loadTail(record)
  return u32(head.seenTail - head.position)
}

/** The same of those that came back; a batch in which nothing is left goes first, if a thread died before it did that. */
function lookAtBatch(record: u32, wanted: u32): u32 {
  ensureReach(source + BATCH_HEADER_BYTES)
  ensureReach(wordOfBatch(source, batchAt(source).count))
  const left = leftIn(source)
  if (left) return left
  dropFirst(record)
  return look(record, wanted)
}

/** The i-th of them. */
@inline
export function itemAt(record: u32, i: u32): Word {
  if (source) return load<u64>(wordOfBatch(source, batchAt(source).first + i))
  return load<u64>(slotAt(record, headOf(record).position + i))
}

/** The position of the first. */
export function firstPosition(record: u32): u64 {
  return source ? stampOf(source) : headOf(record).position
}

/**
 * The first `count` items are taken: the blocks among them, linked, are this thread's, to be freed. `batch`, in KEY_HAND, is to be held
 * instead, or 0. The lock stays.
 */
export function take(record: u32, count: u32, blocks: u32, batch: u32): void {
  const at = source ? firstWord(source) : headWord(record)
  const goal = (source ? batchAt(source).first : headOf(record).position) + count
  if (blocks || batch) {
    intend(at, goal)
    if (blocks) enter(unfinishedWord(offsetof<QueueJournal>('taken')), blocks)
    if (batch) enterBatch(batch)
    checkpoint(Checkpoint.TakingEntered)
  }
  if (source) takeReturned(record, at, goal, count)
  else atomic.store<u64>(at, goal) // pairs with loadHead: the slots before it may be filled anew
  checkpoint(Checkpoint.HeadMoved)
}

function enterBatch(batch: u32): void {
  enter(unfinishedWord(offsetof<QueueJournal>('batch')), batch)
  checkpoint(Checkpoint.TakingEntered)
  emptyHand(handAt(KEY_HAND))
}

function takeReturned(record: u32, at: u32, goal: u64, count: u32): void {
  note64(at)
  note32(headLock(record) + u32(offsetof<Head>('back')))
  store<u64>(at, goal)
  setBack(record, headOf(record).back - count)
  commit()
  if (!leftIn(source)) dropFirst(record)
}

/** Pairs with the load of countItems, which concludes nothing from it. */
@inline
export function setBack(record: u32, back: u32): void {
  atomic.store<u32>(headLock(record), back, offsetof<Head>('back'))
}

/** A batch that came back and in which nothing is left passes into a hand. */
function dropFirst(record: u32): void {
  const head = headOf(record)
  const batch = head.returned
  note32(headLock(record) + u32(offsetof<Head>('returned')))
  head.returned = batchAt(batch).next
  noteTaken(handAt(VALUE_HAND), batch)
  commit()
}

/** Adds a block to those that are about to be taken. */
@inline
export function link(blocks: u32, word: Word): u32 {
  const block = addressOf(word)
  ensureReach(block + MIN_BLOCK_BYTES)
  store<u32>(linkWord(block), blocks)
  return block
}

/** After take(): lets others go on, and frees what is this thread's. */
@inline
export function leave(record: u32, count: u32, hasTransfer: bool): void {
  const hasMadeRoom = !source
  unlock(headLock(record))
  if (hasTransfer) finish()
  releaseDropped()
  if (hasTransfer) freeTaken()
  if (hasMadeRoom) wake(record, PRODUCERS, count)
}

/** Nothing was taken. */
export function leaveUnchanged(record: u32): void {
  unlockUnchanged(headLock(record))
  releaseDropped()
}

/** Frees what dropFirst() has taken out: a batch in the hand, and one that was in it before. */
@inline
function releaseDropped(): void {
  if (addressIn(handAt(VALUE_HAND))) release(handAt(VALUE_HAND), FOR_LARGE)
  if (journal().unfreed) freeUnfreed()
}
