import { BUCKET_BYTES } from '../layout/bucket'
import { FOR_CHUNK, FOR_LARGE, FOR_SCRATCH, FOR_SEGMENT, loadEndPages } from '../layout/heap'
import { CLASSES, HEADER_PAGES, MAX_THREADS, PAGE_BYTES } from '../layout/limits'
import { Stripe, Table, loadLevel, loadReferences, tableOf } from '../layout/table'
import { scratchValue } from '../layout/scratch'
import { INVALID } from '../layout/status'
import { CHUNK_HAND, FREE, kindOf, threadSlot } from '../layout/thread'
import { firstTable, previousTable } from '../collections'
import { classBytes } from '../memory/classes'
import { bytesIn } from '../memory/hands'
import { estimateFree } from '../memory/lists'
import { pagesInUse } from '../memory/pages'
import { estimateCount, sum, sumEvacuated } from '../sync/counter'
import { isAttached, isMine } from '../valid'

/** Writes what stats() reports as 64-bit floats to the value area, in the order in which src/stats.ts names them. */
export function writeStats(stripe: u32): i32 {
  if (!isMine(stripe)) return INVALID
  const table = tableOf(stripe)
  const level = loadLevel(table)
  const base = changetype<Table>(table).baseLevel
  const grown = sumEvacuated(table)
  put(0, estimateCount(table))
  put(1, level)
  put(2, u32(1) << level)
  put(3, max(sum(table, offsetof<Stripe>('overflow')), 0)) // as estimateCount
  put(4, evacuation(level, base, grown))
  put(5, f64(BUCKET_BYTES) * f64(u32(1) << level))
  put(6, bytesInUse())
  put(7, f64(memory.size()) * PAGE_BYTES)
  put(8, countThreads())
  put(9, u32(sum(table, offsetof<Stripe>('lockWaits'))))
  put(10, u32(sum(table, offsetof<Stripe>('readRetries'))))
  put(11, freeBytes())
  put(12, f64(loadEndPages()) * PAGE_BYTES)
  return 0
}

/** The same for SharedHeap's stats(). */
export function writeHeapStats(): i32 {
  if (!isAttached()) return INVALID
  let tables: u32 = 0
  let lockWaits: f64 = 0
  let readRetries: f64 = 0
  for (let table = firstTable(); table; table = previousTable(table)) {
    if (!loadReferences(table)) continue
    tables++
    lockWaits += u32(sum(table, offsetof<Stripe>('lockWaits')))
    readRetries += u32(sum(table, offsetof<Stripe>('readRetries')))
  }
  put(0, bytesInUse())
  put(1, f64(memory.size()) * PAGE_BYTES)
  put(2, countThreads())
  put(3, tables)
  put(4, freeBytes())
  put(5, f64(loadEndPages()) * PAGE_BYTES)
  put(6, lockWaits)
  put(7, readRetries)
  return 0
}

// ---- helpers ----

/** Of pages that are not free. By the pool's counters: a walk through free runs could be led astray by who takes them. */
function bytesInUse(): f64 {
  const pages = pagesInUse(FOR_CHUNK) + pagesInUse(FOR_LARGE) + pagesInUse(FOR_SEGMENT) + pagesInUse(FOR_SCRATCH)
  return f64(HEADER_PAGES + pages) * PAGE_BYTES
}

/** Of those: free blocks, and what is not cut to blocks yet. */
function freeBytes(): f64 {
  let bytes: f64 = uncutBytes()
  for (let sizeClass: u32 = 0; sizeClass < CLASSES; sizeClass++) {
    bytes += f64(estimateFree(sizeClass)) * f64(classBytes(sizeClass))
  }
  return bytes
}

/** Fresh memory that threads carve blocks from. */
export function uncutBytes(): f64 {
  let bytes: f64 = 0
  for (let index: u32 = 0; index < MAX_THREADS; index++) bytes += bytesIn(threadSlot(index) + CHUNK_HAND)
  return bytes
}

/** Writes a number where JavaScript looks for it. */
export function put(index: u32, value: f64): void {
  store<f64>(scratchValue() + (index << 3), value)
}

/** Share of the newest segment that has been evacuated into: 1 when no growth is under way. */
function evacuation(level: u32, base: u32, evacuated: u32): f64 {
  if (level == base) return 1
  const children: u32 = 1 << (level - 1)
  const before = (1 << (level - 1)) - (1 << base)
  return min<f64>(1, f64(evacuated - before) / f64(children))
}

function countThreads(): u32 {
  let count: u32 = 0
  for (let index: u32 = 0; index < MAX_THREADS; index++) {
    if (kindOf(atomic.load<u32>(threadSlot(index))) != FREE) count++
  }
  return count
}
