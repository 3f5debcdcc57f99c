import { mostOf } from './layout/bounds'
import { BUCKET_BYTES, storePrivate } from './layout/bucket'
import { HEADER, HeapHeader, HeapLimits, LIMITS, POOL } from './layout/heap'
import {
  CACHE_LINE_BYTES, DEFAULT_LEVEL, GROW_DENOMINATOR, GROW_NUMERATOR, MAX_LEVEL, MAX_THREADS,
} from './layout/limits'
import { results } from './layout/scratch'
import { DELETED, INVALID, OUT_OF_MEMORY, OWNER_UNRESPONSIVE } from './layout/status'
import {
  CURSOR, DOOMED, GROWING, NUMBER_KIND, SEAL, STRING_KIND, STRIPE_BYTES, Stripe, TABLE_BYTES, TABLE_MAGIC, Table, flagsOf,
  headAt, loadReferences, stripeEntry, tableOf,
} from './layout/table'
import { Journal, SEGMENT_HAND, journal, journalWord, me } from './layout/thread'
import { noteHandedOver } from './memory/blocks'
import { handAt } from './memory/hands'
import { NO_MEMORY } from './memory/pages'
import { carveRaw } from './memory/supply'
import { Checkpoint, checkpoint } from './sync/checkpoint'
import { commit, note32, note64 } from './sync/journal'
import { LIVE, lock, unlock } from './sync/lock'
import { ensureReach } from './sync/reach'
import { finishDeletion, finishFreeing, noteReferences } from './deletion'
import { newSegment, setSegment } from './table/grow'
import { adoptLevel } from './table/locate'
import { areKinds, isAttached, isCollection, isHandedOut, isMine, isRecord, sealOf } from './valid'

/**
 * Collections: making, opening and closing the tables of a heap. A table's record stays a record for ever and is used
 * again, so an old address leads to a record, whose generation and references tell whether it is still the same
 * collection. Deletion: deletion.ts.
 *
 *     references       0  ->  DOOMED + 1  ->  1  ->  1 + threads  ->  DOOMED + threads  ->  DOOMED  ->  0
 *                      free   being made      open to all             deleted: nobody       segments
 *                                                                     opens it any more     are given back
 *
 * References change under the pool lock, noted together with what they stand for, so that they are right whoever dies.
 */

/**
 * Makes a table with room for `capacity` entries (0: the default). Returns its address, NO_MEMORY if there is none.
 * It is deleted if this thread dies before keepTable().
 */
export function createTable(keyKind: u32, valueKind: u32, capacity: u32, codec: u32): u32 {
  if (!isAttached() || !areKinds(keyKind, valueKind)) return NO_MEMORY
  if (!settleRecord()) return NO_MEMORY // what an earlier call could not end
  const address = takeRecord() || newRecord()
  if (!address) return NO_MEMORY
  const level = capacity ? levelFor(capacity) : DEFAULT_LEVEL
  const segment = newSegment(1 << level)
  if (!segment) {
    dropRecord()
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
  checkpoint(Checkpoint.TableFilled)
  publishTable(address)
  return address
}

function publishTable(table: u32): void {
  noteHandedOver(handAt(SEGMENT_HAND))
  note64(journalWord(offsetof<Journal>('claimed')))
  claim(table, changetype<Table>(table).generation)
  note32(journalWord(offsetof<Journal>('making')))
  journal().making = 0
  noteReferences(table, 1) // publishes all of it: pairs with openTable
  checkpoint(Checkpoint.TablePublished)
  commit()
}

/** Makes the table of names, once, by the thread that makes the heap. 0: it could not, or there is one. */
export function createDirectory(): u32 {
  if (changetype<HeapHeader>(HEADER).directory) return 0
  const directory = createTable(STRING_KIND, NUMBER_KIND, 0, 0)
  if (!directory) return 0
  changetype<HeapHeader>(HEADER).directory = directory
  keepTable()
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

// ---- Claims: tables that nobody else knows ----

/** If this thread dies, this table is to be deleted unless it has a name: the thread is about to take the name away. */
export function claimTable(table: u32, generation: u32): void {
  if (isAttached() && isCollection(table)) claim(table, generation)
}

/** Others know the table that this thread has claimed. */
export function keepTable(): void {
  if (!isAttached()) return
  claim(0, 0)
  checkpoint(Checkpoint.TableKept)
}

// @ts-ignore: decorator
@inline
function claim(table: u32, generation: u32): void {
  store<u64>(journalWord(offsetof<Journal>('claimed')), u64(table) | (u64(generation) << 32))
}

// ---- Records ----

/** A record that was deleted, taken for a new use; 0 for none. */
function takeRecord(): u32 {
  if (!lock(POOL)) return 0
  let table = firstTable()
  while (table && loadReferences(table)) table = previousTable(table)
  if (table) {
    note32(journalWord(offsetof<Journal>('making')))
    journal().making = table
    noteReferences(table, DOOMED | 1)
    checkpoint(Checkpoint.RecordTaken)
    commit()
  }
  unlock(POOL)
  return table
}

/** A record more, in the list of all. */
function newRecord(): u32 {
  const address = carveRaw(TABLE_BYTES, CACHE_LINE_BYTES * 2, journalWord(offsetof<Journal>('making')))
  return address && linkRecord() ? address : NO_MEMORY
}

/** Links the record that is being made into the list of all. False if the pool is not to be had. */
function linkRecord(): bool {
  const table = journal().making
  if (!lock(POOL)) return false
  changetype<Table>(table).magic = TABLE_MAGIC
  changetype<Table>(table).seal = table + SEAL
  changetype<Table>(table).references = DOOMED | 1
  changetype<Table>(table).previous = firstTable()
  note32(LIMITS + offsetof<HeapLimits>('tables'))
  atomic.store<u32>(LIMITS, table, offsetof<HeapLimits>('tables')) // pairs with firstTable
  checkpoint(Checkpoint.RecordLinked)
  commit()
  unlock(POOL)
  return true
}

/** The record that is being made stays one for another use. False if the pool is not to be had. */
function dropRecord(): bool {
  if (!lock(POOL)) return false
  noteReferences(journal().making, 0)
  note32(journalWord(offsetof<Journal>('making')))
  journal().making = 0
  commit()
  unlock(POOL)
  return true
}

/** Ends the making of a table that came to nothing. False if the pool is not to be had. */
export function settleRecord(): bool {
  const table = journal().making
  if (!table) return true
  return (isTable(table) || linkRecord()) && dropRecord()
}

/** Records that a walk may yet come to. */
let tablesLeft: u32 = 0

/** Address of the newest record of the heap, 0 for none. A walk through all of them begins. */
export function firstTable(): u32 {
  tablesLeft = mostOf(TABLE_BYTES)
  const table = atomic.load<u32>(LIMITS, offsetof<HeapLimits>('tables'))
  ensureReach(table + TABLE_BYTES)
  return table
}

/** Address of the record that was made before this one, 0 for none. */
export function previousTable(table: u32): u32 {
  if (!tablesLeft--) unreachable()
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

// ---- What threads do with them ----

/**
 * This thread's stripe of a table, which it has open then; 0: results().status is OUT_OF_MEMORY, DELETED,
 * OWNER_UNRESPONSIVE, or INVALID.
 */
export function openTable(table: u32, generation: u32): u32 {
  if (!isAttached()) return 0
  if (!isRecord(table)) return refuse(INVALID)
  const stripe = stripeOf(table)
  if (!stripe) return refuse(OUT_OF_MEMORY)
  if (!lock(POOL)) return refuse(OWNER_UNRESPONSIVE)
  const isOpen = isOpenTo(table, generation)
  if (isOpen) {
    if (!changetype<Stripe>(stripe).opens) {
      beginStripe(stripe, table)
      noteReferences(table, loadReferences(table) + 1)
    }
    noteOpens(stripe, changetype<Stripe>(stripe).opens + 1)
    checkpoint(Checkpoint.TableOpened)
    commit()
  }
  unlock(POOL)
  return isOpen ? stripe : refuse(DELETED)
}

function refuse(status: i32): u32 {
  results().status = status
  return 0
}

/** Under the pool lock: whether the collection of this generation is there. */
export function isOpenTo(table: u32, generation: u32): bool {
  const references = loadReferences(table)
  return references && !(references & DOOMED) ? changetype<Table>(table).generation == generation : false
}

/** Lets go of a table once. 0, or negative: it is still open. */
export function closeTable(stripe: u32): i32 {
  return isMine(stripe) ? leaveTable(stripe, changetype<Stripe>(stripe).opens - 1) : INVALID
}

/** Has a table open only so many times more. */
function leaveTable(stripe: u32, opens: u32): i32 {
  if (!finishDeletion() || !finishFreeing() || !lock(POOL)) return OWNER_UNRESPONSIVE
  noteOpens(stripe, opens)
  if (!opens) {
    noteSeal(stripe, 0)
    noteReferences(tableOf(stripe), loadReferences(tableOf(stripe)) - 1)
  }
  checkpoint(Checkpoint.TableClosed)
  commit()
  unlock(POOL)
  finishFreeing()
  return 0
}

/** What recovery does about the tables that its thread had open. False if a lock is not to be had. */
export function closeAll(): bool {
  for (let table = firstTable(); table; table = previousTable(table)) {
    const stripe = atomic.load<u32>(stripeEntry(table, me().id - 1))
    if (!stripe) continue
    ensureReach(stripe + STRIPE_BYTES)
    if (changetype<Stripe>(stripe).opens && leaveTable(stripe, 0) < 0) return false
  }
  return true
}

function noteOpens(stripe: u32, opens: u32): void {
  note32(stripe + u32(offsetof<Stripe>('opens')))
  changetype<Stripe>(stripe).opens = opens
}

function noteSeal(stripe: u32, seal: u32): void {
  note32(stripe + u32(offsetof<Stripe>('seal')))
  changetype<Stripe>(stripe).seal = seal
}

/** This thread's stripe of a table, made at its first visit; 0 if there is no memory. */
function stripeOf(table: u32): u32 {
  const entry = stripeEntry(table, me().id - 1)
  const stripe = atomic.load<u32>(entry) || carveRaw(STRIPE_BYTES, CACHE_LINE_BYTES * 2, entry)
  checkpoint(Checkpoint.StripeMade)
  if (stripe && !isHandedOut(stripe, STRIPE_BYTES)) unreachable()
  return stripe
}

/** Nobody looks at what is written here before the commit that opens the table. */
function beginStripe(stripe: u32, table: u32): void {
  if (headAt(table, 0) & 7 || !isHandedOut(headAt(table, 0), BUCKET_BYTES)) unreachable()
  changetype<Stripe>(stripe).table = table
  changetype<Stripe>(stripe).flags = flagsOf(table)
  changetype<Stripe>(stripe).level = 0
  noteSeal(stripe, sealOf(stripe))
  adoptLevel(stripe)
}
