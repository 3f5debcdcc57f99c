import { BITSET } from './layout.js'
import { type SharedHeapStats, readHeapStats } from '../heap/stats.js'
import type { Table } from '../table/table.js'

/** What `stats()` of a bitset returns: a plain object, a snapshot. */
export interface SharedBitsetStats
  extends Omit<SharedHeapStats, 'collections' | 'approximateLockWaits' | 'approximateReadRetries'> {
  /** Bits that there are. */
  length: number
  /** Bits that are set. Exact while no thread writes. */
  size: number
  /** Pages of 65,536 bits that were touched. Exact while no thread writes. */
  pages: number
  /** Bytes of those pages. */
  pageBytes: number
}

export function readBitsetStats(table: Table<number, undefined>, length: number): SharedBitsetStats {
  const { heap, stripe } = table
  const size = heap.core.countBits(stripe, 0, length - 1)
  const pages = heap.core.countPages(stripe)
  if (size < 0 || pages < 0) throw table.failure(Math.min(size, pages))
  const { collections, approximateLockWaits, approximateReadRetries, ...heapStats } = readHeapStats(heap)
  return { length, size, pages, pageBytes: pages * BITSET.pageBytes, ...heapStats }
}
