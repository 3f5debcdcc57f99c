import { loadEndPages } from '../layout/heap'
import { PAGE_BYTES } from '../layout/limits'
import { loadReferences } from '../layout/record'
import { report } from '../layout/scratch'
import { INVALID } from '../layout/status'
import { Stripe } from '../layout/stripe'
import { countThreads, isAttached } from '../layout/thread'
import { sumOf } from '../sync/stripes'
import { bytesInUse, freeBytes } from '../memory/usage'
import { firstRecord, previousRecord } from './records'

/** Writes what SharedHeap's stats() reports as 64-bit floats to the value area, in the order in which src/heap/stats.ts names them. */
export function writeHeapStats(): i32 {
  if (!isAttached()) return INVALID
  let collections: u32 = 0
  let lockWaits: f64 = 0
  let readRetries: f64 = 0
  for (let record = firstRecord(); record; record = previousRecord(record)) {
    if (!loadReferences(record)) continue
    collections++
    lockWaits += u32(sumOf(record, offsetof<Stripe>('lockWaits')))
    readRetries += u32(sumOf(record, offsetof<Stripe>('readRetries')))
  }
  report(0, bytesInUse())
  report(1, f64(memory.size()) * PAGE_BYTES)
  report(2, countThreads())
  report(3, collections)
  report(4, freeBytes())
  report(5, f64(loadEndPages()) * PAGE_BYTES)
  report(6, lockWaits)
  report(7, readRetries)
  return 0
}
