import { BATCHES, POOL, batchedOf, batchesOf } from '../layout/heap'
import { mostOf } from '../layout/bounds'
import { CLASSES, MAX_THREADS } from '../layout/limits'
import { LISTS, self, threadSlot } from '../layout/thread'
import { Checkpoint, checkpoint } from '../sync/checkpoint'
import { commit, note32 } from '../sync/journal'
import { lock, unlock } from '../sync/lock'
import { ensureReach } from '../sync/reach'
import { batchSize, classBytes } from './classes'
import { isReadable } from './contents'
import { addressIn, emptyHand, fillHand } from './hands'

/**
 * Free blocks: the fine allocator. Each thread has a list of free blocks for each size class and takes from it without
 * a lock. An empty list is refilled with a batch from the heap's stack or, if there is none, with a block carved
 * from the thread's chunk of fresh memory; a full one spills a batch to the heap's stack, where all threads find it.
 * The class of a block follows from its length, so blocks carry no header of the allocator's.
 *
 * The books, for each class, when all is quiet (check.ts verifies them):
 *
 *     carved by all threads = in tables + in the threads' lists + in batches
 *
 * Overflow buckets are a class of their own. Once carved they stay overflow buckets, so a stale reader that still
 * walks a freed one always finds bucket-shaped memory. The bytes of a free block are anybody's: a reader that
 * still looks at them finds the lock word of the chain changed, and throws away what it read.
 *
 * A list's head is what counts; its length is for the thread's own use, and recovery counts again.
 */
@unmanaged
@final
class FreeBlock {
  /** Next block of the same list or batch. */
  next: u32
  /** Of a batch's first block: the next batch. */
  nextBatch: u32
  /** Of a batch's first block: how many blocks the batch has. */
  count: u32
}

@unmanaged
@final
class List {
  head: u32
  count: u32
}

// @ts-ignore: decorator
@inline
function listOf(sizeClass: u32): List {
  return changetype<List>(self + LISTS + (sizeClass << 3))
}

/** Address of the word that heads the list of a class, to be noted. */
// @ts-ignore: decorator
@inline
function listWord(sizeClass: u32): u32 {
  return self + LISTS + (sizeClass << 3)
}

// ---- The thread's lists ----

/** How many takes of this class cannot fail. */
// @ts-ignore: decorator
@inline
export function reserved(sizeClass: u32): u32 {
  return listOf(sizeClass).count
}

/** Moves a block that reserve() promised into an empty hand: for a moment it is in both, see settleHand. */
export function popInto(hand: u32, sizeClass: u32): u32 {
  const list = listOf(sizeClass)
  const block = list.head
  fillHand(hand, block, classBytes(sizeClass))
  checkpoint(Checkpoint.HandFilled)
  list.head = changetype<FreeBlock>(block).next
  checkpoint(Checkpoint.ListPopped)
  list.count--
  return block
}

/** Whether a block is the next of its list. */
export function isNextOf(sizeClass: u32, block: u32): bool {
  return listOf(sizeClass).head == block
}

/** Moves a block from a hand to the list, and spills a batch to the heap when the list is full. */
export function give(hand: u32, sizeClass: u32): void {
  push(sizeClass, addressIn(hand))
  emptyHand(hand)
  checkpoint(Checkpoint.HandEmptied)
  spillIfFull(sizeClass)
}

/** Puts a block on the list that is in some other place of this thread's, and leaves that at once. */
export function push(sizeClass: u32, block: u32): void {
  const list = listOf(sizeClass)
  changetype<FreeBlock>(block).next = list.head
  checkpoint(Checkpoint.LinkWritten)
  list.head = block
  list.count++
  checkpoint(Checkpoint.ListPushed)
}

export function spillIfFull(sizeClass: u32): void {
  const batch = batchSize(sizeClass)
  if (listOf(sizeClass).count >= 2 * batch) spill(sizeClass, batch)
}

/** Notes and takes a block that reserve() promised. Its link is noted too: the block may be filled before the commit. */
export function notePopped(sizeClass: u32): u32 {
  const list = listOf(sizeClass)
  const block = list.head
  note32(listWord(sizeClass))
  note32(block)
  list.head = changetype<FreeBlock>(block).next
  list.count--
  return block
}

/** Notes and puts a block on the list. */
export function notePushed(sizeClass: u32, block: u32): void {
  const list = listOf(sizeClass)
  note32(listWord(sizeClass))
  note32(block)
  changetype<FreeBlock>(block).next = list.head
  list.head = block
  list.count++
}

// ---- The heap's stacks of batches ----

export function popBatch(sizeClass: u32): bool {
  if (!lock(POOL)) return false
  const stack = batchesOf(sizeClass)
  const batch = atomic.load<u32>(stack)
  if (batch) {
    reachAll(batch, classBytes(sizeClass))
    const last = lastOf(batch)
    const list = listOf(sizeClass)
    note32(stack)
    note32(last)
    note32(listWord(sizeClass))
    atomic.store<u32>(stack, changetype<FreeBlock>(batch).nextBatch)
    checkpoint(Checkpoint.BatchPopped)
    noteBatched(sizeClass, -changetype<FreeBlock>(batch).count)
    changetype<FreeBlock>(last).next = list.head
    list.head = batch
    list.count += changetype<FreeBlock>(batch).count
    commit()
  }
  unlock(POOL)
  return batch != 0
}

/** Moves the first `count` blocks of the thread's list to the heap. */
function spill(sizeClass: u32, count: u32): void {
  const list = listOf(sizeClass)
  const batch = list.head
  let last = batch
  for (let i: u32 = 1; i < count; i++) last = changetype<FreeBlock>(last).next
  if (!lock(POOL)) return // nobody can tell whether the owner lives: the list is longer than usual, no harm
  const stack = batchesOf(sizeClass)
  changetype<FreeBlock>(batch).count = count
  changetype<FreeBlock>(batch).nextBatch = atomic.load<u32>(stack)
  note32(listWord(sizeClass))
  note32(last)
  note32(stack)
  list.head = changetype<FreeBlock>(last).next
  list.count -= count
  changetype<FreeBlock>(last).next = 0
  atomic.store<u32>(stack, batch)
  checkpoint(Checkpoint.BatchPushed)
  noteBatched(sizeClass, count)
  commit()
  unlock(POOL)
}

/** Notes, and adds to, the number of blocks in the batches of a class: so that it is known without a walk. */
function noteBatched(sizeClass: u32, by: u32): void {
  note32(batchedOf(sizeClass))
  store<u32>(batchedOf(sizeClass), load<u32>(batchedOf(sizeClass)) + by)
}

/** Brings blocks that other threads have carved within reach: from here on the list is this thread's own. */
function reachAll(first: u32, bytes: u32): void {
  let left = mostOf(bytes)
  for (let block = first; block; block = changetype<FreeBlock>(block).next) {
    if (!left--) unreachable()
    ensureReach(block + bytes)
  }
}

/** Whether a list ends, in memory that was handed out. */
function isSoundList(first: u32, bytes: u32): bool {
  let left = mostOf(bytes)
  for (let block = first; block; block = changetype<FreeBlock>(block).next) {
    if (!left-- || !isReadable(block, bytes)) return false
  }
  return true
}

function lastOf(batch: u32): u32 {
  let last = batch
  while (changetype<FreeBlock>(last).next) last = changetype<FreeBlock>(last).next
  return last
}

/** Gives all of this thread's free blocks to the heap, for others to use: on leaving. */
export function spillAll(): void {
  for (let sizeClass: u32 = 0; sizeClass < CLASSES; sizeClass++) {
    const count = listOf(sizeClass).count
    if (count) spill(sizeClass, count)
  }
}

/** Counts the lists of a thread that died: it may have come from changing a list to counting it, or not. */
export function countLists(): void {
  for (let sizeClass: u32 = 0; sizeClass < CLASSES; sizeClass++) {
    const list = listOf(sizeClass)
    if (!isSoundList(list.head, classBytes(sizeClass))) list.head = 0 // lost, as the books will say; but not stuck
    list.count = countBlocks(list.head, sizeClass)
  }
}

// ---- For the books ----

/** Free blocks of a class in the list of the thread whose slot this is. */
export function countInList(slot: u32, sizeClass: u32): u32 {
  return countBlocks(load<u32>(slot + LISTS + (sizeClass << 3)), sizeClass)
}

function countBlocks(first: u32, sizeClass: u32): u32 {
  reachAll(first, classBytes(sizeClass))
  let count: u32 = 0
  for (let block = first; block; block = changetype<FreeBlock>(block).next) count++
  return count
}

/** Free blocks of a class in the heap's batches. */
export function countInBatches(sizeClass: u32): u32 {
  let count: u32 = 0
  let batch = atomic.load<u32>(BATCHES + (sizeClass << 2))
  let left = mostOf(classBytes(sizeClass))
  while (batch) {
    if (!left--) unreachable()
    count += countBlocks(batch, sizeClass)
    batch = changetype<FreeBlock>(batch).nextBatch
  }
  return count
}

/** Whether the batches of a class have as many blocks as is noted. */
export function isBatchedRight(sizeClass: u32): bool {
  return countInBatches(sizeClass) == load<u32>(batchedOf(sizeClass))
}

/** Free blocks of a class, in all lists and batches, by what is noted of each: approximate while threads write. */
export function estimateFree(sizeClass: u32): u32 {
  let count = load<u32>(batchedOf(sizeClass))
  for (let index: u32 = 0; index < MAX_THREADS; index++) {
    count += load<u32>(threadSlot(index) + LISTS + (sizeClass << 3), offsetof<List>('count'))
  }
  return count
}
