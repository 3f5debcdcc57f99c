import { type SharedHeapStats, readHeapStats } from '../heap/stats.js'
import type { AnyTable } from '../table/table.js'

/** What `stats()` of a queue returns: a plain object, a snapshot. */
export interface SharedQueueStats
  extends Omit<SharedHeapStats, 'collections' | 'approximateLockWaits' | 'approximateReadRetries'> {
  /** Items that can be taken. Exact while no thread pushes or pops. */
  size: number
  /** Items that there is room for. */
  capacity: number
  /** Whether it was closed. */
  closed: boolean
  /** Items that some thread has received and is not done with. */
  received: number
}

export function readQueueStats(
  table: AnyTable,
  { size, capacity, closed }: Pick<SharedQueueStats, 'size' | 'capacity' | 'closed'>,
): SharedQueueStats {
  const received = table.heap.core.countHeld(table.stripe)
  if (received < 0) throw table.failure(received)
  const { collections, approximateLockWaits, approximateReadRetries, ...heapStats } = readHeapStats(table.heap)
  return { size, capacity, closed, received, ...heapStats }
}
