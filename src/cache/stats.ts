import { SCRATCH } from '../core/layout.js'
import { type SharedMapStats, readStats } from '../heap/stats.js'
import type { AnyTable } from '../table/table.js'

/** What `stats()` of a cache returns: a plain object, a snapshot. Counters are those of all threads. */
export interface SharedCacheStats extends SharedMapStats {
  /** Entries, and those that are about to be made. Never more than max. */
  size: number
  /** Most entries; Infinity: not bounded so. */
  max: number
  /** Bytes of what is stored; undefined if they are not bounded. Never more than maxBytes. */
  bytes: number | undefined
  /** Most bytes of what is stored; Infinity: not bounded so. */
  maxBytes: number
  /** Reads that found a value, and those that did not: get, getMany, fetch, and what reads before it writes. */
  hits: number
  misses: number
  /** Hits of all reads; NaN if there were none. */
  hitRatio: number
  /** Entries that were made. */
  inserts: number
  /** Entries that were removed to make room. */
  evictions: number
  /** Entries that were removed because they had ended. */
  expirations: number
  /** Calls of loaders, and how many of those failed. */
  loads: number
  loadFailures: number
  /** Calls of fetch that got what another call had loaded, while it did. */
  coalesced: number
}

/** Reads what assembly/structures/cache/stats.ts writes, in its order. */
export function readCacheStats(table: AnyTable): SharedCacheStats {
  const { heap, stripe } = table
  const ofMap = readStats(heap, stripe)
  const status = heap.core.writeCacheStats(stripe)
  if (status < 0) throw table.failure(status)
  const at = (index: number): number => heap.floatAt(heap.scratch + SCRATCH.value + index * 8)
  const bytes = at(2)
  return {
    ...ofMap,
    size: at(0),
    max: at(1),
    bytes: bytes === bytes ? bytes : undefined,
    maxBytes: at(3),
    hits: at(4),
    misses: at(5),
    hitRatio: at(4) / (at(4) + at(5)),
    inserts: at(6),
    evictions: at(7),
    expirations: at(8),
    loads: at(9),
    loadFailures: at(10),
    coalesced: at(11),
  }
}
