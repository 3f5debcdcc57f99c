import { FOR_SCRATCH } from '../layout/heap'
import { SPILL_HAND } from '../layout/thread'
import { release } from './blocks'
import { addressIn, handAt } from './hands'
import { unitsFor } from './runs'
import { supplyRun } from './supply'

// The spill: room for a result that the scratch page is too small for, kept until JavaScript has decoded it.

/** Gets a spill of at least `bytes`. False if there is no memory. Never while a lock is held. */
export function makeRoom(bytes: u32): bool {
  dropSpill()
  return supplyRun(unitsFor(bytes), FOR_SCRATCH, handAt(SPILL_HAND)) != 0
}

/** Gives the spill back, if there is one. */
export function dropSpill(): void {
  if (addressIn(handAt(SPILL_HAND))) release(handAt(SPILL_HAND), FOR_SCRATCH)
}
