import { NothingReader } from '../codecs/any-reader.js'
import type { Item, Reader } from '../codecs/codec.js'
import { SCRATCH, STATUS } from '../core/layout.js'
import { Columns, ENTRIES, KEYS, VALUES } from './columns.js'
import { HELD_ENTRY } from './layout.js'
import type { Heap } from '../heap/heap.js'
import { soon } from '../recovery/exceptions.js'
import type { Table } from './table.js'

const WORD_BYTES = 8

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
 *
 * @param isMost whether there may be no more than `limit`, but of entries that have one place: then the last chain, or one that
 *   has more than that, is cut, which costs a few more walks of it. Else the batch ends with a chain.
 */
export function readBatch<K, V>(table: Table<K, V>, cursor: number, last: number, limit: number, isMost = false): Batch<K, V> {
  const columns = new Columns<K, V>()
  const next = readColumns(table, columns, cursor, last, limit, ENTRIES, isMost)
  const { keys, items } = columns
  return { entries: Array.from({ length: columns.count }, (_, i) => [keys[i]!, items[i]!]), cursor: next }
}

/** The same in columns, those that are wanted. Returns where to go on. */
export function readColumns<K, V>(
  table: Table<K, V>,
  columns: Columns<K, V>,
  cursor: number,
  last: number,
  limit: number,
  wanted: number = ENTRIES,
  isMost = false,
): number {
  const { heap, stripe } = table
  columns.count = 0
  columns.hasKeys = wanted !== VALUES
  const count = heap.core.scan(stripe, cursor, last, limit, isMost, wanted)
  let next = heap.wordAt(heap.scratch + SCRATCH.cursor)
  if (count >= 0) readBatchInto(table, columns, count, wanted)
  else if (count === STATUS.outOfMemory) {
    const end = next
    next = readHeldChain(table, columns, cursor, end, wanted)
    if (next === 0 && end < last) next = end + 1
  } else throw table.failure(count)
  columns.first = cursor
  columns.last = next === 0 ? last : next - 1
  return next
}

function readBatchInto<K, V>(
  { heap, keyReader, valueReader }: Table<K, V>,
  columns: Columns<K, V>,
  count: number,
  wanted: number,
): void {
  const begin = heap.wordAt(heap.scratch + SCRATCH.address)
  try {
    if (wanted === ENTRIES) fill(columns, keyReader, valueReader, begin, count)
    else if (wanted === KEYS) fillKeys(columns, keyReader, begin, count)
    else if (wanted === VALUES) fillValues(heap, columns, valueReader, begin, count)
    else fillKeysAndWords(heap, columns, keyReader, begin, count)
    columns.count = count
  } finally {
    dropBatch(heap, begin)
  }
}

const nothing: Reader<undefined> = new NothingReader()

/** Reads the entries of a batch: those of one size column by column, others one by one. */
function fill<K, V>(
  columns: Columns<K, V>,
  keyReader: Reader<Item<K>>,
  valueReader: Reader<Item<V>>,
  begin: number,
  count: number,
): void {
  // Not afterwards: an overflow of the stack could come before that.
  keyReader.begin?.()
  valueReader.begin?.()
  const keys = columns.keysFor(keyReader, count)
  const items = columns.itemsFor(valueReader, count)
  if (keyReader.readColumn && valueReader.readColumn) {
    const bytes = keyReader.bytes! + valueReader.bytes!
    keyReader.readColumn(keys, begin, count, bytes)
    valueReader.readColumn(items, begin + keyReader.bytes!, count, bytes)
    return
  }
  for (let i = 0, at = begin; i < count; i++, at = valueReader.end) {
    keys[i] = keyReader.read(at)
    items[i] = valueReader.read(keyReader.end)
  }
}

/** Reads keys alone. */
function fillKeys<K, V>(columns: Columns<K, V>, keyReader: Reader<Item<K>>, begin: number, count: number): void {
  keyReader.begin?.()
  const keys = columns.keysFor(keyReader, count)
  if (keyReader.readColumn) keyReader.readColumn(keys, begin, count, keyReader.bytes!)
  else for (let i = 0, at = begin; i < count; i++, at = keyReader.end) keys[i] = keyReader.read(at)
}

/** Reads values, each behind the word of its key. */
function fillValues<K, V>(heap: Heap, columns: Columns<K, V>, valueReader: Reader<Item<V>>, begin: number, count: number): void {
  valueReader.begin?.()
  const items = columns.itemsFor(valueReader, count)
  const words = columns.wordsFor(count)
  if (valueReader.readColumn) {
    const bytes = WORD_BYTES + valueReader.bytes!
    valueReader.readColumn(items, begin + WORD_BYTES, count, bytes)
    const from = heap.words // which reach as far now
    for (let i = 0, at = begin >>> 2; i < 2 * count; i += 2, at += bytes >>> 2) {
      words[i] = from[at]!
      words[i + 1] = from[at + 1]!
    }
    return
  }
  for (let i = 0, at = begin; i < count; i++, at = valueReader.end) {
    readWord(heap, words, i, at)
    items[i] = valueReader.read(at + WORD_BYTES)
  }
}

/** Reads keys, each behind its word. */
function fillKeysAndWords<K, V>(
  heap: Heap,
  columns: Columns<K, V>,
  keyReader: Reader<Item<K>>,
  begin: number,
  count: number,
): void {
  keyReader.begin?.()
  const keys = columns.keysFor(keyReader, count)
  const words = columns.wordsFor(count)
  for (let i = 0, at = begin; i < count; i++, at = keyReader.end) {
    readWord(heap, words, i, at)
    keys[i] = keyReader.read(at + WORD_BYTES)
  }
}

function readWord(heap: Heap, words: Int32Array, i: number, at: number): void {
  words[2 * i] = heap.wordAt(at)
  words[2 * i + 1] = heap.wordAt(at + 4)
}

/** On a full heap there may be no room for a copy of a chain: reads it, keys as well, where it lies, while it is locked. */
function readHeldChain<K, V>(table: Table<K, V>, columns: Columns<K, V>, cursor: number, last: number, wanted: number): number {
  const { heap, stripe, keyReader } = table
  const valueReader = wanted === ENTRIES || wanted === VALUES ? table.valueReader : nothing
  let count = heap.core.pinChain(stripe, cursor, last, false)
  if (count < 0) throw table.failure(count)
  try {
    const next = heap.wordAt(heap.scratch + SCRATCH.cursor)
    const [keys, items, words]: [K[], Item<V>[], number[]] = [[], [], []]
    while (true) {
      for (let i = 0, at = heap.scratch + SCRATCH.value; i < count; i++, at += HELD_ENTRY.bytes) {
        keys.push(keyReader.read(heap.wordAt(at + HELD_ENTRY.keyAt)) as K)
        items.push(valueReader.read(heap.wordAt(at + HELD_ENTRY.valueAt)) as Item<V>)
        words.push(heap.wordAt(at + HELD_ENTRY.keyWord), heap.wordAt(at + HELD_ENTRY.keyWord + 4))
      }
      if (count < HELD_ENTRY.most) break
      count = heap.core.pinChain(stripe, cursor, last, true)
    }
    Object.assign(columns, { keys, items, words: Int32Array.from(words), count: keys.length, hasKeys: true })
    return next
  } catch (error) {
    void soon.then(heap.mend) // if there is no stack left to let go
    throw error
  } finally {
    heap.core.unpin()
  }
}

/** Gives back the memory of a batch that was too long for the scratch page. */
function dropBatch(heap: Heap, begin: number): void {
  if (begin !== heap.scratch + SCRATCH.value) heap.core.dropResult()
}
