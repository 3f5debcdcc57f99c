import { BUCKET_BYTES } from '../layout/bucket'
import { FOR_CHUNK, FOR_LARGE, FOR_SCRATCH, FOR_SEGMENT, loadEndPages } from '../layout/heap'
import { CLASSES, HEADER_PAGES, MAX_THREADS, PAGE_SHIFT } from '../layout/limits'
import { STRIPE_BYTES, TABLE_BYTES, Table, loadLevel, loadReferences, stripeEntry } from '../layout/table'
import { results, scratchValue } from '../layout/scratch'
import {
  CARVED, CHUNK_HAND, JOURNAL, Journal, SCRATCH_HAND, SPILL_HAND, threadSlot,
} from '../layout/thread'
import { countInBatches, countInList, isBatchedRight } from '../memory/lists'
import { classBytes, classOf } from '../memory/classes'
import { countFreePages, pagesFor, pagesInUse } from '../memory/pages'
import { countRingPages } from '../tracing'
import { needsPages } from './grow'

/**
 * The allocator's books: every byte of the heap is in exactly one place. While no thread writes,
 *
 *     pages handed out = header + free + chunks + large blocks + segments + scratch
 *     bytes of chunks  = carved blocks + tables' records and stripes + padding + not carved yet
 *     carved, by class = in tables + in threads' lists + in batches
 *
 * and each term on the right that can be counted a second way (by walking the tables) comes out the same.
 */
const BLOCKS_WRONG: i32 = 20
const CHUNKS_WRONG: i32 = 21
const RAW_WRONG: i32 = 22
const LARGE_WRONG: i32 = 23
const SEGMENTS_WRONG: i32 = 24
const SCRATCH_WRONG: i32 = 25
const PAGES_WRONG: i32 = 26
const BATCHED_WRONG: i32 = 27

// What a walk through the tables found in use. Blocks by class are counted in the scratch page.
let largePages: u32 = 0
let segmentPages: u32 = 0
let rawBytes: u32 = 0

export function clearTally(): void {
  memory.fill(scratchValue(), 0, CLASSES << 2)
  largePages = 0
  segmentPages = 0
  rawBytes = 0
}

/** Counts a block that a table refers to. */
export function tallyBlock(sizeClass: u32): void {
  const counter = scratchValue() + (sizeClass << 2)
  store<u32>(counter, load<u32>(counter) + 1)
}

/** Counts a large block that a table refers to. */
export function tallyLarge(pages: u32): void {
  largePages += pages
}

/** Counts what a table itself takes: its record, its stripes, its segments. */
export function tallyTable(table: u32): void {
  rawBytes += TABLE_BYTES
  for (let index: u32 = 0; index < MAX_THREADS; index++) {
    if (atomic.load<u32>(stripeEntry(table, index))) rawBytes += STRIPE_BYTES
  }
  if (!loadReferences(table)) return // a record that waits for a new use
  const base = changetype<Table>(table).baseLevel
  tallySegment(BUCKET_BYTES << base)
  for (let level = base; level < loadLevel(table); level++) tallySegment(BUCKET_BYTES << level)
}

function tallySegment(bytes: u32): void {
  if (needsPages(bytes)) segmentPages += pagesFor(bytes)
  else tallyBlock(classOf(bytes))
}

/** 0 if all accounts agree, else which does not. */
export function checkBooks(): i32 {
  let carvedBytes: u64 = 0
  for (let sizeClass: u32 = 0; sizeClass < CLASSES; sizeClass++) {
    const carved = sumSlots(CARVED + (sizeClass << 2))
    results().address = sizeClass
    if (carved != load<u32>(scratchValue() + (sizeClass << 2)) + countFree(sizeClass)) return BLOCKS_WRONG
    if (!isBatchedRight(sizeClass)) return BATCHED_WRONG
    carvedBytes += u64(carved) * classBytes(sizeClass)
  }
  const raw = sumSlots(JOURNAL + offsetof<Journal>('rawBytes'))
  const rest = sumSlots(JOURNAL + offsetof<Journal>('padBytes')) + sumHand(CHUNK_HAND)
  if (u64(pagesInUse(FOR_CHUNK)) << PAGE_SHIFT != carvedBytes + raw + rest) return CHUNKS_WRONG
  if (raw != rawBytes) return RAW_WRONG
  if (pagesInUse(FOR_LARGE) != largePages + countRingPages()) return LARGE_WRONG
  if (pagesInUse(FOR_SEGMENT) != segmentPages) return SEGMENTS_WRONG
  if (pagesInUse(FOR_SCRATCH) << PAGE_SHIFT != sumHand(SCRATCH_HAND) + sumHand(SPILL_HAND)) return SCRATCH_WRONG
  const used = pagesInUse(FOR_CHUNK) + pagesInUse(FOR_LARGE) + segmentPages + pagesInUse(FOR_SCRATCH)
  return loadEndPages() == HEADER_PAGES + countFreePages() + used ? 0 : PAGES_WRONG
}

/** Free blocks of a class, wherever they wait. */
function countFree(sizeClass: u32): u32 {
  let count = countInBatches(sizeClass)
  for (let index: u32 = 0; index < MAX_THREADS; index++) count += countInList(threadSlot(index), sizeClass)
  return count
}

/** Sum of one word over all thread slots, those of threads that have left included. */
function sumSlots(field: u32): u32 {
  let total: u32 = 0
  for (let index: u32 = 0; index < MAX_THREADS; index++) total += load<u32>(threadSlot(index) + field)
  return total
}

/** Bytes in one hand of all threads. */
function sumHand(hand: u32): u32 {
  return sumSlots(hand + 4)
}
