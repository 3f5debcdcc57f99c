import { CLASSES, MAX_THREADS } from './limits'
import { THREADS } from './heap'

/**
 * What one attached thread owns in the heap. Only its owner writes it, except `state`.
 *
 *     0     state, id, scratch            who I am
 *     64    journal                       what I hold and what I am about to do
 *     192   chunk                         fresh memory that I carve blocks from
 *     256   lists                         free blocks by size class: head u32, count u32
 *     640   carved                        blocks carved so far, by size class: the allocator's books
 *     832   (end at 896: seven pairs of cache lines)
 */
@unmanaged
@final
export class ThreadSlot {
  /** FREE or ATTACHED: taken by compare-and-swap. */
  state: u32
  /** 1 to MAX_THREADS: the owner that a lock word names. */
  id: u32
  /** 1 where this thread may sleep in wait32, 0 on a browser's main thread. */
  mayBlock: u32
  /** One page for what passes between wasm and JavaScript; kept when the slot is given back. */
  scratch: u32
  /** Pages for a result that the scratch page is too small for, and how many; 0 for none. */
  spill: u32
  spillPages: u32
  /** While waiting for a lock: how often this thread slept, and the word that it saw each time. */
  sleeps: u32
  sleptOn: u32
}

@unmanaged
@final
export class Journal {
  /** Address of the lock word that this thread holds or is about to take; 0 for none. */
  lock: u32
  /** The word that was there, which comes back (with its version one up, if anything was changed). */
  word: u32
  /** Table whose growth this thread holds; 0 for none. */
  growing: u32
}

@unmanaged
@final
export class Chunk {
  next: u32
  end: u32
  /** Bytes given to tables' records and stripes. */
  rawBytes: u32
  /** Bytes lost to alignment. */
  padBytes: u32
}

export const FREE: u32 = 0
export const ATTACHED: u32 = 1

export const THREAD_SLOT_BYTES: u32 = 896
export const JOURNAL: u32 = 64
export const CHUNK: u32 = 192
export const LISTS: u32 = 256
export const CARVED: u32 = 640
export const CARVED_END: u32 = CARVED + (CLASSES << 2)

// Globals belong to an instance, and an instance to a thread: this is the only kind of state they may hold.

/** Address of this thread's slot; 0 before attach. */
export let self: u32 = 0
/** Address of this thread's scratch page. */
export let scratch: u32 = 0

export function become(slot: u32): void {
  self = slot
  scratch = slot ? changetype<ThreadSlot>(slot).scratch : 0
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
