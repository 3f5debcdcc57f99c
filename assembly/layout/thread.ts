import { BUCKET_BYTES } from './bucket'
import { CLASSES, MAX_THREADS } from './limits'
import { THREADS } from './heap'

/**
 * What one attached thread owns in the heap. Only its owner writes it, except `state` and `vouched`. When the owner is
 * dead, whoever recovers it becomes the owner.
 *
 *     0     state, id, identity           who I am
 *     64    journal                       what I hold and what I am about to do
 *     192   hands                         memory that is mine alone: 16 times address, bytes
 *     320   log                           what I have changed and may have to put back: 16 entries of address, old value
 *     576   lists                         free blocks by size class: head u32, count u32
 *     960   carved                        blocks carved so far, by size class: the allocator's books
 *     1152  saved                         slots of a head that was cleared, as a bucket, until their blocks are freed
 *     1408  (eleven pairs of cache lines)
 */
@unmanaged
@final
export class ThreadSlot {
  /** Kind, who recovers it, incarnation: see below. Changed by compare-and-swap. */
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

@unmanaged
@final
export class Journal {
  /** Address of the lock word that this thread holds or is about to take; 0 for none. */
  lock: u32
  /** The word that was there, which comes back (with its version one up, if anything was changed). */
  word: u32
  /** Table of the chain that is locked. */
  table: u32
  /** Entries of the log. */
  logged: u32
  /** Table whose growth this thread holds; 0 for none. */
  growing: u32
  /** Head bucket that this thread splits another into; the highest bit of its index; its overflow buckets. */
  child: u32
  childBit: u32
  childBuckets: u32
  /** What the stripe's counters were before the split. */
  overflowBefore: u32
  evacuatedBefore: u32
  /** A table, and its generation, that is to be deleted if this thread dies, unless it has a name; 0 for none. */
  claimed: u32
  claimedGeneration: u32
  /** Record that is being made a table; 0 for none. */
  making: u32
  /** Table that is being emptied for good; 0 for none. */
  deleting: u32
  /** Table that nobody knows any more, whose segments are being given back; 0 for none. */
  freeing: u32
  /** Overflow buckets that are in no chain any more, linked. Those with entries still own their blocks. */
  buckets: u32
  /** Such a bucket is in the slot itself, too: the flags of its table, and IS_SAVED; 0 for none. */
  saved: u32
  /** Large blocks that are free, but could not be given back yet, linked. */
  unfreed: u32
  /** The allocator's books: bytes given to tables' records and stripes, and bytes lost to alignment. */
  rawBytes: u32
  padBytes: u32
  /** Memory for a record or a stripe, and the word that is to hold its address; 0 for none. */
  raw: u32
  rawOwner: u32
}

// ---- State ----

export const FREE: u32 = 0
export const ATTACHED: u32 = 1
/** Known to have ended; whoever comes first recovers it. */
export const DEAD: u32 = 2
/** Another thread has become this one and puts its things in order. */
export const RECOVERING: u32 = 3

const KIND_MASK: u32 = 3
const BY_SHIFT: u32 = 2
const BY_MASK: u32 = 0xff
const INCARNATION_SHIFT: u32 = 10

// @ts-ignore: decorator
@inline
export function kindOf(state: u32): u32 {
  return state & KIND_MASK
}

/** Thread that recovers this one. */
// @ts-ignore: decorator
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

export const THREAD_SLOT_BYTES: u32 = 1408
export const JOURNAL: u32 = 64
export const HANDS: u32 = 192
export const LOG: u32 = 320
export const LISTS: u32 = 576
export const CARVED: u32 = 960
export const CARVED_END: u32 = CARVED + (CLASSES << 2)
export const SAVED: u32 = 1152
export const SAVED_END: u32 = SAVED + BUCKET_BYTES
export const IS_SAVED: u32 = 0x80000000
/** Entries that the log has room for: see sync/journal.ts. */
export const LOG_ENTRIES: u32 = 16

// Hands: offsets of words of 64 bits, an address in the low half, bytes in the high half. 0: nothing.

/** One page for what passes between wasm and JavaScript; kept when the slot is given back. */
export const SCRATCH_HAND: u32 = HANDS
/** Pages for a result that the scratch page is too small for. */
export const SPILL_HAND: u32 = HANDS + 8
/** Fresh memory that blocks are carved from. */
export const CHUNK_HAND: u32 = HANDS + 16
/** A stretch of memory on its way into the lists. */
export const REST_HAND: u32 = HANDS + 24
/** A segment that is no table's yet. */
export const SEGMENT_HAND: u32 = HANDS + 32
/** The block of a key that is no entry's yet, or no more; bytes may be 0: then the block's header tells. */
export const KEY_HAND: u32 = HANDS + 40
/** The same of a value. */
export const VALUE_HAND: u32 = HANDS + 48
/** A large block that could not be freed at once, on its second try. */
export const UNFREED_HAND: u32 = HANDS + 56
/** Blocks that JavaScript has asked for. */
export const LOOSE_HANDS: u32 = HANDS + 64
export const LOOSE_HANDS_END: u32 = HANDS + 128

// Globals belong to an instance, and an instance to a thread: this is the only kind of state they may hold.

/** Address of this thread's slot; 0 before attach. */
export let self: u32 = 0
/** Address of this thread's scratch page. */
export let scratch: u32 = 0

export function become(slot: u32): void {
  self = slot
  scratch = slot ? load<u32>(slot + SCRATCH_HAND) : 0
}

// @ts-ignore: decorator
@inline
export function threadSlot(index: u32): u32 {
  return THREADS + index * THREAD_SLOT_BYTES
}

export const THREADS_END: u32 = THREADS + MAX_THREADS * THREAD_SLOT_BYTES

// @ts-ignore: decorator
@inline
export function me(): ThreadSlot {
  return changetype<ThreadSlot>(self)
}

// @ts-ignore: decorator
@inline
export function journal(): Journal {
  return changetype<Journal>(self + JOURNAL)
}

/** Address of a word of the journal, to be noted. */
// @ts-ignore: decorator
@inline
export function journalWord(field: usize): u32 {
  return self + JOURNAL + u32(field)
}
