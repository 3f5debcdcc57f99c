import { BUCKET_BYTES, storePrivate } from './layout/bucket'
import { FOR_SCRATCH, HEADER, HeapHeader, HeapLimits, LIMITS } from './layout/heap'
import {
  CACHE_LINE_BYTES, DEFAULT_LEVEL, GROW_DENOMINATOR, GROW_NUMERATOR, HEADER_PAGES, LAYOUT_VERSION, MAGIC, MAX_LEVEL,
  MAX_THREADS, PAGE_BYTES, SCRATCH_KEY,
} from './layout/limits'
import { OUT_OF_MEMORY, TOO_MANY_THREADS } from './layout/status'
import { STRIPE_BYTES, Stripe, TABLE_BYTES, TABLE_MAGIC, Table, headAt, stripeEntry } from './layout/table'
import { ATTACHED, CHUNK, Chunk, FREE, become, me, scratch, self, threadSlot } from './layout/thread'
import { carveRaw, spillAll } from './memory/blocks'
import { NO_MEMORY, allocatePages } from './memory/pages'
import { ensureReach } from './sync/reach'
import { LIVE } from './sync/lock'
import { adoptLevel } from './table/locate'
import { newSegment, setSegment } from './table/grow'
import { dropSpill } from './table/value'

// Opening and leaving: a heap, a thread's slot in it, a table, a thread's stripe of the table.

/** Makes a heap of fresh memory. Its creator is alone, so plain stores do; `ready` publishes them. */
export function initializeHeap(maxPages: u32, idLow: u32, idHigh: u32, seedLow: u32, seedHigh: u32): void {
  const header = changetype<HeapHeader>(HEADER)
  header.layoutVersion = LAYOUT_VERSION
  header.idLow = idLow
  header.idHigh = idHigh
  header.seed = u64(seedLow) | (u64(seedHigh) << 32)
  header.maxPages = maxPages
  atomic.store<u32>(LIMITS, HEADER_PAGES, offsetof<HeapLimits>('endPages'))
  atomic.store<u32>(HEADER, MAGIC, offsetof<HeapHeader>('magic'))
}

/** Takes a thread slot for this instance. Returns the thread's id, 1 or more; or a negative status. */
export function attachThread(mayBlock: bool): i32 {
  for (let index: u32 = 0; index < MAX_THREADS; index++) {
    const slot = threadSlot(index)
    // Pairs with the store in detachThread: with the slot come its chunk and its scratch page.
    if (atomic.cmpxchg<u32>(slot, FREE, ATTACHED) != FREE) continue
    become(slot)
    me().id = index + 1
    me().mayBlock = u32(mayBlock)
    if (!me().scratch) me().scratch = allocatePages(1, FOR_SCRATCH)
    if (!me().scratch) {
      detachThread()
      return OUT_OF_MEMORY
    }
    become(slot)
    ensureReach(scratch + PAGE_BYTES)
    ensureReach(changetype<Chunk>(slot + CHUNK).end)
    memory.fill(scratch, 0, SCRATCH_KEY) // what the thread before left in the results
    return index + 1
  }
  return TOO_MANY_THREADS
}

/** Gives the slot back, and all of its free blocks to the heap. The instance is not attached any more. */
export function detachThread(): void {
  const slot = self
  dropSpill()
  spillAll()
  become(0)
  atomic.store<u32>(slot, FREE)
}

/** Address of this thread's scratch page. */
export function scratchAddress(): u32 {
  return me().scratch
}

/** Level at which so many entries fit without growing. */
function levelFor(entries: u32): u32 {
  let level: u32 = 0
  while (level < MAX_LEVEL && u64(entries) * GROW_DENOMINATOR > u64(GROW_NUMERATOR) << level) level++
  return level
}

/** Makes a table with room for `capacity` entries (0: the default). Returns its address, NO_MEMORY if there is none. */
export function createTable(keyKind: u32, valueKind: u32, capacity: u32): u32 {
  const level = capacity ? levelFor(capacity) : DEFAULT_LEVEL
  const address = carveRaw(TABLE_BYTES, CACHE_LINE_BYTES * 2)
  if (!address) return NO_MEMORY
  const segment = newSegment(1 << level)
  if (!segment) return NO_MEMORY
  const table = changetype<Table>(address)
  table.keyKind = keyKind
  table.valueKind = valueKind
  table.baseLevel = level
  table.level = level
  for (let bits: u32 = 0; bits <= level; bits++) setSegment(address, bits, segment)
  for (let index: u32 = 0; index < 1 << level; index++) openHead(headAt(address, index), level)
  publishTable(address)
  return address
}

/** A head of the first segment: LIVE from the start, with the table's depth. */
function openHead(head: u32, level: u32): void {
  storePrivate(head, 0, level)
  store<u32>(head, LIVE)
}

function publishTable(address: u32): void {
  changetype<Table>(address).magic = TABLE_MAGIC
  const first: u32 = LIMITS + offsetof<HeapLimits>('tables')
  while (true) {
    const newest = atomic.load<u32>(first)
    changetype<Table>(address).previous = newest
    if (atomic.cmpxchg<u32>(first, newest, address) == newest) return // pairs with firstTable
  }
}

export function firstTable(): u32 {
  const first = atomic.load<u32>(LIMITS, offsetof<HeapLimits>('tables'))
  ensureReach(first + TABLE_BYTES)
  return first
}

export function previousTable(table: u32): u32 {
  const previous = changetype<Table>(table).previous
  ensureReach(previous + TABLE_BYTES)
  return previous
}

/** Whether a table of this heap lies at the address. */
export function isTable(address: u32): bool {
  for (let table = firstTable(); table; table = previousTable(table)) {
    if (table == address) return true
  }
  return false
}

/** This thread's stripe of a table, made at its first visit; NO_MEMORY if there is none. */
export function openTable(table: u32): u32 {
  const entry = stripeEntry(table, me().id - 1)
  let stripe = atomic.load<u32>(entry)
  if (!stripe) {
    stripe = carveRaw(STRIPE_BYTES, CACHE_LINE_BYTES * 2)
    if (!stripe) return NO_MEMORY
    changetype<Stripe>(stripe).table = table
    atomic.store<u32>(entry, stripe) // pairs with sum() in counter.ts
  }
  ensureReach(stripe + STRIPE_BYTES)
  ensureReach(headAt(table, 0) + BUCKET_BYTES)
  changetype<Stripe>(stripe).level = 0
  adoptLevel(stripe)
  return stripe
}
