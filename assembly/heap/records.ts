import { mostOf } from '../layout/bounds'
import { HEADER, HeapHeader, HeapLimits, LIMITS, POOL } from '../layout/heap'
import { MAX_THREADS } from '../layout/limits'
import {
  ANY_KIND, CollectionRecord, DOOMED, isUsedUp, loadReferences, NO_KIND, NUMBER_KIND, OWN_LINES, RECORD_ALIGNMENT,
  RECORD_BYTES, RECORD_MAGIC, SEAL, stripeEntry, STRIPES,
} from '../layout/record'
import { Stripe, STRIPE_BYTES } from '../layout/stripe'
import { Journal, journal, journalWord } from '../layout/thread'
import { Checkpoint, checkpoint } from '../sync/checkpoint'
import { commit, enter, note32 } from '../sync/journal'
import { lockPool, unlock } from '../sync/lock'
import { ensureReach, isHandedOut } from '../sync/reach'
import { NO_MEMORY } from '../memory/runs'
import { makeRecord } from '../memory/supply'
import { isSound } from './registry'

// Records: of which collections a heap consists. A record stays a record for ever and is used again; all of them are in one list.

/** Whether a record of a structure that there is lies at the address. */
export function isRecord(address: u32): bool {
  if (address & (RECORD_ALIGNMENT - 1) || !isHandedOut(address, RECORD_BYTES)) return false
  const record = changetype<CollectionRecord>(address)
  return record.magic == RECORD_MAGIC && record.seal == address + SEAL && isSound(address)
}

/** The same, and whether it is one that can be deleted: not the table of names. */
export function isCollection(address: u32): bool {
  return isRecord(address) && address != changetype<HeapHeader>(HEADER).directory
}

export function areKinds(keyKind: u32, valueKind: u32): bool {
  return keyKind >= NUMBER_KIND && keyKind <= ANY_KIND && valueKind >= NUMBER_KIND && valueKind <= NO_KIND
}

/** A record that was deleted, taken for a new use; 0 for none. */
export function takeRecord(): u32 {
  if (!lockPool()) return 0
  let record = firstRecord()
  while (record && (loadReferences(record) || isUsedUp(record))) record = previousRecord(record)
  if (record) {
    note32(journalWord(offsetof<Journal>('making')))
    enter(journalWord(offsetof<Journal>('making')), record)
    noteReferences(record, DOOMED | 1)
    checkpoint(Checkpoint.RecordTaken)
    commit()
  }
  unlock(POOL)
  return record
}

/** A record more, in the list of all. */
export function newRecord(): u32 {
  const address = makeRecord(journalWord(offsetof<Journal>('making')))
  return address && linkRecord() ? address : NO_MEMORY
}

/** Links the record that is being made into the list of all. False if the pool is not to be had. */
function linkRecord(): bool {
  const record = journal().making
  if (!lockPool()) return false
  changetype<CollectionRecord>(record).magic = RECORD_MAGIC
  changetype<CollectionRecord>(record).seal = record + SEAL
  changetype<CollectionRecord>(record).references = DOOMED | 1
  changetype<CollectionRecord>(record).previous = firstRecord()
  note32(LIMITS + offsetof<HeapLimits>('records'))
  atomic.store<u32>(LIMITS, record, offsetof<HeapLimits>('records')) // pairs with firstRecord
  checkpoint(Checkpoint.RecordLinked)
  commit()
  unlock(POOL)
  return true
}

/** Makes a record one of this structure's, all of whose own words are 0: which is sound whatever structure looks at it. */
export function beginRecord(record: u32, structure: u32): void {
  memory.fill(record + u32(offsetof<CollectionRecord>()), 0, STRIPES - u32(offsetof<CollectionRecord>()))
  memory.fill(record + OWN_LINES, 0, RECORD_BYTES - OWN_LINES)
  changetype<CollectionRecord>(record).structure = structure
}

/** The record that is being made stays one for another use. False if the pool is not to be had. */
export function dropRecord(): bool {
  if (!lockPool()) return false
  noteReferences(journal().making, 0)
  note32(journalWord(offsetof<Journal>('making')))
  journal().making = 0
  commit()
  unlock(POOL)
  return true
}

/** Ends the making of a collection that came to nothing. False if the pool is not to be had. */
export function settleRecord(): bool {
  const record = journal().making
  if (!record) return true
  return (isListed(record) || linkRecord()) && dropRecord()
}

/** Records that a walk may yet come to. */
let recordsLeft: u32 = 0

/** Address of the newest record of the heap, 0 for none. A walk through all of them begins. */
export function firstRecord(): u32 {
  recordsLeft = mostOf(RECORD_BYTES)
  const record = atomic.load<u32>(LIMITS, offsetof<HeapLimits>('records'))
  ensureReach(record + RECORD_BYTES)
  return record
}

/** Address of the record that was made before this one, 0 for none. */
export function previousRecord(record: u32): u32 {
  if (!recordsLeft--) unreachable()
  const previous = changetype<CollectionRecord>(record).previous
  ensureReach(previous + RECORD_BYTES)
  return previous
}

/** Whether a record of this heap lies at the address. */
export function isListed(address: u32): bool {
  for (let record = firstRecord(); record; record = previousRecord(record)) {
    if (record == address) return true
  }
  return false
}

/** The stripes of a former use stay with their threads; what they counted does not. Nobody has the collection open. */
export function clearStripes(record: u32): void {
  for (let index: u32 = 0; index < MAX_THREADS; index++) {
    const stripe = atomic.load<u32>(stripeEntry(record, index))
    if (!stripe) continue
    ensureReach(stripe + STRIPE_BYTES)
    memory.fill(stripe, 0, STRIPE_BYTES)
    changetype<Stripe>(stripe).record = record
  }
}

// ---- References ----

/** Under the pool lock: whether the collection of this generation is there. */
export function isOpenTo(record: u32, generation: u32): bool {
  const references = loadReferences(record)
  return references && !(references & DOOMED) ? changetype<CollectionRecord>(record).generation == generation : false
}

/** Notes and changes a collection's references. Who takes the last one of a deleted collection has to give its memory back. */
export function noteReferences(record: u32, references: u32): void {
  if (references == DOOMED) {
    note32(journalWord(offsetof<Journal>('freeing')))
    enter(journalWord(offsetof<Journal>('freeing')), record)
  }
  note32(record + u32(offsetof<CollectionRecord>('references')))
  atomic.store<u32>(record, references, offsetof<CollectionRecord>('references')) // pairs with loadReferences
}
