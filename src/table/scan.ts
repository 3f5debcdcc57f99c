import { NothingReader } from '../codecs/any-reader.js'
import type { Item, Reader } from '../codecs/codec.js'
import { PAGE_BYTES, SCRATCH, STATUS } from '../core/layout.js'
import { HELD_ENTRY } from './layout.js'
import type { Heap } from '../heap/heap.js'
import { soon } from '../recovery/exceptions.js'
import type { Table } from './table.js'

/** Entries per batch: few, so that what is handed out is recent. */
export const BATCH = 64
/** The last place in the order of iteration; the first is 0. */
export const LAST = 0xffffffff

/** What of each entry is asked for. */
export const [KEYS, VALUES, ENTRIES] = [1, 2, 3] as const

/** One entry of a batch. */
export type Entry<K, V> = [key: K, value: Item<V>]

/** One batch: entries and where to go on (0: nowhere, all have been visited). */
export interface Batch<K, V> {
  entries: Entry<K, V>[]
  cursor: number
}

/** A batch in columns, which are used again for the next one. */
export class Columns<K, V> {
  /** The bytes of a batch whose keys have not been read, because only values were asked for: they are needed if the thread writes. */
  #bytes: Uint8Array | undefined
  #length = 0
  #hasKeys = true
  // Arrays of anything from the beginning: in one of doubles each number that is read would be made anew.
  readonly keys: K[] = [undefined as K]
  readonly items: Item<V>[] = [undefined as Item<V>]
  count = 0

  push(key: K, item: Item<V>): void {
    this.keys[this.count] = key
    this.items[this.count++] = item
  }

  /** Holds on to no entry any more. */
  clear(): void {
    this.keys.length = this.items.length = this.count = 0
    this.#bytes = undefined
    this.#hasKeys = true
  }

  /** A new batch, with its keys. */
  begin(): void {
    this.count = 0
    this.#hasKeys = true
  }

  /** Its keys stay where they are: from `begin` to `end`, in the scratch page. */
  leaveKeys({ bytes }: Heap, begin: number, end: number): void {
    this.#length = end - begin
    if (!this.#bytes || this.#bytes.length < this.#length) this.#bytes = new Uint8Array(Math.min(2 * this.#length, PAGE_BYTES))
    this.#bytes.set(bytes.subarray(begin, end))
    this.#hasKeys = false
  }

  /** Reads the keys that were left: the batch lies in the scratch page again, in which nobody has anything between two steps. */
  bringKeys({ heap, keyReader, valueReader }: Table<K, V>): void {
    if (this.#hasKeys) return
    const begin = heap.scratch + SCRATCH.value
    heap.bytes.set(this.#bytes!.subarray(0, this.#length), begin)
    keyReader.begin?.()
    for (let i = 0, at = begin; i < this.count; i++, at = valueReader.skip(keyReader.end)) this.keys[i] = keyReader.read(at) as K
    this.#hasKeys = true
  }
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
  const { heap, stripe, keyReader } = table
  const valueReader = wanted === KEYS ? nothing : table.valueReader
  columns.begin()
  const count = heap.core.scan(stripe, cursor, last, limit, isMost, wanted === KEYS)
  if (count === STATUS.outOfMemory) {
    const end = heap.wordAt(heap.scratch + SCRATCH.cursor)
    const next = readHeldChain(table, valueReader, columns, cursor, end)
    return next === 0 && end < last ? end + 1 : next
  }
  if (count < 0) throw table.failure(count)
  const next = heap.wordAt(heap.scratch + SCRATCH.cursor)
  const begin = heap.wordAt(heap.scratch + SCRATCH.address)
  try {
    if (wanted === VALUES && isInScratch(heap, begin)) fillValues(heap, columns, keyReader, valueReader, begin, count)
    else fill(columns, keyReader, valueReader, begin, count)
  } finally {
    dropBatch(heap, begin)
  }
  return next
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
  const { keys, items } = columns
  // Not afterwards: an overflow of the stack could come before that.
  keyReader.begin?.()
  valueReader.begin?.()
  if (keyReader.readColumn && valueReader.readColumn) {
    const bytes = keyReader.bytes! + valueReader.bytes!
    keyReader.readColumn(keys as Item<K>[], begin, count, bytes)
    valueReader.readColumn(items, begin + keyReader.bytes!, count, bytes)
  } else {
    for (let i = 0, at = begin; i < count; i++, at = valueReader.end) {
      keys[i] = keyReader.read(at) as K
      items[i] = valueReader.read(keyReader.end)
    }
  }
  columns.count = count
}

/** Reads the values alone. */
function fillValues<K, V>(
  heap: Heap,
  columns: Columns<K, V>,
  keyReader: Reader<Item<K>>,
  valueReader: Reader<Item<V>>,
  begin: number,
  count: number,
): void {
  const { items } = columns
  valueReader.begin?.()
  let at = begin
  if (keyReader.readColumn && valueReader.readColumn) {
    const bytes = keyReader.bytes! + valueReader.bytes!
    valueReader.readColumn(items, begin + keyReader.bytes!, count, bytes)
    at += count * bytes
  } else {
    for (let i = 0; i < count; i++, at = valueReader.end) items[i] = valueReader.read(keyReader.skip(at))
  }
  columns.leaveKeys(heap, begin, at)
  columns.count = count
}

/** On a full heap there may be no room for a copy of a chain: reads it where it lies, while it is locked. */
function readHeldChain<K, V>(
  table: Table<K, V>,
  valueReader: Reader<Item<V>>,
  columns: Columns<K, V>,
  cursor: number,
  last: number,
): number {
  const { heap, stripe, keyReader } = table
  let count = heap.core.pinChain(stripe, cursor, last, false)
  if (count < 0) throw table.failure(count)
  try {
    const next = heap.wordAt(heap.scratch + SCRATCH.cursor)
    while (true) {
      for (let i = 0, at = heap.scratch + SCRATCH.value; i < count; i++, at += HELD_ENTRY.bytes) {
        const key = keyReader.read(heap.wordAt(at + HELD_ENTRY.keyAt)) as K
        columns.push(key, valueReader.read(heap.wordAt(at + HELD_ENTRY.valueAt)))
      }
      if (count < HELD_ENTRY.most) return next
      count = heap.core.pinChain(stripe, cursor, last, true)
    }
  } catch (error) {
    void soon.then(heap.mend) // if there is no stack left to let go
    throw error
  } finally {
    heap.core.unpin()
  }
}

/** Gives back the memory of a batch that was too long for the scratch page. */
function dropBatch(heap: Heap, begin: number): void {
  if (!isInScratch(heap, begin)) heap.core.dropResult()
}

function isInScratch({ scratch }: Heap, begin: number): boolean {
  return begin === scratch + SCRATCH.value
}
