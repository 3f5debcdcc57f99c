import { BUCKET_BYTES, storePrivate } from './layout/bucket'
import { HEADER, HeapHeader, HeapLimits, LIMITS } from './layout/heap'
import { CACHE_LINE_BYTES, DEFAULT_LEVEL, GROW_DENOMINATOR, GROW_NUMERATOR, MAX_LEVEL, MAX_THREADS } from './layout/limits'
import { results } from './layout/scratch'
import { ABSENT, DELETED, OUT_OF_MEMORY, OWNER_UNRESPONSIVE, REMOVED } from './layout/status'
import {
  CURSOR, DOOMED, GROWING, NUMBER_KIND, STRING_KIND, STRIPE_BYTES, Stripe, TABLE_BYTES, TABLE_MAGIC, Table, flagsOf,
  headAt, loadReferences, stripeEntry, tableOf,
} from './layout/table'
import { me } from './layout/thread'
import { carveRaw } from './memory/blocks'
import { NO_MEMORY } from './memory/pages'
import { LIVE } from './sync/lock'
import { ensureReach } from './sync/reach'
import { empty, freeSegments } from './table/empty'
import { newSegment, setSegment } from './table/grow'
import { adoptLevel } from './table/locate'

/**
 * Collections: making, opening, closing and deleting the tables of a heap. A table's record stays a record for ever and
 * is used again, so an old address leads to a record, whose generation and references tell whether it is still the
 * same collection.
 *
 *     references       0  ->  DOOMED + 1  ->  1  ->  1 + threads  ->  DOOMED + threads  ->  0
 *                      free   being made      open to all             deleted: nobody       the last one closes it:
 *                                                                     opens it any more     segments are given back
 */

/** Makes a table with room for `capacity` entries (0: the default). Returns its address, NO_MEMORY if there is none. */
export function createTable(keyKind: u32, valueKind: u32, capacity: u32, codec: u32): u32 {
  const address = freeRecord() || newRecord()
  if (!address) return NO_MEMORY
  const level = capacity ? levelFor(capacity) : DEFAULT_LEVEL
  const segment = newSegment(1 << level)
  if (!segment) {
    storeReferences(address, 0)
    return NO_MEMORY
  }
  const table = changetype<Table>(address)
  table.keyKind = keyKind
  table.valueKind = valueKind
  table.codec = codec
  table.generation++
  table.baseLevel = level
  table.level = level
  store<u32>(address + GROWING, 0)
  store<u32>(address + CURSOR, 0)
  for (let bits: u32 = 0; bits <= level; bits++) setSegment(address, bits, segment)
  for (let index: u32 = 0; index < 1 << level; index++) openHead(headAt(address, index), level)
  clearStripes(address)
  storeReferences(address, 1) // publishes all of it: pairs with tryRetain
  return address
}

/** Makes the table of names, once, by the thread that makes the heap. */
export function createDirectory(): u32 {
  const directory = createTable(STRING_KIND, NUMBER_KIND, 0, 0)
  changetype<HeapHeader>(HEADER).directory = directory
  return directory
}

/** Level at which so many entries fit without growing. */
function levelFor(entries: u32): u32 {
  let level: u32 = 0
  while (level < MAX_LEVEL && u64(entries) * GROW_DENOMINATOR > u64(GROW_NUMERATOR) << level) level++
  return level
}

/** A head of the first segment: LIVE from the start, with the table's depth. */
function openHead(head: u32, level: u32): void {
  storePrivate(head, 0, level)
  store<u32>(head, LIVE)
}

// ---- Records ----

/** A record that was deleted, taken for a new use; 0 for none. */
function freeRecord(): u32 {
  for (let table = firstTable(); table; table = previousTable(table)) {
    if (loadReferences(table) == 0 && exchangeReferences(table, 0, DOOMED | 1)) return table
  }
  return 0
}

/** A record more, in the list of all. */
function newRecord(): u32 {
  const address = carveRaw(TABLE_BYTES, CACHE_LINE_BYTES * 2)
  if (!address) return NO_MEMORY
  changetype<Table>(address).magic = TABLE_MAGIC
  changetype<Table>(address).references = DOOMED | 1
  const first: u32 = LIMITS + offsetof<HeapLimits>('tables')
  while (true) {
    const newest = atomic.load<u32>(first)
    changetype<Table>(address).previous = newest
    if (atomic.cmpxchg<u32>(first, newest, address) == newest) return address // pairs with firstTable
  }
  return NO_MEMORY
}

/** The newest record; previousTable goes on from there. 0 for none. */
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

/** Whether a record of this heap lies at the address. */
export function isTable(address: u32): bool {
  for (let table = firstTable(); table; table = previousTable(table)) {
    if (table == address) return true
  }
  return false
}

/** The stripes of a former use stay with their threads; what they counted does not. Nobody has the table open. */
function clearStripes(table: u32): void {
  for (let index: u32 = 0; index < MAX_THREADS; index++) {
    const stripe = atomic.load<u32>(stripeEntry(table, index))
    if (!stripe) continue
    ensureReach(stripe + STRIPE_BYTES)
    memory.fill(stripe, 0, STRIPE_BYTES)
    changetype<Stripe>(stripe).table = table
  }
}

// ---- References ----

function storeReferences(table: u32, references: u32): void {
  atomic.store<u32>(table, references, offsetof<Table>('references'))
}

function exchangeReferences(table: u32, from: u32, to: u32): bool {
  return atomic.cmpxchg<u32>(table, from, to, offsetof<Table>('references')) == from
}

/** Takes a reference to this generation of a table. False if it was deleted. */
function tryRetain(table: u32, generation: u32): bool {
  while (true) {
    const references = loadReferences(table)
    if (!references || references & DOOMED) return false
    if (exchangeReferences(table, references, references + 1)) break
  }
  if (changetype<Table>(table).generation == generation) return true
  release(table)
  return false
}

/** Lets go of a reference; the last one gives the segments back, and then the record. */
function release(table: u32): void {
  const before = atomic.sub<u32>(table, 1, offsetof<Table>('references'))
  if (before != (DOOMED | 1)) return
  storeReferences(table, DOOMED | 1) // not free yet
  freeSegments(table)
  storeReferences(table, 0) // pairs with freeRecord
}

// ---- What threads do with them ----

/** This thread's stripe of a table, which it has open then; 0: results().status is OUT_OF_MEMORY or DELETED. */
export function openTable(table: u32, generation: u32): u32 {
  results().status = DELETED
  if (!tryRetain(table, generation)) return 0
  const stripe = stripeOf(table)
  if (!stripe || changetype<Stripe>(stripe).opens) release(table) // one reference for each thread is enough
  if (!stripe) {
    results().status = OUT_OF_MEMORY
    return 0
  }
  changetype<Stripe>(stripe).opens++
  if (changetype<Stripe>(stripe).opens == 1) beginStripe(stripe)
  return stripe
}

/** Lets go of a table once. */
export function closeTable(stripe: u32): void {
  changetype<Stripe>(stripe).opens--
  if (!changetype<Stripe>(stripe).opens) release(tableOf(stripe))
}

/** This thread's stripe of a table, made at its first visit; 0 if there is no memory. */
function stripeOf(table: u32): u32 {
  const entry = stripeEntry(table, me().id - 1)
  let stripe = atomic.load<u32>(entry)
  if (!stripe) {
    stripe = carveRaw(STRIPE_BYTES, CACHE_LINE_BYTES * 2)
    if (!stripe) return 0
    changetype<Stripe>(stripe).table = table
    atomic.store<u32>(entry, stripe) // pairs with sum() in counter.ts
  }
  ensureReach(stripe + STRIPE_BYTES)
  return stripe
}

function beginStripe(stripe: u32): void {
  const table = tableOf(stripe)
  ensureReach(headAt(table, 0) + BUCKET_BYTES)
  changetype<Stripe>(stripe).flags = flagsOf(table)
  changetype<Stripe>(stripe).level = 0
  adoptLevel(stripe)
}

/**
 * Deletes a collection: REMOVED, or ABSENT if it was gone already. Its entries are freed, and from then on whoever comes
 * to one of its buckets finds it deleted. The buckets stay until the last thread that has it open closes it.
 */
export function deleteTable(table: u32, generation: u32): i32 {
  if (!tryRetain(table, generation)) return ABSENT
  while (true) {
    const references = loadReferences(table)
    if (references & DOOMED) { // another thread was faster
      release(table)
      return ABSENT
    }
    if (exchangeReferences(table, references, references | DOOMED)) break
  }
  const isEmpty = empty(table)
  release(table) // what tryRetain took
  release(table) // what its creator had
  return isEmpty ? REMOVED : OWNER_UNRESPONSIVE
}
