import { BATCHES, FOR_CHUNK, FOR_LARGE, batchesOf, POOL } from '../layout/heap'
import { BUCKET_CLASS, CLASSES, MAX_CLASS_BYTES, PAGE_BYTES } from '../layout/limits'
import { OVERFLOW_ALIGNMENT } from '../layout/bucket'
import { CARVED, CHUNK, Chunk, LISTS, self } from '../layout/thread'
import { lock, unlock } from '../sync/lock'
import { batchSize, classBytes, classOf, classWithin } from './classes'
import { ensureReach } from '../sync/reach'
import { NO_MEMORY, allocatePages, freePages, pagesFor } from './pages'

/**
 * Blocks: the fine allocator. Each thread has a list of free blocks for each size class and takes from it without
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

/** Blocks from this size are aligned as overflow buckets are: small segments are blocks, and their heads need it. */
const ALIGNED_FROM: u32 = 128

// ---- Blocks of any size ----

/** Address of a block of at least `bytes`, or NO_MEMORY. Large ones get pages of their own. */
export function allocateBlock(bytes: u32): u32 {
  if (bytes > MAX_CLASS_BYTES) return allocatePages(pagesFor(bytes), FOR_LARGE)
  const sizeClass = classOf(bytes)
  return reserve(sizeClass, 1) ? take(sizeClass) : NO_MEMORY
}

/** Takes back a block of `bytes`. Never while a lock is held: the list may spill. */
export function freeBlock(address: u32, bytes: u32): void {
  if (bytes > MAX_CLASS_BYTES) freePages(address, pagesFor(bytes), FOR_LARGE)
  else give(classOf(bytes), address)
}

// ---- The thread's lists ----

/**
 * Sees to it that the next `count` takes of this class succeed. Called before a lock is taken, so that running out
 * of memory leaves everything as it was. False if there is no memory.
 */
export function reserve(sizeClass: u32, count: u32): bool {
  while (listOf(sizeClass).count < count) {
    if (!refill(sizeClass)) return false
  }
  return true
}

/** How many takes of this class cannot fail. */
// @ts-ignore: decorator
@inline
export function reserved(sizeClass: u32): u32 {
  return listOf(sizeClass).count
}

/** A block that reserve() promised. No lock, no failure. */
export function take(sizeClass: u32): u32 {
  const list = listOf(sizeClass)
  const block = list.head
  list.head = changetype<FreeBlock>(block).next
  list.count--
  return block
}

/** Puts a block on this thread's list, and spills a batch to the heap when the list is full. */
export function give(sizeClass: u32, block: u32): void {
  push(sizeClass, block)
  const batch = batchSize(sizeClass)
  if (listOf(sizeClass).count >= 2 * batch) spill(sizeClass, batch)
}

function push(sizeClass: u32, block: u32): void {
  const list = listOf(sizeClass)
  changetype<FreeBlock>(block).next = list.head
  list.head = block
  list.count++
}

function refill(sizeClass: u32): bool {
  // Pairs with the store in spill(). Only a hint: popBatch looks again under the lock.
  if (atomic.load<u32>(batchesOf(sizeClass)) && popBatch(sizeClass)) return true
  const block = carveBlock(sizeClass)
  if (!block) return cutLarger(sizeClass)
  push(sizeClass, block)
  return true
}

/**
 * When there is no fresh memory: cuts a block from a free one of a larger class, so that what large entries left serves
 * small ones too. Overflow buckets are never cut: they stay what they are.
 */
function cutLarger(sizeClass: u32): bool {
  const bytes = classBytes(sizeClass)
  for (let larger = classOf(bytes); larger < BUCKET_CLASS; larger++) {
    if (larger == sizeClass || !(listOf(larger).count || popBatch(larger))) continue
    const block = take(larger)
    countCarved(larger, -1)
    push(sizeClass, block)
    countCarved(sizeClass, 1)
    recycle(block + bytes, block + classBytes(larger))
    return true
  }
  return false
}

// ---- The heap's stacks of batches ----

function popBatch(sizeClass: u32): bool {
  if (!lock(POOL)) return false
  const stack = batchesOf(sizeClass)
  const batch = atomic.load<u32>(stack)
  if (batch) {
    reachAll(batch, classBytes(sizeClass))
    atomic.store<u32>(stack, changetype<FreeBlock>(batch).nextBatch)
    const last = lastOf(batch)
    const list = listOf(sizeClass)
    changetype<FreeBlock>(last).next = list.head
    list.head = batch
    list.count += changetype<FreeBlock>(batch).count
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
  list.head = changetype<FreeBlock>(last).next
  list.count -= count
  changetype<FreeBlock>(last).next = 0
  changetype<FreeBlock>(batch).count = count
  changetype<FreeBlock>(batch).nextBatch = atomic.load<u32>(batchesOf(sizeClass))
  atomic.store<u32>(batchesOf(sizeClass), batch)
  unlock(POOL)
}

/** Brings blocks that other threads have carved within reach: from here on the list is this thread's own. */
function reachAll(first: u32, bytes: u32): void {
  for (let block = first; block; block = changetype<FreeBlock>(block).next) ensureReach(block + bytes)
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

// ---- The thread's chunk of fresh memory ----

// @ts-ignore: decorator
@inline
function chunk(): Chunk {
  return changetype<Chunk>(self + CHUNK)
}

function carveBlock(sizeClass: u32): u32 {
  const bytes = classBytes(sizeClass)
  const block = carve(bytes, bytes < ALIGNED_FROM ? 8 : OVERFLOW_ALIGNMENT)
  if (block) countCarved(sizeClass, 1)
  return block
}

/** Memory that stays what it is for good (tables' records, stripes): zeroed. NO_MEMORY if there is none. */
export function carveRaw(bytes: u32, alignment: u32): u32 {
  const address = carve(bytes, alignment)
  if (!address) return NO_MEMORY
  chunk().rawBytes += bytes
  memory.fill(address, 0, bytes)
  return address
}

function carve(bytes: u32, alignment: u32): u32 {
  let address = alignUp(chunk().next, alignment)
  if (!chunk().next || address + bytes > chunk().end) {
    const page = allocatePages(1, FOR_CHUNK)
    if (!page) return NO_MEMORY
    recycle(chunk().next, chunk().end)
    chunk().next = page
    chunk().end = page + PAGE_BYTES
    address = page
  }
  recycle(chunk().next, address)
  chunk().next = address + bytes
  return address
}

/** Makes free blocks of a stretch that is left over, so that nothing is lost but odd words. */
function recycle(begin: u32, end: u32): void {
  while (end - begin >= 16) {
    const isAligned = !(begin & (OVERFLOW_ALIGNMENT - 1))
    const sizeClass = classWithin(isAligned ? end - begin : min<u32>(end - begin, ALIGNED_FROM - 8))
    push(sizeClass, begin)
    countCarved(sizeClass, 1)
    begin += classBytes(sizeClass)
  }
  chunk().padBytes += end - begin
}

function countCarved(sizeClass: u32, by: i32): void {
  const counter = self + CARVED + (sizeClass << 2)
  store<u32>(counter, load<u32>(counter) + by)
}

function alignUp(address: u32, alignment: u32): u32 {
  return (address + alignment - 1) & ~(alignment - 1)
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
  while (batch) {
    count += countBlocks(batch, sizeClass)
    batch = changetype<FreeBlock>(batch).nextBatch
  }
  return count
}
