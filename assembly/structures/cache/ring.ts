import { Checkpoint, checkpoint } from '../../sync/checkpoint'
import { loadLevel, tableOf } from '../hashmap/layout/table'
import { cacheOf, controlOf, entriesOf, HEAD, isEnoughFor, RING, TAIL } from '../hashmap/layout/cache'

/**
 * The ring of the small part: the hashes of its entries, in the order in which they came. Hints: one may be lost, as when a thread
 * dies before it enters it, or be that of an entry that is gone. Who takes a hash looks whether there is such an entry, and the
 * hand takes what the ring has lost.
 *
 * Two counters, each changed by atomic instructions: tail by who enters, head by who takes. That is what all threads write with each
 * new entry, and a cache line that two threads write goes to and fro between their cores, which takes as long as all else that an
 * insert does. So a thread claims a run of places at a time, of two cache lines, and fills or empties it on its own. A place that
 * was claimed and is not filled yet holds an older hash, which leads nowhere.
 */

/** Most places of a run: those of two cache lines. */
const MOST_CLAIMED: u32 = 32
/** As many runs the small part has at least, or they are shorter: what is claimed and not filled counts as if it was. */
const LEAST_RUNS: u32 = 64

/** A tenth of the entries: of the bound, or, where bytes are bounded and there can never be so many, of what the buckets are made for. */
export function smallCapacity(stripe: u32): u32 {
  const most = entriesOf(controlOf(stripe).most)
  const level = loadLevel(tableOf(stripe))
  return max<u32>(1, (isEnoughFor(most, level) ? most : 5 << level) / 10)
}

/** The ring does not grow with the bound. */
@inline
function placesOf(stripe: u32): u32 {
  return 1 << controlOf(stripe).ringLog2
}

@inline
function placeOf(stripe: u32, index: u32): u32 {
  return cacheOf(stripe).control + RING + ((index & (placesOf(stripe) - 1)) << 2)
}

/** How many places are claimed at a time. */
function runLength(stripe: u32): u32 {
  const small = min<u32>(smallCapacity(stripe), placesOf(stripe))
  return max<u32>(1, min<u32>(MOST_CLAIMED, small / LEAST_RUNS))
}

/** How many hashes are in it, and in the run that this thread has taken out. */
@inline
export function ringLength(stripe: u32): u32 {
  const control = cacheOf(stripe).control
  const head = atomic.load<u32>(control + HEAD)
  return max<i32>(atomic.load<u32>(control + TAIL) - head, 0) + cacheOf(stripe).emptyLeft
}

/** Enters a hash; a full ring loses its oldest. */
export function enterHash(stripe: u32, hash: u32): void {
  const cache = cacheOf(stripe)
  const head = atomic.load<u32>(cache.control + HEAD)
  // Nobody would look at a place that the head has passed, while this thread made no entries.
  if (!cache.fillLeft || i32(cache.fillNext - head) < 0) claimPlaces(stripe)
  cache.fillLeft--
  atomic.store<u32>(placeOf(stripe, cache.fillNext++), hash)
}

/** Claims a run of places to fill. */
function claimPlaces(stripe: u32): void {
  const cache = cacheOf(stripe)
  const count = runLength(stripe)
  while (ringLength(stripe) + count > placesOf(stripe) && takeHash(stripe));
  cache.fillNext = atomic.add<u32>(cache.control + TAIL, count)
  cache.fillLeft = u8(count)
  checkpoint(Checkpoint.PlaceClaimed)
}

/** Perhaps the next to be taken, which stays: to begin to load its bucket. So plain loads will do. */
@inline
export function nextHash(stripe: u32): u32 {
  const cache = cacheOf(stripe)
  return load<u32>(placeOf(stripe, cache.emptyLeft ? cache.emptyNext : load<u32>(cache.control + HEAD)))
}

/** The hash that takeHash has taken. */
export let taken: u32 = 0

/** Takes the oldest. False: there is none. */
export function takeHash(stripe: u32): bool {
  const cache = cacheOf(stripe)
  if (!cache.emptyLeft && !claimHashes(stripe)) return false
  cache.emptyLeft--
  taken = atomic.load<u32>(placeOf(stripe, cache.emptyNext++))
  return true
}

/** Claims a run of places to empty. False: there is none. */
function claimHashes(stripe: u32): bool {
  const control = cacheOf(stripe).control
  while (true) {
    const head = atomic.load<u32>(control + HEAD)
    const left = i32(atomic.load<u32>(control + TAIL) - head)
    if (left <= 0) return false
    const count = min<u32>(left, runLength(stripe))
    if (atomic.cmpxchg<u32>(control + HEAD, head, head + count) != head) continue
    cacheOf(stripe).emptyNext = head
    cacheOf(stripe).emptyLeft = u8(count)
    return true
  }
  return false
}
