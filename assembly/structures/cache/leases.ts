import { me } from '../../layout/thread'
import { cacheOf, LEASE_COUNT, leaseOf, LEASES, LOADS } from '../hashmap/layout/cache'

/**
 * Leases: who loads what, for all threads. TypeScript takes and gives them back, by atomic instructions (src/cache/leases.ts);
 * the core does what must not be forgotten: a write to a key marks the leases of its hash, so that what is being loaded does not
 * overwrite it, and a thread that leaves or is recovered loses its own, so that the next one loads.
 *
 *     lease   how often 8 | tag of the hash 15 | OVERTAKEN | thread 8        0: nobody's
 *
 * A key's lease is one of the 16 words of one cache line, which its hash names.
 */
export const OVERTAKEN_BIT: u32 = 0x100
export const TAG_MASK: u32 = 0xfffe00
export const LINE_WORDS: u32 = 16
const THREAD_MASK: u32 = 0xff

/** The line of a hash: the offset from the control. */
@inline
export function lineOf(hash: u32): u32 {
  return LEASES + (((hash >> 4) & (LEASE_COUNT / LINE_WORDS - 1)) << 6)
}

@inline
export function tagOf(hash: u32): u32 {
  return (hash >> 8 << 9) & TAG_MASK
}

/** Before a write to a key: what is being loaded for it is out of date. */
@inline
export function overtake(stripe: u32, hash: u32): void {
  // Who takes a lease counts it first, and reads after that: so either it is seen here, or what is read there is not older than this.
  if (atomic.load<u32>(cacheOf(stripe).control + LOADS)) mark(stripe, hash)
}

function mark(stripe: u32, hash: u32): void {
  const line = cacheOf(stripe).control + lineOf(hash)
  for (let word: u32 = 0; word < LINE_WORDS; word++) {
    const at = line + (word << 2)
    const seen = atomic.load<u32>(at)
    if (!seen || (seen & TAG_MASK) != tagOf(hash) || (cacheOf(stripe).leaseWord && at == leaseOf(stripe))) continue
    atomic.cmpxchg<u32>(at, seen, seen | OVERTAKEN_BIT) // if that fails, its load is over
  }
}

/** The same for all keys. */
export function overtakeAll(stripe: u32): void {
  for (let index: u32 = 0; index < LEASE_COUNT; index++) {
    const at = cacheOf(stripe).control + LEASES + (index << 2)
    const seen = atomic.load<u32>(at)
    if (seen) atomic.cmpxchg<u32>(at, seen, seen | OVERTAKEN_BIT)
  }
}

/** This thread loads nothing any more: who waits for it loads itself. */
export function dropLeases(control: u32): void {
  for (let index: u32 = 0; index < LEASE_COUNT; index++) {
    const at = control + LEASES + (index << 2)
    const seen = atomic.load<u32>(at)
    if ((seen & THREAD_MASK) != me().id) continue
    atomic.store<u32>(at, 0)
    atomic.sub<u32>(control + LOADS, 1)
    atomic.notify(at, -1)
  }
}
