import { FOR_SCRATCH, FOR_SEGMENT, POOL, Pool, Purpose, sizeClassAt } from '../layout/heap'
import { PAGE_BYTES, STRIPE_CLASS, UNIT_BYTES, UNIT_SHIFT } from '../layout/limits'
import { SCRATCH_HAND } from '../layout/thread'
import { Checkpoint, checkpoint } from '../sync/checkpoint'
import { commit, note32, note64 } from '../sync/journal'
import { hasGivenUp, lockPool, unlock } from '../sync/lock'
import { addressIn, bytesIn, emptyHand, fillHand, handAt } from './hands'
import { makeSlab } from './slabs'
import { noteGiven, noteTaken, settleRun, takeRun } from './units'

// Runs: the coarse allocator. Units in a row, for large blocks, segments and scratch. They pass between the pool and a hand
// of the thread in one commit, and are counted by what they are for. Which units are free: free-map.ts.

/** The address that is not one: no memory was to be had. */
export const NO_MEMORY: u32 = 0

const SCRATCH_UNITS: u32 = PAGE_BYTES >> UNIT_SHIFT
/** Free stripes that are kept ready, so that a thread that attaches to a full heap can open what is in it. */
const SPARE_STRIPES: u32 = 16

export function unitsFor(bytes: u32): u32 {
  return u32((u64(bytes) + (UNIT_BYTES - 1)) >> UNIT_SHIFT)
}

/** Puts so many units in a row into an empty hand. Returns their address, or NO_MEMORY. */
export function allocateRun(units: u32, purpose: Purpose, hand: u32): u32 {
  if (!lockPool()) return NO_MEMORY
  const address = takeRun(units, purpose == FOR_SEGMENT)
  if (address) {
    addUnits(purpose, units)
    note64(hand)
    fillHand(hand, address, units << UNIT_SHIFT)
    noteTaken()
    checkpoint(Checkpoint.RunOwned)
    commit()
  }
  unlock(POOL)
  return address
}

/** Gives back the units in a hand. False if the pool is not to be had: they are in the hand still. */
export function freeRun(hand: u32, purpose: Purpose): bool {
  if (!lockPool()) return false
  noteReleased(addressIn(hand), unitsFor(bytesIn(hand)), purpose)
  note64(hand)
  emptyHand(hand)
  checkpoint(Checkpoint.HandEmptied)
  commit()
  settleRun()
  keepSpare()
  unlock(POOL)
  return true
}

/** Under the pool lock, noted: units of this purpose are nobody's from the commit on, which settleRun() must follow. */
export function noteReleased(address: u32, units: u32, purpose: Purpose): void {
  noteGiven(address, units)
  addUnits(purpose, -units)
}

@inline
function pool(): Pool {
  return changetype<Pool>(POOL)
}

function addUnits(purpose: Purpose, units: u32): void {
  note32(POOL + purpose)
  store<u32>(POOL + purpose, load<u32>(POOL + purpose) + units)
  checkpoint(Checkpoint.UnitsCounted)
}

/** Units in use for one purpose. */
export function unitsInUse(purpose: Purpose): u32 {
  return load<u32>(POOL + purpose)
}

// ---- What is kept for who attaches to a full heap ----

/** A scratch page for this thread, which has none: the one that is kept, if there is no other. False: nor that. */
export function allocateScratch(): bool {
  const hand = handAt(SCRATCH_HAND)
  if (allocateRun(SCRATCH_UNITS, FOR_SCRATCH, hand)) return true
  if (hasGivenUp || !lockPool()) return false
  const spare = pool().spare
  if (spare) {
    note32(POOL + offsetof<Pool>('spare'))
    note64(hand)
    pool().spare = 0
    fillHand(hand, spare, PAGE_BYTES)
    checkpoint(Checkpoint.SpareTaken)
    commit()
  }
  unlock(POOL)
  return spare != 0
}

/** Under the pool lock, with an empty log: has a scratch page and some stripes ready again, if there is memory. */
export function keepSpare(): void {
  if (!pool().spare) {
    const address = takeRun(SCRATCH_UNITS, false)
    if (!address) return
    addUnits(FOR_SCRATCH, SCRATCH_UNITS)
    note32(POOL + offsetof<Pool>('spare'))
    pool().spare = address
    noteTaken()
    checkpoint(Checkpoint.SpareKept)
    commit()
  }
  if (sizeClassAt(STRIPE_CLASS).freeBlocks < SPARE_STRIPES) makeSlab(STRIPE_CLASS)
}

/** Bytes that are kept. */
export function spareBytes(): u32 {
  return pool().spare ? PAGE_BYTES : 0
}
