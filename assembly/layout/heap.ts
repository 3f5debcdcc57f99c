import { CLASSES } from './limits'

/**
 * Page 0 begins with the heap header. Each group has cache lines of its own: what is written often never shares
 * one with what everybody reads.
 *
 *     0     identity   magic, layout version, heap id, hash seed          written once
 *     64    limits     pages handed out, first table, the ring that events are written to
 *                                                                        written when the heap grows, or a trace begins
 *     128   pool       lock, free runs, page counts by purpose           written under the pool lock
 *     192   asked      counts the calls for whoever can tell dead threads
 *     256   batches    one stack of block batches per size class         written under the pool lock
 *     448   batched    blocks in each of them                            written under the pool lock
 *     1024  thread slots, THREAD_SLOT_BYTES each                         see thread.ts
 */
@unmanaged
@final
export class HeapHeader {
  magic: u32
  layoutVersion: u32
  idLow: u32
  idHigh: u32
  seed: u64
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
  /** Address of the newest table; each names the one before it. */
  tables: u32
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
  /** First free run of pages, by address; each names the next. */
  freeRuns: u32
  chunkPages: u32
  largePages: u32
  segmentPages: u32
  scratchPages: u32
  /** First ring that nobody writes to any more; each names the next. */
  rings: u32
}

/** What pages are for: the offset of the pool's counter of such pages. */
export type Purpose = u32
export const FOR_CHUNK: Purpose = offsetof<Pool>('chunkPages')
export const FOR_LARGE: Purpose = offsetof<Pool>('largePages')
export const FOR_SEGMENT: Purpose = offsetof<Pool>('segmentPages')
export const FOR_SCRATCH: Purpose = offsetof<Pool>('scratchPages')

export const HEADER: u32 = 0
export const LIMITS: u32 = 64
export const POOL: u32 = 128
/** Whoever waits for a lock in vain raises this word and notifies; whoever can tell dead threads waits on it. */
export const ASKED: u32 = 192
export const BATCHES: u32 = 256
export const THREADS: u32 = 1024

/** Address of the word that heads the stack of batches of one size class. */
// @ts-ignore: decorator
@inline
export function batchesOf(sizeClass: u32): u32 {
  return BATCHES + (sizeClass << 2)
}

/** Address of the word that says how many blocks those are. */
// @ts-ignore: decorator
@inline
export function batchedOf(sizeClass: u32): u32 {
  return BATCHES + ((CLASSES + sizeClass) << 2)
}

/** Where the batches and their numbers end; the layout test sees that this is not past THREADS. */
export const BATCHES_END: u32 = BATCHES + (CLASSES << 3)

/** Pages handed out. Pairs with the store in pages.ts: who finds an address in a slot finds its page counted here. */
// @ts-ignore: decorator
@inline
export function loadEndPages(): u32 {
  return atomic.load<u32>(LIMITS, offsetof<HeapLimits>('endPages'))
}

// @ts-ignore: decorator
@inline
export function hashSeed(): u64 {
  return load<u64>(HEADER, offsetof<HeapHeader>('seed'))
}
