import { MAX_THREADS, RECORD_CLASS, STRIPE_CLASS } from '../layout/limits'
import { CollectionRecord, isDoomed, isUnnamed, loadReferences, stripeEntry } from '../layout/record'
import { results } from '../layout/scratch'
import { INVALID } from '../layout/status'
import { Stripe, STRIPE_BYTES } from '../layout/stripe'
import { isAttached, Journal, JOURNAL, threadSlot } from '../layout/thread'
import { isHandedOut } from '../sync/reach'
import { clearTally, tallyBlock } from '../memory/tally'
import { checkAccounts } from './accounting'
import { firstRecord, isRecord, previousRecord } from './records'
import { check, tally } from './registry'

/**
 * Check: walks every collection of the heap and then the allocator's accounts, while no thread writes. Returns 0 or the first
 * invariant found broken, with results().address near the place. 1 to 13, 15, 16: see the structure's check; from 20 on:
 * accounting.ts.
 */
const NO_RECORD: i32 = 14
const REFERENCES_WRONG: i32 = 17

export function checkHeap(): i32 {
  if (!isAttached()) return INVALID
  clearTally()
  for (let record = firstRecord(); record; record = previousRecord(record)) {
    results().address = record
    if (!isRecord(record)) return NO_RECORD
    tallyRecord(record)
    if (isDoomed(record)) continue // deleted: no entries
    if (!areReferencesRight(record)) return REFERENCES_WRONG
    if (!loadReferences(record)) continue
    const broken = check(record)
    if (broken) return broken
  }
  return checkAccounts()
}

/** Whether somebody has each reference; and whether a collection without a name has somebody who will delete it. */
function areReferencesRight(record: u32): bool {
  const references = loadReferences(record)
  let opened: u32 = 0
  let claimed: u32 = 0
  for (let index: u32 = 0; index < MAX_THREADS; index++) {
    const stripe = atomic.load<u32>(stripeEntry(record, index))
    if (stripe && !isHandedOut(stripe, STRIPE_BYTES)) return false
    if (stripe && changetype<Stripe>(stripe).opens) opened++
    const journal = changetype<Journal>(threadSlot(index) + JOURNAL)
    if (journal.claimed == record && journal.claimedGeneration == changetype<CollectionRecord>(record).generation) claimed++
  }
  if (!references) return !opened
  return references == 1 + opened && (!isUnnamed(record) || opened || claimed)
}

/** Counts a record, its stripes, and what the collection is made of. */
function tallyRecord(record: u32): void {
  tallyBlock(record, RECORD_CLASS)
  for (let index: u32 = 0; index < MAX_THREADS; index++) {
    const stripe = atomic.load<u32>(stripeEntry(record, index))
    if (stripe) tallyBlock(stripe, STRIPE_CLASS)
  }
  if (loadReferences(record)) tally(record) // else it waits for a new use
}
