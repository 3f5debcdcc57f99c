import { loadEndPages } from '../../layout/heap'
import { PAGE_BYTES } from '../../layout/limits'
import { report } from '../../layout/scratch'
import { INVALID } from '../../layout/status'
import { Stripe } from '../../layout/stripe'
import { countThreads } from '../../layout/thread'
import { sumOf } from '../../sync/stripes'
import { bytesInUse, freeBytes } from '../../memory/usage'
import { bucketBytesOf, isMapOrCache, loadLevel, Table, tableOf, TableStripe } from './layout/table'
import { estimateCount, sumEvacuated } from './counter'

/** Writes what stats() reports as 64-bit floats to the value area, in the order in which src/heap/stats.ts names them. */
export function writeStats(stripe: u32): i32 {
  if (!isMapOrCache(stripe)) return INVALID
  const table = tableOf(stripe)
  const level = loadLevel(table)
  const base = changetype<Table>(table).baseLevel
  const grown = sumEvacuated(table)
  report(0, estimateCount(table))
  report(1, level)
  report(2, u32(1) << level)
  report(3, max(sumOf(table, offsetof<TableStripe>('overflow')), 0)) // as estimateCount
  report(4, evacuation(level, base, grown))
  report(5, f64(bucketBytesOf(table)) * f64(u32(1) << level))
  report(6, bytesInUse())
  report(7, f64(memory.size()) * PAGE_BYTES)
  report(8, countThreads())
  report(9, u32(sumOf(table, offsetof<Stripe>('lockWaits'))))
  report(10, u32(sumOf(table, offsetof<Stripe>('readRetries'))))
  report(11, freeBytes())
  report(12, f64(loadEndPages()) * PAGE_BYTES)
  return 0
}

/** Share of the newest segment that has been evacuated into: 1 when no growth is under way. */
function evacuation(level: u32, base: u32, evacuated: u32): f64 {
  if (level == base) return 1
  const children: u32 = 1 << (level - 1)
  const before = (1 << (level - 1)) - (1 << base)
  return min<f64>(1, f64(evacuated - before) / f64(children))
}
