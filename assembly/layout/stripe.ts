import { SEAL } from './record'
import { self } from './thread'

/**
 * A stripe: what one thread keeps for one collection. Only its thread writes it; others read its counters. What all structures
 * have comes first, then the structure's own: shares of counters, so that counting touches no shared cache line. Aligned to two
 * cache lines.
 */
@unmanaged
export class Stripe {
  record: u32
  /** Of the collection's kinds. */
  flags: u32
  /** How often this thread has the collection open. */
  opens: u32
  /** While it is open: the stripe's own address and its thread's, mixed. Every call that is given a stripe looks. */
  seal: u32
  lockWaits: u32
  readRetries: u32
}

export const STRIPE_BYTES: u32 = 128

@inline
export function recordOf(stripe: u32): u32 {
  return changetype<Stripe>(stripe).record
}

@inline
export function hasFlag(stripe: u32, flag: u32): bool {
  return (changetype<Stripe>(stripe).flags & flag) != 0
}

/** What a stripe's seal is while its thread has the collection, of this structure, open. */
@inline
export function sealOf(stripe: u32, structure: u32): u32 {
  return stripe + self + SEAL + structure
}

/** Structures that a seal tells apart, from 1 on. */
const MOST_STRUCTURES: u32 = 256

/** Whether this is a stripe of this thread's, of a collection that it has open, whatever its structure. */
@inline
export function isMine(stripe: u32): bool {
  return changetype<Stripe>(stripe).seal - sealOf(stripe, 1) < MOST_STRUCTURES
}

/** The same, of a collection of this structure. */
@inline
export function isMineOf(stripe: u32, structure: u32): bool {
  return changetype<Stripe>(stripe).seal == sealOf(stripe, structure)
}
