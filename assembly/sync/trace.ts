import { HeapLimits, LIMITS, loadEndPages } from '../layout/heap'
import { PAGE_SHIFT, UNIT_BYTES } from '../layout/limits'
import { CollectionRecord, SEAL } from '../layout/record'
import { me, self, ThreadSlot } from '../layout/thread'
import {
  EVENT_BYTES, eventAt, EventKind, MOMENT, MOST_EVENTS, Ring, RING_EVENTS, RING_HEAD, ringBytes, THREAD_SHIFT, TraceEvent,
  WRITING,
} from '../layout/trace'
import { Checkpoint, checkpoint } from './checkpoint'
import { clock } from './clock'
import { ensureReach } from './reach'

// Trace: what this thread does is written to the heap's ring, if there is one. Only the slow paths look: growth, waiting,
// overflow, recovery. Nothing else depends on events, so one that is lost is no harm; but a ring must not be freed while
// somebody may write to it. Hence `recording`: a thread says so before it looks whether there is a ring, and who frees one
// looks at that of all threads after taking the ring away. One of the two sees the other (heap/tracing.ts).

/** Address of the ring; 0: there is none. Pairs with the stores of beginTrace and retire in heap/tracing.ts. What lies there need not be one: see isRing. */
@inline
export function loadRing(): u32 {
  return atomic.load<u32>(LIMITS, offsetof<HeapLimits>('ring'))
}

/** When something begins that may become an event with a duration. MOMENT: nobody traces. */
export function beginSpan(): f64 {
  return loadRing() ? now() : MOMENT
}

/** Records what began then, and ends now. */
export function endSpan(
  kind: EventKind, began: f64, record: u32, first: u32 = 0, second: u32 = 0, third: u32 = 0, fourth: u32 = 0, fifth: u32 = 0,
): void {
  if (began >= 0) recordEvent(kind, began, max<f64>(now() - began, 0), record, first, second, third, fourth, fifth)
}

/** Records a moment, if somebody traces. */
export function recordMoment(kind: EventKind, record: u32, first: u32 = 0, second: u32 = 0): void {
  if (loadRing()) recordEvent(kind, now(), MOMENT, record, first, second, 0, 0, 0)
}

function now(): f64 {
  const time = clock(load<f64>(LIMITS, offsetof<HeapLimits>('epoch')))
  return time >= 0 ? time : MOMENT // nor is NaN
}

/** Whether a ring lies at the address. It is within reach then. */
export function isRing(address: u32): bool {
  const end = u64(loadEndPages()) << PAGE_SHIFT
  if (!address || address & (UNIT_BYTES - 1) || u64(address) + RING_EVENTS > end) return false
  ensureReach(address + RING_EVENTS)
  const ring = changetype<Ring>(address)
  const mask = ring.mask
  if (ring.seal != address + SEAL || mask & (mask + 1) || mask >= MOST_EVENTS) return false
  if (u64(address) + ringBytes(mask + 1) > end) return false
  ensureReach(address + ringBytes(mask + 1))
  return true
}

function recordEvent(
  kind: EventKind, start: f64, duration: f64, record: u32, first: u32, second: u32, third: u32, fourth: u32, fifth: u32,
): void {
  if (!self || !(start >= 0)) return
  // Before the ring is looked at, in the one order of all atomics: pairs with isWrittenTo in heap/tracing.ts.
  atomic.store<u32>(self, 1, offsetof<ThreadSlot>('recording'))
  checkpoint(Checkpoint.RecordingBegun)
  const ring = loadRing()
  const event = isRing(ring) ? claim(ring) : 0
  if (event) {
    const place = changetype<TraceEvent>(event)
    place.start = start
    place.duration = duration
    place.what = kind | (me().id << THREAD_SHIFT)
    place.record = record
    place.generation = record ? changetype<CollectionRecord>(record).generation : 0
    place.first = first
    place.second = second
    place.third = third
    place.fourth = fourth
    place.fifth = fifth
    checkpoint(Checkpoint.EventFilled)
    atomic.store<u64>(event, number + 1) // publishes all of it: pairs with copyEvent in heap/tracing.ts
    checkpoint(Checkpoint.EventPublished)
  }
  atomic.store<u32>(self, 0, offsetof<ThreadSlot>('recording'))
}

/** Of the event that claim() has made room for. */
let number: u64 = 0

/** The place of the next event, which is this thread's until it is published; 0: another writer has it. */
function claim(ring: u32): u32 {
  number = atomic.add<u64>(ring, 1, RING_HEAD)
  const event = eventAt(ring, number)
  me().recording = event // if this thread dies from here on, whoever recovers it looks there
  checkpoint(Checkpoint.EventClaimed)
  const before = atomic.load<u64>(event)
  // Not if it is being written, nor if others went once around meanwhile.
  if (before > number || atomic.cmpxchg<u64>(event, before, WRITING | u64(me().id)) != before) return 0
  atomic.load<u64>(event) // no plain store that follows is seen before WRITING is: MEMORY-MODEL.md, section 2
  return event
}

/** What recovery, or mend(), does about an event that its thread was writing: nobody will take it for a whole one. */
export function settleRecording(): void {
  const event = me().recording
  const isPlace = event > 1 && !(event & (EVENT_BYTES - 1)) && u64(event) + EVENT_BYTES <= u64(loadEndPages()) << PAGE_SHIFT
  if (isPlace) {
    ensureReach(event + EVENT_BYTES)
    atomic.cmpxchg<u64>(event, WRITING | u64(me().id), 0)
  }
  atomic.store<u32>(self, 0, offsetof<ThreadSlot>('recording'))
}
