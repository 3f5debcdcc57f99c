import { FOR_SEGMENT } from '../../layout/heap'
import { MAX_THREADS } from '../../layout/limits'
import { stripeEntry } from '../../layout/record'
import { results, scratchValue } from '../../layout/scratch'
import { INVALID, OUT_OF_MEMORY, OWNER_UNRESPONSIVE } from '../../layout/status'
import { STRIPE_BYTES } from '../../layout/stripe'
import { SEGMENT_HAND, SPILL_HAND } from '../../layout/thread'
import { Checkpoint, checkpoint } from '../../sync/checkpoint'
import { commit, note32 } from '../../sync/journal'
import { hasGivenUp, lockIn, mustSettle, unlock } from '../../sync/lock'
import { ensureReach } from '../../sync/reach'
import { noteHandedOver, release } from '../../memory/blocks'
import { copyShared } from '../../memory/contents'
import { addressIn, handAt } from '../../memory/hands'
import { newSegment } from '../../memory/segments'
import { makeRoom } from '../../memory/spill'
import { cacheOf, CacheStripe, Control } from '../hashmap/layout/cache'
import {
  ALL_CAUSES, beginAt, beginIn, causeAt, causeBit, DELETED_BY, EVICTED, markOf, numberIn, PLACE_COUNT, placeAt, REMOVAL_HEAD, REMOVAL_TAIL, REMOVALS_BYTES,
  ringOf, STORE_WORDS, storeAt, wordsAt,
} from '../hashmap/layout/removals'
import { tableOf } from '../hashmap/layout/table'
import { isPublished, isVoid } from '../hashmap/removals'
import { fitsValueArea } from '../../memory/value'

// Listening to a cache: hashmap/removals.ts has what those do who remove. Each listener has a number of its own that it goes on from, which
// nobody else knows: so it costs nothing when it has gone. Who writes looks at one word, the causes that any thread listens
// for; that is made of what the stripes say, anew each time, under the lock of the control.

/** Begins to listen for causes, or ends. 0, or negative. */
export function listen(stripe: u32, causes: u32, begins: bool): i32 {
  if (causes & ~ALL_CAUSES) return INVALID
  if (begins && !ringOf(stripe)) {
    const status = makeRing(stripe)
    if (status < 0) return status
  }
  if (!lockIn(cacheOf(stripe).control, tableOf(stripe), stripe)) return OWNER_UNRESPONSIVE
  const counts = counted(cacheOf(stripe).listens, causes, begins)
  if (counts >= 0) tellCauses(stripe, u32(counts))
  unlock(cacheOf(stripe).control)
  return counts < 0 ? INVALID : 0
}

/** This thread listens no longer. False: the lock is not to be had. */
export function endListening(stripe: u32): bool {
  if (!cacheOf(stripe).listens) return true
  if (!lockIn(cacheOf(stripe).control, tableOf(stripe), stripe)) return false
  tellCauses(stripe, 0)
  unlock(cacheOf(stripe).control)
  return true
}

/** How often a thread listens for each cause, when it has begun or ended once more; negative: too often. */
function counted(listens: u32, causes: u32, begins: bool): i64 {
  let counts = listens
  for (let cause = EVICTED; cause <= DELETED_BY; cause++) {
    if (!(causes & causeBit(cause))) continue
    const shift = (cause - 1) << 3
    const count = (listens >> shift) & 0xff
    if (count == (begins ? 0xff : 0)) return -1
    counts = begins ? counts + (1 << shift) : counts - (1 << shift)
  }
  return i64(counts)
}

/** Under the lock. Who dies in between says the same again when it is recovered: see leaveStripe in hooks.ts. */
function tellCauses(stripe: u32, listens: u32): void {
  atomic.store<u32>(stripe, listens, offsetof<CacheStripe>('listens'))
  checkpoint(Checkpoint.ListenerCounted)
  let causes: u32 = 0
  for (let index: u32 = 0; index < MAX_THREADS; index++) {
    const other = atomic.load<u32>(stripeEntry(tableOf(stripe), index)) // pairs with settleRaw in supply.ts
    if (!other) continue
    ensureReach(other + STRIPE_BYTES)
    const counts = atomic.load<u32>(other, offsetof<CacheStripe>('listens'))
    for (let cause = EVICTED; cause <= DELETED_BY; cause++) {
      if ((counts >> ((cause - 1) << 3)) & 0xff) causes |= causeBit(cause)
    }
  }
  atomic.store<u32>(cacheOf(stripe).control, causes, offsetof<Control>('causes')) // pairs with causesOf
}

/** Makes the ring, which stays as long as the cache does; of two threads one is first. */
function makeRing(stripe: u32): i32 {
  if (mustSettle()) return OWNER_UNRESPONSIVE
  const made = newSegment(REMOVALS_BYTES)
  if (!made) return hasGivenUp ? OWNER_UNRESPONSIVE : OUT_OF_MEMORY
  store<u64>(made + REMOVAL_HEAD, markOf(1, 0))
  store<u64>(made + REMOVAL_TAIL, markOf(1, 0))
  const hand = handAt(SEGMENT_HAND)
  const control = cacheOf(stripe).control
  const isLocked = lockIn(control, tableOf(stripe), stripe)
  if (isLocked) {
    if (!ringOf(stripe)) {
      noteHandedOver(hand)
      note32(control + u32(offsetof<Control>('ring')))
      atomic.store<u32>(control, made, offsetof<Control>('ring')) // publishes what it begins with: pairs with ringOf
      checkpoint(Checkpoint.RingOwned)
      commit()
    }
    unlock(control)
  }
  if (addressIn(hand)) release(hand, FOR_SEGMENT)
  return isLocked ? 0 : OWNER_UNRESPONSIVE
}

// ---- Reading ----

/** Nothing is there yet. */
const NOT_YET: i32 = 0
/** It is described: see readRemoval. */
const COPIED: i32 = 1
/** Its thread has died, or was thrown out, before it was published. */
const VOID: i32 = 2
/** It is gone; results().cursor is the oldest that is there. */
const GONE: i32 = 3
/** It is there, of a cause that nobody wants who asks: as COPIED, without a copy. */
const OTHER_CAUSE: i32 = 4

/** The number that the next removal gets. */
export function nextRemoval(stripe: u32): u32 {
  return numberIn(atomic.load<u64>(ringOf(stripe) + REMOVAL_HEAD))
}

/**
 * Copies the removal of this number to results().address, its cause to results().meta, if it is one of these. One of the numbers
 * above, or negative.
 */
export function readRemoval(stripe: u32, number: u32, causes: u32): i32 {
  const ring = ringOf(stripe)
  if (!ring) return INVALID
  ensureReach(ring + REMOVALS_BYTES)
  if (isGone(ring, number)) return GONE
  if (number == nextRemoval(stripe)) return NOT_YET
  if (!isPublished(ring, number)) return isVoid(stripe, ring, number) ? VOID : NOT_YET
  const place = placeAt(ring, number)
  const cause = causeAt(place)
  const bytes = wordsAt(place) << 3
  const from = storeAt(ring, beginAt(place))
  // What was read of the place counts if the tail has not come by: it moves before anybody writes there.
  if (isGone(ring, number)) return GONE
  results().meta = cause
  if (!(causes & causeBit(cause))) return OTHER_CAUSE
  const target = roomForCopy(bytes)
  if (!target) return OUT_OF_MEMORY
  copyShared(target, from, bytes)
  checkpoint(Checkpoint.RemovalCopied)
  results().address = target
  return isGone(ring, number) ? GONE : COPIED
}

/** In the scratch page, or a spill; 0: there is no memory. */
function roomForCopy(bytes: u32): u32 {
  if (fitsValueArea(bytes)) return scratchValue()
  return makeRoom(bytes) ? addressIn(handAt(SPILL_HAND)) : 0
}

/** Whether the tail has passed it. */
function isGone(ring: u32, number: u32): bool {
  const oldest = numberIn(atomic.load<u64>(ring + REMOVAL_TAIL)) // pairs with moveTail
  results().cursor = oldest
  return i32(number - oldest) < 0
}

/** While nobody writes: whether the numbers that are there are as many as there are places, at most, and what was published is in order. */
export function isRingSound(ring: u32): bool {
  const head = atomic.load<u64>(ring + REMOVAL_HEAD)
  const tail = atomic.load<u64>(ring + REMOVAL_TAIL)
  if (numberIn(head) - numberIn(tail) > PLACE_COUNT || beginIn(head) - beginIn(tail) > STORE_WORDS) return false
  for (let number = numberIn(tail); number != numberIn(head); number++) {
    const place = placeAt(ring, number)
    if (!isPublished(ring, number)) continue // it is void
    if (beginAt(place) - beginIn(tail) + wordsAt(place) > beginIn(head) - beginIn(tail)) return false
  }
  return true
}
