import { Checkpoint, checkpoint } from '../../sync/checkpoint'
import { cacheOf, controlOf, HEAD, RING, TAIL } from '../hashmap/layout/cache'

/**
 * The ring of the small part: the hashes of its entries, in the order in which they came. Hints: one may be lost, as when a thread
 * dies before it enters it, or be that of an entry that is gone. Who takes a hash looks whether there is such an entry, and the
 * hand takes what the ring has lost.
 *
 * Two counters, each changed by atomic instructions: tail by who enters, head by who takes. A place that was claimed and is not
 * filled yet holds an older hash, which leads nowhere.
 */

@inline
function placeOf(stripe: u32, index: u32): u32 {
  return cacheOf(stripe).control + RING + ((index & ((1 << controlOf(stripe).ringLog2) - 1)) << 2)
}

/** How many hashes are in it. */
@inline
export function ringLength(stripe: u32): u32 {
  const control = cacheOf(stripe).control
  const head = atomic.load<u32>(control + HEAD)
  return max<i32>(atomic.load<u32>(control + TAIL) - head, 0)
}

/** Enters a hash; a full ring loses its oldest. */
export function enterHash(stripe: u32, hash: u32): void {
  if (ringLength(stripe) >= 1 << controlOf(stripe).ringLog2) takeHash(stripe)
  const index = atomic.add<u32>(cacheOf(stripe).control + TAIL, 1)
  checkpoint(Checkpoint.PlaceClaimed)
  atomic.store<u32>(placeOf(stripe, index), hash)
}

/** Perhaps the oldest, which stays: to begin to load its bucket. So plain loads will do. */
@inline
export function nextHash(stripe: u32): u32 {
  return load<u32>(placeOf(stripe, load<u32>(cacheOf(stripe).control + HEAD)))
}

/** The hash that takeHash has taken. */
export let taken: u32 = 0

/** Takes the oldest. False: there is none. */
export function takeHash(stripe: u32): bool {
  const head = cacheOf(stripe).control + HEAD
  while (ringLength(stripe)) {
    const index = atomic.load<u32>(head)
    taken = atomic.load<u32>(placeOf(stripe, index))
    if (atomic.cmpxchg<u32>(head, index, index + 1) == index) return true
  }
  return false
}
