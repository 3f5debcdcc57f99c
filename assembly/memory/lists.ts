import { mostOf } from '../layout/bounds'
import { POOL, sizeClassAt } from '../layout/heap'
import { BUCKET_CLASS, CLASSES, MAX_THREADS } from '../layout/limits'
import { FreeBlock } from '../layout/slab'
import { LISTS, self, threadSlot } from '../layout/thread'
import { Checkpoint, checkpoint } from '../sync/checkpoint'
import { commit, hasRoomFor, note32, note64 } from '../sync/journal'
import { lockPool, unlock } from '../sync/lock'
import { ensureReach } from '../sync/reach'
import { BATCH_BYTES, batchSize, classBytes } from './classes'
import { isReadable } from './contents'
import { addressIn, emptyHand, fillHand } from './hands'
import { keepSpare } from './runs'
import { batchFirst, batchLast, batchLength, makeSlab, MOST_NOTED, noteBatch, noteReturned, noteReturns } from './slabs'
import { settleRun } from './units'

/**
 * Free blocks at hand. Each thread has a list of free blocks for each size class and takes from it without a lock. An
 * empty list is refilled with a batch from the slabs of the class; a full one gives a batch back to the slabs, each block to
 * the one that it is of. The class of a block follows from its length, so blocks carry no header of the allocator's.
 *
 * What a free block holds is anybody's, and its memory can become anything: a reader that still looks at it finds
 * the lock word of the chain changed, and throws away what it read.
 *
 * A list's length is for the thread's own use. Recovery counts again, because a thread can die between head and length.
 */
@unmanaged
@final
class List {
  head: u32
  count: u32
}

@inline
function listOf(sizeClass: u32): List {
  return changetype<List>(self + LISTS + (sizeClass << 3))
}

/** Address of a list, to be noted as a whole: a length that is not undone promises blocks that are not there. */
@inline
function listWord(sizeClass: u32): u32 {
  return self + LISTS + (sizeClass << 3)
}

// ---- The thread's lists ----

/** How many takes of this class cannot fail. */
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

/** Moves a block from a hand to the list, and gives half of the list back when it is full. */
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

/** A list is full when half of it is a batch. Every block that is freed asks this, so it costs no division. */
export function spillIfFull(sizeClass: u32): void {
  const half = listOf(sizeClass).count >> 1
  if (half && (half + 1) * classBytes(sizeClass) > BATCH_BYTES) spill(sizeClass, half)
}

/** Notes and takes a block that reserve() promised. Its link is noted too: the block may be filled before the commit. */
export function notePopped(sizeClass: u32): u32 {
  const list = listOf(sizeClass)
  const block = list.head
  note64(listWord(sizeClass))
  note32(block)
  list.head = changetype<FreeBlock>(block).next
  list.count--
  return block
}

/** Notes and puts a block on the list. */
export function notePushed(sizeClass: u32, block: u32): void {
  const list = listOf(sizeClass)
  note64(listWord(sizeClass))
  note32(block)
  changetype<FreeBlock>(block).next = list.head
  list.head = block
  list.count++
}

// ---- Between the lists and the slabs ----

/** Takes a batch from the slabs of the class, of which a new one is made if need be. False: no memory, or no lock. */
export function takeBatch(sizeClass: u32): bool {
  if (!lockPool()) return false
  const isThere = sizeClassAt(sizeClass).slab != 0 || makeSlab(sizeClass)
  if (isThere) {
    const list = listOf(sizeClass)
    noteBatch(sizeClass, batchSize(sizeClass))
    note64(listWord(sizeClass))
    changetype<FreeBlock>(batchLast).next = list.head // which meant nothing before
    list.head = batchFirst
    list.count += batchLength
    commit()
  }
  unlock(POOL)
  return isThere
}

/** Gives the first `count` blocks of the thread's list back. */
function spill(sizeClass: u32, count: u32): void {
  if (!lockPool()) return // nobody can tell whether the owner lives: the list is longer than usual, no harm
  for (let left = count; left; ) left -= returnSome(sizeClass, left)
  unlock(POOL)
}

/**
 * Under the pool lock: gives so many blocks back in one commit, or as many as the log has room for, or until a slab goes with
 * its last one. Returns how many. In the list they are linked as they were until the commit: see FreeBlock.
 */
function returnSome(sizeClass: u32, most: u32): u32 {
  const list = listOf(sizeClass)
  note64(listWord(sizeClass))
  noteReturns(sizeClass)
  let isSlabFree = false
  let count: u32 = 0
  while (count < most && !isSlabFree && hasRoomFor(MOST_NOTED)) {
    const block = list.head
    list.head = changetype<FreeBlock>(block).next
    isSlabFree = noteReturned(block, sizeClass)
    count++
  }
  list.count -= count
  commit()
  if (isSlabFree) {
    settleRun()
    keepSpare()
  }
  return count
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

/** Gives all of this thread's free blocks back. Returns how many bytes. */
export function spillAll(): u32 {
  let bytes: u32 = 0
  for (let sizeClass: u32 = 0; sizeClass < CLASSES; sizeClass++) {
    if (!reserved(sizeClass)) continue
    const given = spillBut(sizeClass, 0)
    if (!given) break // the owner of the pool does not let go: nobody waits for it once more
    bytes += given
  }
  return bytes
}

/**
 * The same in the middle of an operation, which needs a block of one class (CLASSES: none of any): those of this class
 * stay, and one overflow bucket, because it may be the bucket of the insert that this is for.
 */
export function spillOthers(needed: u32): u32 {
  let bytes: u32 = 0
  for (let sizeClass: u32 = 0; sizeClass < CLASSES; sizeClass++) {
    const kept: u32 = sizeClass == BUCKET_CLASS ? 1 : 0
    if (sizeClass == needed || reserved(sizeClass) <= kept) continue
    const given = spillBut(sizeClass, kept)
    if (!given) break // as there
    bytes += given
  }
  return bytes
}

function spillBut(sizeClass: u32, kept: u32): u32 {
  const count = listOf(sizeClass).count
  spill(sizeClass, count - kept)
  return (count - listOf(sizeClass).count) * classBytes(sizeClass)
}

/** Counts the lists of a thread that died: it may have come from changing a list to counting it, or not. */
export function countLists(): void {
  for (let sizeClass: u32 = 0; sizeClass < CLASSES; sizeClass++) {
    const list = listOf(sizeClass)
    if (!isSoundList(list.head, classBytes(sizeClass))) list.head = 0 // lost, as the accounts will say; but not stuck
    list.count = countBlocks(list.head, sizeClass)
  }
}

// ---- For the accounts ----

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

/** Free blocks of a class, in all lists and slabs, by what is noted of each: approximate while threads write. */
export function estimateFree(sizeClass: u32): u32 {
  let count = sizeClassAt(sizeClass).freeBlocks
  for (let index: u32 = 0; index < MAX_THREADS; index++) count += countNoted(threadSlot(index), sizeClass)
  return count
}

/** Bytes in the lists of a thread, by what is noted. */
export function bytesInLists(slot: u32): u32 {
  let bytes: u32 = 0
  for (let sizeClass: u32 = 0; sizeClass < CLASSES; sizeClass++) bytes += countNoted(slot, sizeClass) * classBytes(sizeClass)
  return bytes
}

function countNoted(slot: u32, sizeClass: u32): u32 {
  return load<u32>(slot + LISTS + (sizeClass << 3), offsetof<List>('count'))
}
