import type { Item } from './codecs/codec.js'
import { HELD_ENTRY, SCRATCH, STATUS } from './core/exports.js'
import type { Heap } from './heap.js'
import { holds, read } from './operations.js'
import { writes } from './pending.js'
import type { Table } from './table.js'

/** Entries per batch: few, so that what is handed out is recent. */
export const BATCH = 64
/** The last place in the order of iteration; the first is 0. */
export const LAST = 0xffffffff

/** One entry of a batch. */
export type Entry<K, V> = [key: K, value: Item<V>]

/** One batch: entries and where to go on (0: nowhere, all have been visited). */
export interface Batch<K, V> {
  entries: Entry<K, V>[]
  cursor: number
}

/**
 * Reads the batch at a cursor, up to the place `last`. Each chain in it is as it was at one moment. All of it is in
 * JavaScript's memory then; what could run code of the program's, decoding objects, is left for later.
 */
export function readBatch<K, V>(table: Table<K, V>, cursor: number, last: number, limit: number): Batch<K, V> {
  const { heap, stripe, keyReader, valueReader } = table
  const count = heap.core.scan(stripe, cursor, last, limit)
  if (count === STATUS.outOfMemory) return readHeldChain(table, cursor, last)
  if (count < 0) throw table.failure(count)
  const next = heap.wordAt(heap.scratch + SCRATCH.cursor)
  const entries: Entry<K, V>[] = new Array(count)
  const begin = heap.wordAt(heap.scratch + SCRATCH.address)
  try {
    for (let i = 0, at = begin; i < count; i++, at = valueReader.end) {
      const key = keyReader.read(at) as K
      entries[i] = [key, valueReader.read(keyReader.end)]
    }
  } finally {
    dropBatch(heap, begin)
  }
  return { entries, cursor: next }
}

/** On a full heap there may be no room for a copy of a chain: reads it where it lies, while it is locked. */
function readHeldChain<K, V>(table: Table<K, V>, cursor: number, last: number): Batch<K, V> {
  const { heap, stripe, keyReader, valueReader } = table
  let count = heap.core.holdChain(stripe, cursor, last, 0)
  if (count < 0) throw table.failure(count)
  try {
    const next = heap.wordAt(heap.scratch + SCRATCH.cursor)
    const entries: Entry<K, V>[] = []
    while (true) {
      for (let i = 0, at = heap.scratch + SCRATCH.value; i < count; i++, at += HELD_ENTRY.bytes) {
        const key = keyReader.read(heap.wordAt(at + HELD_ENTRY.keyAt)) as K
        entries.push([key, valueReader.read(heap.wordAt(at + HELD_ENTRY.valueAt))])
      }
      if (count < HELD_ENTRY.most) return { entries, cursor: next }
      count = heap.core.holdChain(stripe, cursor, last, entries.length)
    }
  } finally {
    heap.core.letGo()
  }
}

/** Gives back the memory of a batch that was too long for the scratch page. */
function dropBatch(heap: Heap, begin: number): void {
  if (begin !== heap.scratch + SCRATCH.value) heap.core.dropResult()
}

/**
 * Goes over the entries from one place to another. What this thread itself has removed meanwhile is not visited, what
 * it has changed is brought up to date.
 */
export function* visit<K, V>(table: Table<K, V>, first = 0, last = LAST): Generator<Entry<K, V>, undefined> {
  let cursor = first
  do {
    const batch = readBatch(table, cursor, last, BATCH)
    const seenWrites = writes
    for (const entry of batch.entries) {
      table.ensureOpen()
      if (writes === seenWrites || renew(table, entry)) yield entry
    }
    cursor = batch.cursor
  } while (cursor !== 0)
}

/** This thread has written something since the batch was read: brings the entry up to date. False: it is gone. */
function renew<K, V>(table: Table<K, V>, entry: Entry<K, V>): boolean {
  const key = table.keys.pack(entry[0])
  if (table.shape.value === 'none') return holds(table, key)
  const value = read(table, key)
  if (value) entry[1] = table.values.item(value)
  return value !== undefined
}
