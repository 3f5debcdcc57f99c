import type { Reader } from './codecs/codec.js'
import { SCRATCH } from './core/exports.js'
import type { Heap } from './heap.js'

/** Copies a batch of whole chains, see scan() in assembly/table/iterate.ts: how many entries, or a negative status. */
export type Scan = (stripe: number, cursor: number, last: number, limit: number) => number

/** Entries per batch: few, so that what is handed out is recent. */
const BATCH = 64
const LAST = 0xffffffff

/** One batch: entries and where to go on (0: nowhere, all have been visited). */
export interface Batch<K, V> {
  readonly entries: [K, V][]
  readonly cursor: number
}

/** Reads the batch at a cursor. Each chain in it is as it was at one moment. */
export function readBatch<K, V>(
  heap: Heap, scan: Scan, stripe: number, keys: Reader<K>, values: Reader<V>, cursor: number,
): Batch<K, V> {
  const count = scan(stripe, cursor, LAST, BATCH)
  if (count < 0) throw heap.failure(count)
  const next = heap.wordAt(heap.scratch + SCRATCH.cursor)
  const entries: [K, V][] = new Array(count)
  let at = heap.resultAddress()
  const isSpilled = at !== heap.scratch + SCRATCH.value
  for (let i = 0; i < count; i++) {
    const key = keys.read(at)
    const value = values.read(keys.end)
    at = values.end
    entries[i] = [key, value]
  }
  if (isSpilled) heap.core.dropResult()
  return { entries, cursor: next }
}
