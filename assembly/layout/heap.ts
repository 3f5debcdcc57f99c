import { CLASSES } from './limits'

/**
 * Page 0 begins with the heap header. Each group has cache lines of its own: what is written often never shares
 * one with what everybody reads.
 *
 *     0     identity   magic, layout version, heap id                     written once
 *     64    limits     pages handed out, first table, the ring that events are written to
 *                                                                        written when the heap grows, or a trace begins
 *     128   pool       lock, units by purpose, the spare scratch page    written under the pool lock
 *     192   asked      counts the calls for whoever can tell dead threads, or can spare free blocks
 *     208   maps       where the map of free units goes on               written under the pool lock
 *     256   classes    slabs with free blocks, by size class             written under the pool lock
 *     960   hints      where to look for free units first                written under the pool lock
 *     1024  secrets    what hashes are keyed with                        written once
 *     1152  thread slots, THREAD_SLOT_BYTES each                         see thread.ts
 *     ...   retired    how many keys were given up, by where they lay    see memory/retired.ts
 *     ...   map        a word for each of the first pages: which of its units are free
 */
@unmanaged
@final
export class HeapHeader {
  magic: u32
  layoutVersion: u32
  idLow: u32
  idHigh: u32
  unused: u64
  maxPages: u32
  reserved: u32
  /** The table of names: string to the number generation * 2^32 + table. */
  directory: u32
}

@unmanaged
@final
export class HeapLimits {
  /** Pages handed out so far; memory behind them was never touched. Only rises. */
  endPages: u32
  /** Address of the newest record of a collection; each names the one before it. */
  records: u32
  /** Address of the ring that events are written to; 0: nobody traces. See layout/trace.ts. */
  ring: u32
  padding: u32
  /** When the first trace began, on the clock that src/core/clock.ts describes; 0 if none has. Stays. */
  epoch: f64
}

@unmanaged
@final
export class Pool {
  lock: u32
  slabUnits: u32
  largeUnits: u32
  segmentUnits: u32
  scratchUnits: u32
  /** First ring that nobody writes to any more; each names the next. */
  rings: u32
  /** A scratch page that is kept, so that a thread can attach to a full heap; 0: it is in use. */
  spare: u32
}

/** What the hashes of this heap are keyed with: see hash/mix.ts. */
@unmanaged
@final
export class HashSecrets {
  /** The key of SipHash, for blocks. */
  key0: u64
  key1: u64
  /** Added to the halves of a word, and to their product. */
  high: u64
  low: u64
  shift: u64
}

/** What units are for: the offset of the pool's counter of such units. */
export type Purpose = u32
export const FOR_SLAB: Purpose = offsetof<Pool>('slabUnits')
export const FOR_LARGE: Purpose = offsetof<Pool>('largeUnits')
export const FOR_SEGMENT: Purpose = offsetof<Pool>('segmentUnits')
export const FOR_SCRATCH: Purpose = offsetof<Pool>('scratchUnits')

/** What the heap keeps for a size class. */
@unmanaged
@final
export class SizeClass {
  /** First slab that has free blocks; 0: none. */
  slab: u32
  /** Free blocks in all slabs. */
  freeBlocks: u32
  slabs: u32
  reserved: u32
}

export const HEADER: u32 = 0
export const LIMITS: u32 = 64
export const POOL: u32 = 128
/** Whoever waits for a lock in vain, or finds no memory, raises this word and notifies; whoever can help waits on it. */
export const ASKED: u32 = 192
/** Raised by who finds no memory: all threads then give the free blocks of their lists back, soon. */
export const PRESSURE: u32 = 196
/** Raised, and notified, by who has done so. */
export const RELIEVED: u32 = 200
/** Addresses of the pages in which the map of free units goes on, when the heap is too large for the one in the header. */
export const MAPS: u32 = 208
export const MAPS_END: u32 = 240
export const SIZE_CLASSES: u32 = 256
export const SIZE_CLASSES_END: u32 = SIZE_CLASSES + (CLASSES << 4)
/** See memory/hints.ts. */
export const HINTS: u32 = 960
export const HINTS_END: u32 = HINTS + (10 << 2)
export const SECRETS: u32 = 1024
export const SECRETS_END: u32 = SECRETS + u32(offsetof<HashSecrets>())
export const THREADS: u32 = 1152

@inline
export function sizeClassAt(sizeClass: u32): SizeClass {
  return changetype<SizeClass>(SIZE_CLASSES + (sizeClass << 4))
}

/** Pages handed out. Pairs with the store in pages.ts: who finds an address in a slot finds its page counted here. */
@inline
export function loadEndPages(): u32 {
  return atomic.load<u32>(LIMITS, offsetof<HeapLimits>('endPages'))
}
