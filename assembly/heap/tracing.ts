import { FOR_LARGE, HeapLimits, LIMITS, loadEndPages, POOL, Pool } from '../layout/heap'
import { MAX_CLASS_BYTES, MAX_THREADS, UNIT_SHIFT, UNITS_PER_PAGE_SHIFT } from '../layout/limits'
import { SEAL } from '../layout/record'
import { results, scratchValue } from '../layout/scratch'
import { CORRUPT, INVALID, OUT_OF_MEMORY, OWNER_UNRESPONSIVE } from '../layout/status'
import { isAttached, me, self, ThreadSlot, threadSlot, VALUE_HAND } from '../layout/thread'
import { EVENT_BYTES, eventAt, LEAST_EVENTS, MOST_EVENTS, Ring, RING_HEAD, ringBytes } from '../layout/trace'
import { Checkpoint, checkpoint } from '../sync/checkpoint'
import { commit, note32, note64 } from '../sync/journal'
import { blameSelf, lockPool, mustSettle, unlock } from '../sync/lock'
import { isRing, loadRing } from '../sync/trace'
import { release, releaseHand } from '../memory/blocks'
import { addressIn, emptyHand, fillHand, handAt } from '../memory/hands'
import { unitsFor } from '../memory/runs'
import { supplyRun } from '../memory/supply'
import { isFresh } from '../memory/units'

/**
 * Tracing: the ring that threads write events to (sync/trace.ts) comes with the first trace of a heap and goes with the
 * last one. Each thread slot says how many traces its thread has begun: the sum says whether there is a ring. It changes
 * under the pool lock, noted together with the ring, so it is right whoever dies; what a dead thread had begun is ended when
 * it is recovered.
 *
 *     none  ->  in use  ->  retired: in the pool's list, until no thread can be writing to it  ->  free units
 */

/** The most events, and the most places that are looked at, of one call of readTrace. */
const MOST_READ: u32 = 800
const MOST_LOOKS: u32 = 10_000
/** Numbers of events that a double holds exactly. */
const END_OF_NUMBERS: f64 = 9007199254740992

// ---- Begin and end ----

/**
 * Begins a trace of this thread's. If there is a ring already it stays as it is, else one is made with room for so many
 * events or up to twice as many. `epoch`: now, on the clock of all threads. 0, or negative: nothing has changed.
 */
export function beginTrace(events: u32, epoch: f64): i32 {
  if (!isAttached() || !events || events > MOST_EVENTS || !(epoch > 0)) return INVALID
  if (mustSettle()) return OWNER_UNRESPONSIVE
  freeRings()
  const hand = handAt(VALUE_HAND)
  if (addressIn(hand)) { // which an exception has left
    blameSelf()
    return OWNER_UNRESPONSIVE
  }
  while (true) {
    if (!isRing(loadRing()) && !addressIn(hand) && !makeRing(hand, events)) return OUT_OF_MEMORY
    if (!lockPool()) {
      releaseHand(hand)
      return OWNER_UNRESPONSIVE
    }
    const isThere = isRing(loadRing()) || enterRing(hand, epoch)
    if (isThere) noteTraces(me().traces + 1)
    commit()
    unlock(POOL)
    if (!isThere) continue // it was taken away, while this thread had none in its hand
    releaseHand(hand)
    return 0
  }
  return 0
}

/** Ends one trace of this thread's. 0, or negative: it goes on. */
export function endTrace(): i32 {
  return isAttached() && me().traces ? leaveTraces(me().traces - 1) : INVALID
}

/** What recovery, and who leaves the heap, does about the traces of its thread. False if a lock is not to be had. */
export function endTraces(): bool {
  return (!me().traces || leaveTraces(0) == 0) && freeRings()
}

function leaveTraces(left: u32): i32 {
  if (!lockPool()) return OWNER_UNRESPONSIVE
  noteTraces(left)
  if (!countTraces()) retire()
  commit()
  unlock(POOL)
  freeRings()
  return 0
}

function noteTraces(traces: u32): void {
  note32(self + u32(offsetof<ThreadSlot>('traces')))
  me().traces = traces
}

/** Traces of all threads, those of dead ones included that nobody has recovered. */
function countTraces(): u32 {
  let traces: u32 = 0
  for (let index: u32 = 0; index < MAX_THREADS; index++) traces += changetype<ThreadSlot>(threadSlot(index)).traces
  return traces
}

// ---- Rings ----

@inline
function pool(): Pool {
  return changetype<Pool>(POOL)
}

/** An empty ring in a hand. False: there is no memory. */
function makeRing(hand: u32, events: u32): bool {
  let room = LEAST_EVENTS
  while (room < events) room <<= 1
  const address = supplyRun(unitsForRing(room), FOR_LARGE, hand)
  if (!address) return false
  if (!isFresh) memory.fill(address, 0, ringBytes(room))
  changetype<Ring>(address).seal = address + SEAL
  changetype<Ring>(address).mask = room - 1
  return true
}

/** Under the pool lock: makes what is in the hand, if anything is, the ring of all threads. */
function enterRing(hand: u32, epoch: f64): bool {
  const ring = addressIn(hand)
  if (!ring) return false
  const epochWord = LIMITS + u32(offsetof<HeapLimits>('epoch'))
  if (!load<f64>(epochWord)) {
    note64(epochWord)
    store<f64>(epochWord, epoch)
  }
  note64(hand)
  emptyHand(hand)
  note32(LIMITS + u32(offsetof<HeapLimits>('ring')))
  atomic.store<u32>(LIMITS, ring, offsetof<HeapLimits>('ring')) // publishes it: pairs with loadRing
  checkpoint(Checkpoint.RingEntered)
  return true
}

/** Under the pool lock: takes the ring away, if there is one. Others may be writing to it still. */
function retire(): void {
  const ring = loadRing()
  if (!isRing(ring)) return
  note32(ring + u32(offsetof<Ring>('next')))
  changetype<Ring>(ring).next = pool().rings
  note32(POOL + u32(offsetof<Pool>('rings')))
  pool().rings = ring
  note32(LIMITS + u32(offsetof<HeapLimits>('ring')))
  atomic.store<u32>(LIMITS, 0, offsetof<HeapLimits>('ring')) // pairs with record() in sync/trace.ts
  checkpoint(Checkpoint.RingRetired)
}

/** Frees retired rings, unless a thread may be writing: then the next does so that comes here. False: no lock. */
function freeRings(): bool {
  const hand = handAt(VALUE_HAND)
  while (pool().rings) {
    if (addressIn(hand)) return true // which an exception has left
    if (!lockPool()) return false
    const ring = pool().rings
    const isFree = isRing(ring) && !isWrittenTo()
    if (isFree) {
      note64(hand)
      fillHand(hand, ring, unitsOfRing(ring) << UNIT_SHIFT)
      note32(POOL + u32(offsetof<Pool>('rings')))
      pool().rings = changetype<Ring>(ring).next
      checkpoint(Checkpoint.RingTaken)
      commit()
    }
    unlock(POOL)
    if (!isFree) return true
    release(hand, FOR_LARGE)
  }
  return true
}

/** Whether any thread may be writing to a ring that it has found before it was taken away. */
function isWrittenTo(): bool {
  for (let index: u32 = 0; index < MAX_THREADS; index++) {
    if (atomic.load<u32>(threadSlot(index), offsetof<ThreadSlot>('recording'))) return true
  }
  return false
}

/** For the accounts: units of the ring in use, and of those that wait. */
export function countRingUnits(): u32 {
  let units = unitsOfRing(loadRing())
  for (let ring = pool().rings; isRing(ring); ring = changetype<Ring>(ring).next) {
    units += unitsOfRing(ring)
    if (units > loadEndPages() << UNITS_PER_PAGE_SHIFT) unreachable()
  }
  return units
}

function unitsOfRing(ring: u32): u32 {
  return isRing(ring) ? unitsForRing(changetype<Ring>(ring).mask + 1) : 0
}

/** Never so few that it would be taken for a block of a size class. */
function unitsForRing(events: u32): u32 {
  return max(unitsFor(ringBytes(events)), unitsFor(MAX_CLASS_BYTES + 1))
}

// ---- Reading ----

/** Writes to the value area: the number of the next event, how many there is room for, the epoch. As 64-bit floats. */
export function lookAtTrace(): i32 {
  if (!isAttached() || !me().traces) return INVALID
  const ring = loadRing()
  if (!isRing(ring)) return CORRUPT
  store<f64>(scratchValue(), f64(atomic.load<u64>(ring, RING_HEAD)))
  store<f64>(scratchValue(), f64(changetype<Ring>(ring).mask + 1), 8)
  store<f64>(scratchValue(), load<f64>(LIMITS, offsetof<HeapLimits>('epoch')), 16)
  return 0
}

/**
 * Copies events that are there from number `from` on to the value area, each with its number in the place of its sequence.
 * Returns how many; results().word: where to go on. Takes no lock; an event that is being written is passed over.
 */
export function readTrace(from: f64): i32 {
  if (!isAttached() || !me().traces || !(from >= 0 && from < END_OF_NUMBERS)) return INVALID
  const ring = loadRing()
  if (!isRing(ring)) return CORRUPT
  const head = atomic.load<u64>(ring, RING_HEAD)
  const room = u64(changetype<Ring>(ring).mask) + 1
  let number = max<u64>(u64(from), head > room ? head - room : 0)
  let target = scratchValue()
  let read: u32 = 0
  for (let looks: u32 = 0; number < head && read < MOST_READ && looks < MOST_LOOKS; looks++) {
    if (copyEvent(target, eventAt(ring, number), number)) {
      target += EVENT_BYTES
      read++
    }
    number++
  }
  results().word = number
  return read
}

/** Copies one event. False: it is not whole, or is another one by now. */
function copyEvent(target: u32, event: u32, number: u64): bool {
  if (atomic.load<u64>(event) != number + 1) return false
  for (let at: u32 = 8; at < EVENT_BYTES; at += 8) store<u64>(target + at, atomic.load<u64>(event + at))
  store<u64>(target, number)
  return atomic.load<u64>(event) == number + 1 // nothing was changed meanwhile: pairs with claim() in sync/trace.ts
}
