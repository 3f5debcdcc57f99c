import { GROW_DENOMINATOR, GROW_NUMERATOR, SLOTS_PER_BUCKET } from '../../../layout/limits'
import { bucketBytesOf, headAt, Table, TableStripe } from './table'

/**
 * What a cache has beside its buckets: behind the heads of its first segment, so that it lies where the record and its level say.
 *
 *     0       bound       lock, credits that no thread has, how many there are of them; what was asked for when it was made
 *     128     clock       the latest moment that any thread has seen, in milliseconds since the first, and which that was
 *     256     tail        where the ring of the small part is filled
 *     384     head        where it is emptied
 *     512     loads       how many are under way; what stats() says of them
 *     1024    leases      256 words: who loads what
 *     2048    failures    16 of 512 bytes: how loads have failed
 *     10240   ring        hashes of the entries of the small part, in the order in which they came
 */
@unmanaged
@final
export class Control {
  lock: u32
  /** Binary logarithm of the places of the ring. */
  ringLog2: u32
  /** Credits that no thread has: entries low, units of 8 bytes high. Under the lock. */
  free: u64
  /** All credits that there are; in the same way. */
  most: u64
  /** Milliseconds that an entry lives after it is written; Infinity. */
  ttl: f64
  /** Share of that by which it is shortened at random. */
  jitter: f64
  /** For so long after its end an entry is not swept, because it may be given out while a new value is loaded. */
  staleFor: f64
  /** Whether there ever was an entry with an end. */
  hasTimes: u32
  /** Whether bytes are bounded, and counted. */
  isCounted: u32
  /** How long an entry lives unused, as layout/wide.ts has it. */
  idle: u32
  /** The causes of removals that somebody listens for: see layout/removals.ts. Under the lock. */
  causes: u32
  /** Where removals go, 0: nobody has listened yet. Under the lock. */
  ring: u32
}

export const CLOCK: u32 = 128
export const FIRST_MOMENT: u32 = 136
export const TAIL: u32 = 256
export const HEAD: u32 = 384
export const LOADS: u32 = 512
export const LEASES: u32 = 1024
export const LEASE_COUNT: u32 = 256
export const FAILURES: u32 = 2048
export const FAILURE_BYTES: u32 = 512
export const FAILURE_COUNT: u32 = 16
export const RING: u32 = 10240

/** A cache's stripe: this thread's credits, its hand, its times, what it has seen happen. */
@unmanaged
@final
export class CacheStripe extends TableStripe {
  control: u32
  /** Of the next entry that is written, as layout/wide.ts has it; USUAL_IDLE: as the cache's. */
  nextIdle: u32
  /** The next of the places of the ring that this thread has claimed to fill. */
  fillNext: u32
  /** Credits that this thread has: as Control.free. */
  credit: u64
  /** Of the next entry that is written; NaN: as the cache's. */
  nextTtl: f64
  hits: u64
  misses: u64
  made: u32
  evictions: u32
  expirations: u32
  /** The bucket that the hand is at, and the entry in its chain. */
  hand: u32
  handSlot: u16
  /** Which lease the next write fills. */
  leaseIndex: u8
  /** Whether removals from number `claim` on may be this thread's, which it has not published yet. */
  isClaiming: u8
  /** The next bucket to be swept. */
  sweeper: u32
  /** The word that this lease must have; 0: there is none. */
  leaseWord: u32
  claim: u32
  /** How often this thread listens for each cause, a byte each: those of cause 1 in the lowest. Under the lock of the control. */
  listens: u32
  /** The next of the hashes of the ring that this thread has claimed to take. */
  emptyNext: u32
}

export const USUAL_IDLE: u32 = u32.MAX_VALUE

@inline
export function cacheOf(stripe: u32): CacheStripe {
  return changetype<CacheStripe>(stripe)
}

@inline
export function controlOf(stripe: u32): Control {
  return changetype<Control>(cacheOf(stripe).control)
}

/** The lease that the next write fills, if its stripe says that there is one. */
@inline
export function leaseOf(stripe: u32): u32 {
  return cacheOf(stripe).control + LEASES + (u32(cacheOf(stripe).leaseIndex) << 2)
}

/** Where the control lies of a cache. */
export function controlAt(table: u32): u32 {
  return headAt(table, 0) + (bucketBytesOf(table) << changetype<Table>(table).baseLevel)
}

export function controlBytes(ringLog2: u32): u32 {
  return RING + (4 << ringLog2)
}

/** So many entries have as many heads as in a map. */
const FEW: u32 = 4096

/**
 * Whether 2^level heads are enough for so many entries, the bound: a slot for each. From there on a cache's table does not grow, for
 * twice as many heads cost more than the overflow buckets that two heads in five have at most (docs/design/cache.md, section 1).
 * With few entries that is little memory, and more heads have more ghosts.
 */
export function isEnoughFor(most: u32, level: u32): bool {
  if (most <= FEW) return u64(most) * GROW_DENOMINATOR <= u64(GROW_NUMERATOR) << level
  return u64(most) <= u64(SLOTS_PER_BUCKET) << level
}

// ---- Credits ----

export const MOST_CREDITS: u32 = 0x7fff_ffff

@inline
export function credits(entries: u32, units: u32): u64 {
  return u64(entries) | (u64(units) << 32)
}

@inline
export function entriesOf(credits: u64): u32 {
  return u32(credits)
}

@inline
export function unitsIn(credits: u64): u32 {
  return u32(credits >> 32)
}
