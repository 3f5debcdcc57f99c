import { Purpose } from '../layout/heap'
import { CLASSES, RECORD_CLASS, STRIPE_CLASS } from '../layout/limits'
import { STRIPE_BYTES } from '../layout/stripe'
import { Journal, journal, journalWord, RAW_HAND } from '../layout/thread'
import { Checkpoint, checkpoint } from '../sync/checkpoint'
import { commit, enter, note32, note64 } from '../sync/journal'
import { blameSelf, hasGivenUp, mustMend } from '../sync/lock'
import { classBytes } from './classes'
import { addressIn, bytesIn, emptyHand, handAt } from './hands'
import { give, isNextOf, popInto, reserved, takeBatch } from './lists'
import { callOthers, relieve } from './pressure'
import { allocateRun, NO_MEMORY } from './runs'

// Where memory comes from: a thread's lists, the slabs, the free units; and when these have nothing, what this thread and
// then the others have in their lists and can do without.

/**
 * Sees to it that the next `count` takes of this class succeed. Called before a lock is taken, so that running out
 * of memory leaves everything as it was. False if there is no memory.
 */
@inline
export function reserve(sizeClass: u32, count: u32): bool {
  return reserved(sizeClass) >= count || refillTo(sizeClass, count)
}

function refillTo(sizeClass: u32, count: u32): bool {
  while (reserved(sizeClass) < count) {
    if (!refill(sizeClass)) return false
  }
  return true
}

function refill(sizeClass: u32): bool {
  if (mustMend()) return false
  if (takeBatch(sizeClass)) return true
  if (hasGivenUp) return false
  if (relieve(sizeClass) && takeBatch(sizeClass)) return true
  return !hasGivenUp && callOthers() && takeBatch(sizeClass)
}

/** Puts so many units in a row into an empty hand. Returns their address, or NO_MEMORY: also if this thread has to mend. */
export function supplyRun(units: u32, purpose: Purpose, hand: u32): u32 {
  if (mustMend()) return NO_MEMORY
  const address = allocateRun(units, purpose, hand)
  if (address || hasGivenUp) return address
  const more = relieve(CLASSES) ? allocateRun(units, purpose, hand) : NO_MEMORY
  if (more || hasGivenUp) return more
  return callOthers() ? allocateRun(units, purpose, hand) : NO_MEMORY
}

// ---- Memory that stays what it is for good: tables' records, and stripes ----

/** A record, zeroed, whose address goes into the word `owner`. NO_MEMORY if there is none. */
export function makeRecord(owner: u32): u32 {
  return makeRaw(RECORD_CLASS, owner)
}

/** A stripe, likewise. */
export function makeStripe(owner: u32): u32 {
  return makeRaw(STRIPE_CLASS, owner)
}

/** Others may act on the word `owner`, so the memory belongs to it before it says so. */
function makeRaw(sizeClass: u32, owner: u32): u32 {
  const hand = handAt(RAW_HAND)
  if (journal().raw || addressIn(hand)) { // which an exception has left
    blameSelf()
    return NO_MEMORY
  }
  if (!reserve(sizeClass, 1)) return NO_MEMORY
  const address = popInto(hand, sizeClass)
  memory.fill(address, 0, classBytes(sizeClass))
  note64(hand)
  note32(journalWord(offsetof<Journal>('raw')))
  emptyHand(hand)
  journal().rawOwner = owner
  enter(journalWord(offsetof<Journal>('raw')), address)
  checkpoint(Checkpoint.RawOwned)
  commit()
  settleRaw()
  return address
}

/** Enters the address of what was made last where it belongs, or gives back what came to nothing. */
export function settleRaw(): void {
  if (journal().raw) {
    atomic.store<u32>(journal().rawOwner, journal().raw) // pairs with sum() in counter.ts, where it is a table's stripe
    checkpoint(Checkpoint.RawEntered)
    journal().raw = 0
  }
  const hand = handAt(RAW_HAND)
  if (!addressIn(hand)) return
  const sizeClass = bytesIn(hand) == STRIPE_BYTES ? STRIPE_CLASS : RECORD_CLASS
  if (isNextOf(sizeClass, addressIn(hand))) emptyHand(hand)
  else give(hand, sizeClass)
}
