import { report } from '../../layout/scratch'
import { INVALID } from '../../layout/status'
import { sumOf } from '../../sync/stripes'
import { cacheOf, CacheStripe, controlOf, entriesOf, LOADS, MOST_CREDITS, unitsIn } from '../hashmap/layout/cache'
import { isCache, tableOf } from '../hashmap/layout/table'
import { spent, sum64 } from './sums'

/** Writes what stats() says of a cache as 64-bit floats to the value area, in the order in which src/cache/stats.ts names them. */
export function writeCacheStats(stripe: u32): i32 {
  if (!isCache(stripe)) return INVALID
  const table = tableOf(stripe)
  const control = controlOf(stripe)
  const taken = spent(table, cacheOf(stripe).control)
  report(0, entriesOf(taken))
  report(1, entriesOf(control.most) == MOST_CREDITS ? Infinity : entriesOf(control.most))
  report(2, control.isCounted ? f64(unitsIn(taken)) * 8 : NaN)
  report(3, control.isCounted ? f64(unitsIn(control.most)) * 8 : Infinity)
  report(4, f64(sum64(table, offsetof<CacheStripe>('hits'))))
  report(5, f64(sum64(table, offsetof<CacheStripe>('misses'))))
  report(6, u32(sumOf(table, offsetof<CacheStripe>('made'))))
  report(7, u32(sumOf(table, offsetof<CacheStripe>('evictions'))))
  report(8, u32(sumOf(table, offsetof<CacheStripe>('expirations'))))
  for (let index: u32 = 0; index < 3; index++) {
    report(9 + index, atomic.load<u32>(cacheOf(stripe).control + LOADS + 4 + (index << 2)))
  }
  return 0
}
