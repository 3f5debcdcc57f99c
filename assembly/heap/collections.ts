import { HEADER, HeapHeader, POOL } from '../layout/heap'
import {
  CollectionRecord, flagsOf, isUnnamed, loadReferences, nextGeneration, NUMBER_KIND, STRING_KIND, stripeEntry,
} from '../layout/record'
import { results } from '../layout/scratch'
import { DELETED, INVALID, OUT_OF_MEMORY, OWNER_UNRESPONSIVE } from '../layout/status'
import { isMine, recordOf, sealOf, Stripe, STRIPE_BYTES } from '../layout/stripe'
import { isAttached, Journal, journal, journalWord, me, SEGMENT_HAND } from '../layout/thread'
import { Checkpoint, checkpoint } from '../sync/checkpoint'
import { commit, note32, note64 } from '../sync/journal'
import { blameSelf, lockPool, mustSettle, unlock } from '../sync/lock'
import { ensureReach, isHandedOut } from '../sync/reach'
import { noteHandedOver } from '../memory/blocks'
import { handAt } from '../memory/hands'
import { NO_MEMORY } from '../memory/runs'
import { makeStripe } from '../memory/supply'
import { finishDeletion, finishFreeing, noteDoomed } from './deletion'
import {
  areKinds, beginRecord, clearStripes, dropRecord, firstRecord, isCollection, isOpenTo, isRecord, newRecord, noteReferences,
  previousRecord, settleRecord, takeRecord,
} from './records'
import { isStructure, leaveStripe, make, NAMES, openStripe } from './registry'

/**
 * Collections: making, opening and closing them. A record stays a record for ever and is used again (records.ts), so an old
 * address leads to a record, whose generation and references tell whether it is still the same collection. Deletion:
 * deletion.ts. What differs from structure to structure: registry.ts.
 *
 *     references       0  ->  DOOMED + 1  ->  1  ->  1 + threads  ->  DOOMED + threads  ->  DOOMED  ->  0
 *                      free   being made      open to all             deleted: nobody       its memory
 *                                                                     opens it any more     is given back
 *
 * In a collection without a name nobody has the first reference for good: the last thread that closes it deletes it. A
 * thread that dies closes what it had open when it is recovered, so it may be the last one, too.
 *
 * References change under the pool lock, noted together with what they stand for, so that they are right whoever dies.
 */

/**
 * Makes a collection of a structure with room for `capacity` (what that counts, the structure says; 0: the default). Returns
 * the address of its record, NO_MEMORY if there is no memory, or no such structure.
 * It is deleted if this thread dies before keepCollection(); if it is `unnamed`, when the last thread closes it.
 */
export function createCollection(
  structure: u32, keyKind: u32, valueKind: u32, capacity: f64, codec: u32, unnamed: bool,
): u32 {
  if (!isAttached() || !isStructure(structure) || !areKinds(keyKind, valueKind)) return NO_MEMORY
  if (mustSettle() || mustSettleClaim()) return NO_MEMORY
  if (!settleRecord()) return NO_MEMORY // what an earlier call could not end
  const address = takeRecord() || newRecord()
  if (!address) return NO_MEMORY
  beginRecord(address, structure)
  const record = changetype<CollectionRecord>(address)
  record.keyKind = keyKind
  record.valueKind = valueKind
  record.codec = codec
  record.generation = nextGeneration(address, unnamed)
  clearStripes(address)
  if (!make(address, capacity)) {
    dropRecord()
    return NO_MEMORY
  }
  checkpoint(Checkpoint.CollectionFilled)
  publish(address)
  return address
}

function publish(record: u32): void {
  noteHandedOver(handAt(SEGMENT_HAND))
  note64(journalWord(offsetof<Journal>('claimed')))
  claim(record, changetype<CollectionRecord>(record).generation)
  note32(journalWord(offsetof<Journal>('making')))
  journal().making = 0
  noteReferences(record, 1) // publishes all of it: pairs with openCollection
  checkpoint(Checkpoint.CollectionPublished)
  commit()
}

/** Makes the table of names, once, by the thread that makes the heap. 0: it could not, or there is one. */
export function createDirectory(): u32 {
  if (changetype<HeapHeader>(HEADER).directory) return 0
  const directory = createCollection(NAMES, STRING_KIND, NUMBER_KIND, 0, 0, false)
  if (!directory) return 0
  changetype<HeapHeader>(HEADER).directory = directory
  keepCollection()
  return directory
}

// ---- Claims: collections that nobody else knows ----

/**
 * If this thread dies, this collection is to be deleted unless it has a name: the thread is about to take the name away. 0, or
 * negative: an exception has left another claim.
 */
export function claimCollection(record: u32, generation: u32): i32 {
  if (!isAttached() || !isCollection(record)) return INVALID
  if (mustSettleClaim()) return OWNER_UNRESPONSIVE
  claim(record, generation)
  return 0
}

/** Whether an exception came between a claim and its end: mend() has to see whether that collection has a name. */
function mustSettleClaim(): bool {
  return journal().claimed ? !blameSelf() : false
}

/** Others know the collection that this thread has claimed. */
export function keepCollection(): void {
  if (!isAttached()) return
  claim(0, 0)
  checkpoint(Checkpoint.CollectionKept)
}

@inline
function claim(record: u32, generation: u32): void {
  store<u64>(journalWord(offsetof<Journal>('claimed')), u64(record) | (u64(generation) << 32))
}

// ---- What threads do with them ----

/**
 * This thread's stripe of a collection, which it has open then; 0: results().status is OUT_OF_MEMORY, DELETED,
 * OWNER_UNRESPONSIVE, or INVALID.
 */
export function openCollection(record: u32, generation: u32): u32 {
  if (!isAttached()) return 0
  if (!isRecord(record)) return refuse(INVALID)
  if (mustSettle()) return refuse(OWNER_UNRESPONSIVE)
  const stripe = stripeOf(record)
  if (!stripe) return refuse(OUT_OF_MEMORY)
  if (!lockPool()) return refuse(OWNER_UNRESPONSIVE)
  const isOpen = isOpenTo(record, generation)
  if (isOpen) {
    if (!changetype<Stripe>(stripe).opens) {
      beginStripe(stripe, record)
      noteReferences(record, loadReferences(record) + 1)
    }
    noteOpens(stripe, changetype<Stripe>(stripe).opens + 1)
    checkpoint(Checkpoint.CollectionOpened)
    commit()
  }
  unlock(POOL)
  return isOpen ? stripe : refuse(DELETED)
}

function refuse(status: i32): u32 {
  results().status = status
  return 0
}

/** Lets go of a collection once: the last to do so deletes it if it has no name. 0, or negative: it is still open. */
export function closeCollection(stripe: u32): i32 {
  return isMine(stripe) ? leaveCollection(stripe, changetype<Stripe>(stripe).opens - 1) : INVALID
}

/** Has a collection open only so many times more. */
function leaveCollection(stripe: u32, opens: u32): i32 {
  if (mustSettle() || !finishDeletion() || !finishFreeing()) return OWNER_UNRESPONSIVE
  if (!opens && !leaveStripe(stripe, recordOf(stripe))) return OWNER_UNRESPONSIVE
  if (!lockPool()) return OWNER_UNRESPONSIVE
  noteOpens(stripe, opens)
  if (!opens) {
    noteSeal(stripe, 0)
    noteLeft(recordOf(stripe))
  }
  checkpoint(Checkpoint.CollectionClosed)
  commit()
  unlock(POOL)
  if (finishDeletion()) finishFreeing() // else with the next collection that is closed or deleted, or when this thread leaves
  return 0
}

/** One thread less has a collection open. */
function noteLeft(record: u32): void {
  const references = loadReferences(record) - 1
  if (references == 1 && isUnnamed(record)) noteDoomed(record, references)
  else noteReferences(record, references)
}

/** What recovery does about the collections that its thread had open. False if a lock is not to be had. */
export function closeAll(): bool {
  for (let record = firstRecord(); record; record = previousRecord(record)) {
    const stripe = atomic.load<u32>(stripeEntry(record, me().id - 1))
    if (!stripe) continue
    ensureReach(stripe + STRIPE_BYTES)
    if (changetype<Stripe>(stripe).opens && leaveCollection(stripe, 0) < 0) return false
  }
  return finishDeletion() && finishFreeing()
}

function noteOpens(stripe: u32, opens: u32): void {
  note32(stripe + u32(offsetof<Stripe>('opens')))
  changetype<Stripe>(stripe).opens = opens
}

function noteSeal(stripe: u32, seal: u32): void {
  note32(stripe + u32(offsetof<Stripe>('seal')))
  changetype<Stripe>(stripe).seal = seal
}

/** This thread's stripe of a collection, made at its first visit; 0 if there is no memory. */
function stripeOf(record: u32): u32 {
  const entry = stripeEntry(record, me().id - 1)
  const stripe = atomic.load<u32>(entry) || makeStripe(entry)
  checkpoint(Checkpoint.StripeMade)
  if (stripe && !isHandedOut(stripe, STRIPE_BYTES)) unreachable()
  return stripe
}

/** Nobody looks at what is written here before the commit that opens the table. */
function beginStripe(stripe: u32, record: u32): void {
  changetype<Stripe>(stripe).record = record
  changetype<Stripe>(stripe).flags = flagsOf(record)
  noteSeal(stripe, sealOf(stripe, changetype<CollectionRecord>(record).structure))
  openStripe(stripe, record)
}
