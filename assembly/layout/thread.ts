import { THREADS } from './heap'
import { CLASSES, HEADER_PAGES, MAX_THREADS, PAGE_SHIFT } from './limits'

/**
 * What one attached thread owns in the heap. Only its owner writes it, except `state` and `vouched`. When the owner is
 * dead, whoever recovers it becomes the owner.
 *
 *     0     state, id, identity           who I am
 *     64    journal                       what I hold and what I am about to do; from 128 on the structure's part
 *     192   hands                         memory that is mine alone: 16 times address, bytes
 *     320   log                           what I have changed and may have to put back: 16 entries of address, old value
 *     576   lists                         free blocks by size class: head u32, count u32
 *     928   room                          what a structure keeps here while it goes on with something
 *     1152  (nine pairs of cache lines)
 */
@unmanaged
@final
export class ThreadSlot {
  /** EventKind, who recovers it, incarnation: see below. Changed by compare-and-swap. */
  state: u32
  /** 1 to MAX_THREADS: the owner that a lock word names. */
  id: u32
  /** 1 where this thread may sleep in wait32, 0 on a browser's main thread. */
  mayBlock: u32
  /** While waiting for a lock: how often this thread slept, and the word that it saw each time. */
  sleeps: u32
  sleptOn: u32
  /** How many traces this thread has begun and not ended. */
  traces: u32
  /** When it began to wait for the lock that it waits for, in a trace's milliseconds. */
  waitBegan: f64
  // How others can tell whether the thread lives; 0 where the runtime does not say. What they mean: src/recovery/.
  nativeId: u32
  nativeStart: u32
  threadId: u32
  parent: u32
  tokenLow: u32
  tokenHigh: u32
  /** 1 once somebody has seen the sign of life that `token` names. */
  vouched: u32
  /** Not 0 while this thread may write to a ring: as soon as it knows, the place of the event. */
  recording: u32
}

/**
 * What this thread is in the middle of: what all structures have. A structure's own part follows it, at OWN_JOURNAL: that of the
 * structure of `record`. An operation that finds `lock` or `logged` set, or one of the first four words of the structure's
 * part, was preceded by one that an exception came out of, and must not write here before that is mended. See sync/journal.ts.
 */
@unmanaged
@final
export class Journal {
  /** Address of the lock word that this thread holds or is about to take; 0 for none. */
  lock: u32
  /** Entries of the log. */
  logged: u32
  /** Record that is being made a collection; 0 for none. */
  making: u32
  /** Collection that is being emptied for good; 0 for none. */
  deleting: u32
  /** Collection that nobody knows any more, whose memory is being given back; 0 for none. */
  freeing: u32
  /** Memory for a record or a stripe, and (`rawOwner`) the word that is to hold its address; 0 for none. */
  raw: u32
  /** A collection, and its generation, that is to be deleted if this thread dies, unless it has a name; 0 for none. */
  claimed: u32
  claimedGeneration: u32
  /** Large blocks that are free, but could not be given back yet, linked. */
  unfreed: u32

  // What belongs to those.

  /** The word that `lock` had, which comes back (with its version one up, if anything was changed). */
  word: u32
  /** The collection that is or was locked last. */
  record: u32
  rawOwner: u32
  /** First of the units that are being taken or given back, and how many; 0 for none: see memory/units.ts. */
  run: u32
  runUnits: u32
}

// ---- State ----

export const FREE: u32 = 0
export const ATTACHED: u32 = 1
/** Known to have ended; whoever comes first recovers it. */
export const DEAD: u32 = 2
/** Another thread has become this one and puts its things in order. */
export const RECOVERING: u32 = 3

const PHASE_MASK: u32 = 3
const BY_SHIFT: u32 = 2
const BY_MASK: u32 = 0xff
const INCARNATION_SHIFT: u32 = 10

@inline
export function phaseOf(state: u32): u32 {
  return state & PHASE_MASK
}

/** Thread that recovers this one. */
@inline
export function recovererOf(state: u32): u32 {
  return (state >> BY_SHIFT) & BY_MASK
}

/** The same tenant of the slot in another state. */
export function stateOf(state: u32, kind: u32, by: u32): u32 {
  return kind | (by << BY_SHIFT) | (state >> INCARNATION_SHIFT << INCARNATION_SHIFT)
}

/** The next tenant's first state. */
export function nextTenant(state: u32): u32 {
  return ATTACHED | (((state >> INCARNATION_SHIFT) + 1) << INCARNATION_SHIFT)
}

// ---- Places ----

export const THREAD_SLOT_BYTES: u32 = 1152
export const JOURNAL: u32 = 64
export const OWN_JOURNAL: u32 = 128
/** Behind the words of it that say that a thread is in the middle of something. */
export const OWN_SIGNS_END: u32 = OWN_JOURNAL + 16
export const HANDS: u32 = 192
export const LOG: u32 = 320
export const LISTS: u32 = 576
export const LISTS_END: u32 = LISTS + (CLASSES << 3)
export const ROOM: u32 = 928
export const ROOM_BYTES: u32 = 144
/** Entries that the log has room for: see sync/journal.ts. */
export const LOG_ENTRIES: u32 = 16

// Hands: offsets of words of 64 bits, an address in the low half, bytes in the high half. 0: nothing.

/** One page for what passes between wasm and JavaScript; kept when the slot is given back. */
export const SCRATCH_HAND: u32 = HANDS
/** Units for a result that the scratch page is too small for. */
export const SPILL_HAND: u32 = HANDS + 8
/** Memory for a record or a stripe, until it is entered where it belongs. */
export const RAW_HAND: u32 = HANDS + 16
/** What a collection is made of, or grows by: it is no collection's yet. */
export const SEGMENT_HAND: u32 = HANDS + 24
/** The block of a key that is no entry's yet, or no more; bytes may be 0: then the block's header tells. */
export const KEY_HAND: u32 = HANDS + 32
/** The same of a value. */
export const VALUE_HAND: u32 = HANDS + 40
/** A large block that could not be freed at once, on its second try. */
export const UNFREED_HAND: u32 = HANDS + 48
/** Blocks that JavaScript has asked for. */
export const LOOSE_HANDS: u32 = HANDS + 64
export const LOOSE_HANDS_END: u32 = HANDS + 128

// Globals belong to an instance, and an instance to a thread: this is the only kind of state they may hold.

/** Address of this thread's slot; 0 before attach. */
export let self: u32 = 0
/** Address of this thread's scratch page. */
export let scratch: u32 = 0

@inline
export function become(slot: u32): void {
  self = slot
  scratch = slot ? load<u32>(slot + SCRATCH_HAND) : 0
}

/** The slot while code of the program's runs in the middle of an operation; 0: it does not. */
let aside: u32 = 0

/** Until stepBack() every export refuses what it is asked, as it does for who has not attached: an operation is half done. */
export function stepAside(): void {
  aside = self
  self = 0
}

/** Also when an exception has come instead. */
export function stepBack(): void {
  if (aside) self = aside
  aside = 0
}

@inline
export function threadSlot(index: u32): u32 {
  return THREADS + index * THREAD_SLOT_BYTES
}

export const THREADS_END: u32 = THREADS + MAX_THREADS * THREAD_SLOT_BYTES

// ---- Behind the slots: counters of keys that were given up, see memory/retired.ts ----

export const RETIRED: u32 = THREADS_END
export const RETIRED_COUNTERS: u32 = 2048

// ---- And the map of free units, a word for each page ----

export const MAP: u32 = RETIRED + (RETIRED_COUNTERS << 3)
/** Pages whose words have room in the header; the others' are in pages of their own: see memory/free-map.ts. */
export const MAPPED_IN_HEADER: u32 = ((HEADER_PAGES << PAGE_SHIFT) - MAP) >> 3

@inline
export function me(): ThreadSlot {
  return changetype<ThreadSlot>(self)
}

@inline
export function journal(): Journal {
  return changetype<Journal>(self + JOURNAL)
}

/** Address of a word of the journal, to be noted. */
@inline
export function journalWord(field: usize): u32 {
  return self + JOURNAL + u32(field)
}

/** Whether this instance is attached: else it has neither journal nor scratch page. */
@inline
export function isAttached(): bool {
  return self != 0
}

/** Threads that are attached, or were and are not recovered. */
export function countThreads(): u32 {
  let count: u32 = 0
  for (let index: u32 = 0; index < MAX_THREADS; index++) {
    if (phaseOf(atomic.load<u32>(threadSlot(index))) != FREE) count++
  }
  return count
}
