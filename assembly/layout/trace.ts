import { Pool } from './heap'
import { CACHE_LINE_BYTES } from './limits'

/**
 * A ring: what all threads did, as long as somebody traces. Events have numbers; number n lies at place n & mask, until
 * another one takes it. Runs of pages, so its address is a multiple of 64 KiB.
 *
 *     0     seal, mask, next ring             written before others know it
 *     64    head                              the number of the next event
 *     128   events, EVENT_BYTES each
 *
 * An event is claimed by adding to the head. Its place is then taken by WRITING and the writer's id in `sequence`, filled,
 * and published by its number plus one there. So an event is whole if `sequence` says so before and after it was read. Who
 * finds a place taken (by a writer that sleeps, or has died, while all others went once around) drops its event.
 */
@unmanaged
@final
export class Ring {
  /** The ring's own address, mixed as those of tables are: that there is a ring is not believed of any other place. */
  seal: u32
  /** Events that there is room for, a power of two, less one. */
  mask: u32
  /** Of those that nobody writes to any more: the next. */
  next: u32
}

@unmanaged
@final
export class TraceEvent {
  /** The event's number plus one; or WRITING and a thread's id; 0: nothing was written here. */
  sequence: u64
  /** Milliseconds since the heap's epoch. */
  start: f64
  /** Milliseconds; MOMENT: it took no time. */
  duration: f64
  /** EventKind, and above it the thread's id. */
  what: u32
  /** Record of a collection, and its generation; 0 for the heap. */
  record: u32
  generation: u32
  // What they mean depends on the kind.
  first: u32
  second: u32
  third: u32
  fourth: u32
  fifth: u32
}

export const RING_HEAD: u32 = CACHE_LINE_BYTES
export const RING_EVENTS: u32 = 2 * CACHE_LINE_BYTES
export const EVENT_SHIFT: u32 = 6
export const EVENT_BYTES: u32 = 1 << EVENT_SHIFT
export const LEAST_EVENTS: u32 = 16
export const MOST_EVENTS: u32 = 1 << 22
export const THREAD_SHIFT: u32 = 8
export const WRITING: u64 = 1 << 63
export const MOMENT: f64 = -1

/** What can happen, and what an event of it says. src/trace/events.ts has the same list. */
export const enum EventKind {
  None,
  /** The new level, entries. */
  Growth,
  /** Level, buckets split, buckets of the level split so far, overflow buckets taken, given back. */
  Evacuation,
  /** Overflow buckets taken, given back. */
  Overflow,
  /** What was locked (see Locked), owner, whether the waiter gave up. */
  LockWait,
  /** Nothing, the owner that the reader waited for (0: none), whether it gave up. */
  ReadRetry,
  /** Dead thread, who recovers it, whether that is done. */
  Recovery,
  /** Pages before, pages after. */
  MemoryGrowth,
  /** Entries, whether there is room for them. */
  Reserve,
}

/** What a thread waited for. */
export const enum Locked {
  Chain, Pool, Growth,
}

/** Bytes of a ring for so many events. */
@inline
export function ringBytes(events: u32): u32 {
  return RING_EVENTS + (events << EVENT_SHIFT)
}

@inline
export function eventAt(ring: u32, number: u64): u32 {
  return ring + RING_EVENTS + ((u32(number) & changetype<Ring>(ring).mask) << EVENT_SHIFT)
}
