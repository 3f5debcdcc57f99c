import { NO_CREDIT, OUT_OF_MEMORY } from '../../layout/status'
import { cacheOf, controlOf } from '../hashmap/layout/cache'
import { SLOT_UNITS, unitsOfMeta } from '../hashmap/layout/wide'
import { NoValue } from '../../memory/value'
import { forgetMade, hasCredit, hasMade, madeSmall } from '../hashmap/live'
import { acquire, giveBack } from './credits'
import { evictOne, sweepSome } from './evict'
import { overtake } from './leases'
import { peekLive, takeMissed } from './read'
import { enterHash } from './ring'

// What comes before and after a write to a cache that may make an entry. Before it: a credit, for which another entry is evicted
// if need be, unless the key is there. The thread holds no lock meanwhile, and nothing is in its hands; so the operation
// looks again, and says NO_CREDIT if the entry has gone meanwhile.

/** Entries that are evicted for one for which the heap has no room, before it is refused. */
const MOST_EVICTED: u32 = 64
const MOST_TRIES: u32 = 1000

let tries: u32 = 0
let evictedForRoom: u32 = 0

export function beginWrite(stripe: u32, hash: u32): void {
  overtake(stripe, hash)
  forgetMade()
  tries = 0
  evictedForRoom = 0
}

/** Instead of a meta word: what is no block. (0 is that of an empty text.) */
export const NO_BLOCK: u32 = u32.MAX_VALUE

/** Units of an entry whose key and value have these meta words, or are NO_BLOCK. */
export function unitsFor(stripe: u32, keyMeta: u32, valueMeta: u32): u32 {
  if (!controlOf(stripe).isCounted) return 0
  return SLOT_UNITS + (keyMeta != NO_BLOCK ? unitsOfMeta(keyMeta) : 0) + (valueMeta != NO_BLOCK ? unitsOfMeta(valueMeta) : 0)
}

/** Sees to it that the write can be paid for. 0, or negative. */
export function afford<K>(stripe: u32, probe: u64, hash: u32, units: u32): i32 {
  const isMissing = takeMissed(stripe, hash)
  const isPaid = hasCredit(stripe) || (!isMissing && peekLive<K, NoValue>(stripe, probe, hash, true) == 1)
  return isPaid && !units ? 0 : acquire(stripe, isPaid ? 0 : 1, units)
}

/** Whether a write that came to this is to be tried again: what it lacked is there now, perhaps. */
export function isToBeTried(stripe: u32, status: i32): bool {
  if (status == NO_CREDIT) return ++tries < MOST_TRIES
  if (status != OUT_OF_MEMORY) return false
  return evictedForRoom++ < MOST_EVICTED ? evictOne(stripe) == 0 : false
}

/** After a write. */
export function endWrite(stripe: u32, hash: u32): void {
  if (hasMade) {
    cacheOf(stripe).made++
    if (madeSmall) enterHash(stripe, hash)
    if (controlOf(stripe).hasTimes) sweepSome(stripe)
    forgetMade()
  }
  giveBack(stripe)
}
