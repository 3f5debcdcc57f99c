import { SCRATCH } from '../core/layout.js'
import { failure, maxBytesOf } from '../core/failure.js'
import type { Heap } from './heap.js'

/** What `stats()` of a map or set returns, and of a cache beside its own: a plain object, a snapshot. */
export interface SharedMapStats {
  /** Entries. Exact while no thread writes, approximate while one does; never less than 0. */
  size: number
  /** The table has 2^level head buckets. Exact. */
  level: number
  /** Head buckets, of 8 slots each. Exact. */
  buckets: number
  /** Overflow buckets in use. Approximate while threads write. */
  approximateOverflowBuckets: number
  /** Entries per head bucket; growth begins at 6.5. */
  loadFactor: number
  /** Share of the newest half of the buckets that has been evacuated into: 1 when no growth is under way. */
  approximateEvacuation: number
  /** Bytes of the head buckets. Exact. */
  bucketBytes: number
  /** Bytes of the heap that hold anything, or free blocks: in units of 1 KiB. Approximate while threads write. */
  heapBytes: number
  /** Bytes of the whole heap that are in use: by entries, buckets, tables, threads. */
  approximateUsedBytes: number
  /** Bytes of the whole heap that are free, and were in use before: they are used again. */
  approximateReusableBytes: number
  /** Of these: free blocks that can serve their own size only, until all that lie beside them are free as well. */
  approximateBoundBytes: number
  /** Bytes that the heap's memory has now. Exact. What is neither used nor reusable of them was never touched. */
  memoryBytes: number
  /** Bytes that the memory may grow to: reserved as address space, not used. Exact. */
  maxBytes: number
  /** Threads attached to the heap. Exact. */
  threads: number
  /** How often a thread found a lock taken. Approximate. */
  approximateLockWaits: number
  /** How often a read had to start over because a write came in between. Approximate. */
  approximateReadRetries: number
}

/** Reads what assembly/structures/hashmap/stats.ts writes, in its order. */
export function readStats(heap: Heap, stripe: number): SharedMapStats {
  const status = heap.core.writeStats(stripe)
  if (status < 0) throw failure(heap, status)
  const at = (index: number): number => heap.floatAt(heap.scratch + SCRATCH.value + index * 8)
  return {
    size: at(0),
    level: at(1),
    buckets: at(2),
    approximateOverflowBuckets: at(3),
    loadFactor: at(0) / at(2),
    approximateEvacuation: at(4),
    bucketBytes: at(5),
    heapBytes: at(6),
    approximateUsedBytes: at(6) - at(11),
    approximateReusableBytes: at(12) - at(6) + at(11),
    approximateBoundBytes: at(11),
    memoryBytes: at(7),
    maxBytes: maxBytesOf(heap),
    threads: at(8),
    approximateLockWaits: at(9),
    approximateReadRetries: at(10),
  }
}

/** What `stats()` of a SharedHeap returns: a plain object, a snapshot. */
export interface SharedHeapStats {
  /** Bytes that hold anything, or free blocks: in units of 1 KiB. Approximate while threads write. */
  heapBytes: number
  /** Bytes in use: by entries, buckets, tables, threads. */
  approximateUsedBytes: number
  /** Bytes that are free, and were in use before: they are used again. */
  approximateReusableBytes: number
  /** Of these: free blocks that can serve their own size only, until all that lie beside them are free as well. */
  approximateBoundBytes: number
  /** Bytes that the memory has now. Exact. What is neither used nor reusable of them was never touched. */
  memoryBytes: number
  /** Bytes that it may grow to: reserved as address space, not used. Exact. */
  maxBytes: number
  /** Threads attached. Exact. */
  threads: number
  /** Maps and sets: those with names, those without, and those that were deleted while a thread still has them open. */
  collections: number
  /** Of all collections that are there: see SharedMapStats. */
  approximateLockWaits: number
  approximateReadRetries: number
}

/** Reads what writeHeapStats in assembly/structures/hashmap/stats.ts writes. One of its tables is the directory. */
export function readHeapStats(heap: Heap): SharedHeapStats {
  heap.core.writeHeapStats()
  const at = (index: number): number => heap.floatAt(heap.scratch + SCRATCH.value + index * 8)
  return {
    heapBytes: at(0),
    approximateUsedBytes: at(0) - at(4),
    approximateReusableBytes: at(5) - at(0) + at(4),
    approximateBoundBytes: at(4),
    memoryBytes: at(1),
    maxBytes: maxBytesOf(heap),
    threads: at(2),
    collections: at(3) - 1,
    approximateLockWaits: at(6),
    approximateReadRetries: at(7),
  }
}
