import type { Item } from '../codecs/codec.js'
import { type Encoded, isBlock, encodedNumber } from '../codecs/encoded.js'
import { encodedResult, writePayload } from '../codecs/payload.js'
import { MANY_BYTES } from '../core/exports.js'
import { BLOCK_HEADER_BYTES, LENGTH_SHIFT, SCRATCH, STATUS, TYPE } from '../core/layout.js'
import { type Outcome, retold } from '../core/failure.js'
import type { Heap } from '../heap/heap.js'
import type { StoredKind } from '../core/kinds.js'
import { insert, put, read, remove } from './operations.js'
import { countWrite, isNoting } from './reentrancy.js'
import type { AnyTable, Table } from './table.js'

// Many keys in one call of the core: what is asked is laid out in the scratch page, as many keys as there is room for.
// What is too long for that goes alone.

/** Whether a table takes one key at a time: each entry of a cache may need room that others have. */
function isAlone({ schema }: AnyTable): boolean {
  return schema.noun === 'cache'
}

/** A key and its value, as they are stored. */
export type EncodedEntry = readonly [key: Encoded, value: Encoded]

/** Bytes that a key or value takes in a batch. */
function bytesOf({ meta }: Encoded, kind: StoredKind): number {
  if (kind === 'none') return 0
  if (kind === 'number' || kind === 'bigint') return 8
  return BLOCK_HEADER_BYTES + (isBlock(meta) ? padded(meta) : 8)
}

function padded(meta: number): number {
  return ((meta >>> LENGTH_SHIFT) + 7) & ~7
}

/** Writes a key or value of a batch. Returns where the next one begins. */
function layOut(heap: Heap, at: number, encoded: Encoded, kind: StoredKind): number {
  const { meta, content } = encoded
  if (kind === 'none') return at
  let to = at
  if (kind !== 'number' && kind !== 'bigint') {
    heap.words[at >>> 2] = meta
    to += BLOCK_HEADER_BYTES
  }
  if (meta === TYPE.number) heap.floats[to >>> 3] = content as number
  else if (meta === TYPE.word) heap.bigints[to >>> 3] = content as bigint
  else return layOutPayload(heap, to, encoded)
  return to + 8
}

function layOutPayload(heap: Heap, at: number, encoded: Encoded): number {
  const end = at + padded(encoded.meta)
  if (end > at) heap.bigints[(end - 8) >>> 3] = 0n // the padding
  writePayload(heap, encoded, at)
  return end
}

/** Lays out keys from the `begin`-th on. Returns how many there was room for. */
function layOutKeys({ heap, schema }: AnyTable, keys: readonly Encoded[], begin: number): number {
  let at = heap.scratch + SCRATCH.value
  const end = at + MANY_BYTES
  let index = begin
  for (; index < keys.length && at + bytesOf(keys[index]!, schema.key) <= end; index++) {
    at = layOut(heap, at, keys[index]!, schema.key)
  }
  return index - begin
}

function layOutEntries({ heap, schema }: AnyTable, entries: readonly EncodedEntry[], begin: number): number {
  let at = heap.scratch + SCRATCH.value
  const end = at + MANY_BYTES
  let index = begin
  for (; index < entries.length; index++) {
    const [key, value] = entries[index]!
    if (at + bytesOf(key, schema.key) + bytesOf(value, schema.value) > end) break
    at = layOut(heap, layOut(heap, at, key, schema.key), value, schema.value)
  }
  return index - begin
}

/** The values of keys, undefined where there is none. Each is read atomically. */
export function getMany<K, V>(table: Table<K, V>, keys: readonly Encoded[]): (Item<V> | undefined)[] {
  const items: (Item<V> | undefined)[] = []
  while (items.length < keys.length) {
    const { heap, stripe } = table
    const count = isAlone(table) ? 0 : layOutKeys(table, keys, items.length)
    const answered = count && heap.core.getMany(stripe, count)
    if (answered < 0 && answered !== STATUS.outOfMemory) throw table.failure(answered)
    if (answered > 0) readAnswers(table, answered, items)
    else items.push(readItem(table, keys[items.length]!))
  }
  return items
}

function readItem<K, V>(table: Table<K, V>, key: Encoded): Item<V> | undefined {
  const encoded = read(table, key)
  return encoded && table.values.item(encoded)
}

/** Reads answers: a header of meta word and status each, then a word or a payload. `absent`: what stands for one that is none. */
function readAnswers<K, V>(
  { heap, values }: Table<K, V>,
  count: number,
  items: (Item<V> | undefined)[],
  absent?: (i: number) => Encoded,
): void {
  let at = heap.wordAt(heap.scratch + SCRATCH.address)
  for (let i = 0; i < count; i++) {
    const meta = heap.wordAt(at)
    const isFound = heap.wordAt(at + 4) === STATUS.found
    at += BLOCK_HEADER_BYTES
    if (!isFound) {
      items.push(absent && values.item(absent(i)))
      continue
    }
    items.push(values.item({ meta, content: contentAt(heap, meta, at) }))
    at += isBlock(meta) ? padded(meta) : 8
  }
}

function contentAt(heap: Heap, meta: number, at: number): Encoded['content'] {
  if (meta === TYPE.number) return heap.floatAt(at)
  return meta === TYPE.word ? heap.bigintAt(at) : heap.payloadAt(meta, at)
}

/** Whether there are entries with these keys. */
export function hasMany(table: AnyTable, keys: readonly Encoded[]): boolean[] {
  return getMany(table, keys).map((item) => item !== undefined)
}

/** Sets entries, each atomically. */
export function setMany(table: AnyTable, entries: readonly EncodedEntry[]): void {
  let done = 0
  try {
    while (done < entries.length) {
      const { heap, stripe } = table
      // Callbacks that are running must be told of each write.
      const count = isNoting || isAlone(table) ? 0 : layOutEntries(table, entries, done)
      if (count === 0) {
        put(table, ...entries[done]!)
        done++
        continue
      }
      const set = heap.core.setMany(stripe, count)
      countWrite(table.written)
      done += set
      if (set < count) throw table.lastFailure()
    }
  } catch (error) {
    throw retold(error, setSoFar(table, done, entries.length))
  }
}

/** What has been done when not all could be set: in their order. */
function setSoFar({ schema }: AnyTable, done: number, all: number): Outcome {
  return { done: `The first ${done} of ${all} ${schema.noun === 'set' ? 'values were added' : 'entries were set'}, no more` }
}

/** The values of keys; where there is none, the one that is given, which is set. Each atomically. */
export function getOrInsertMany<K, V>(table: Table<K, V>, entries: readonly EncodedEntry[]): Item<V>[] {
  const items: Item<V>[] = []
  try {
    while (items.length < entries.length) {
      const { heap, stripe } = table
      // Callbacks that are running must be told of each write.
      const begin = items.length
      const count = isNoting || isAlone(table) ? 0 : layOutEntries(table, entries, begin)
      const done = count && heap.core.getOrInsertMany(stripe, count)
      if (count > 0) countWrite(table.written)
      if (done > 0) {
        readAnswers(table, done, items, (i) => entries[begin + i]![1])
      } else {
        items.push(itemOrInserted(table, ...entries[begin]!)) // whatever is the matter, it comes to light here
      }
    }
  } catch (error) {
    throw retold(error, inserted(items.length, entries.length))
  }
  return items
}

function itemOrInserted<K, V>(table: Table<K, V>, key: Encoded, value: Encoded): Item<V> {
  return table.values.item(insert(table, key, value) ? value : encodedResult(table.heap))
}

function inserted(done: number, all: number): Outcome {
  return { done: `The first ${done} of ${all} keys have a value, and no more were set` }
}

/** Removes keys, each atomically. Returns how many there were. */
export function deleteMany(table: AnyTable, keys: readonly Encoded[]): number {
  let removed = 0
  let done = 0
  try {
    while (done < keys.length) {
      const { heap, stripe } = table
      const count = isNoting || isAlone(table) ? 0 : layOutKeys(table, keys, done)
      if (count === 0) {
        if (remove(table, keys[done]!)) removed++
        done++
        continue
      }
      const seen = heap.core.deleteMany(stripe, count)
      for (let i = done; i < done + seen; i++) table.keys.forget?.(keys[i]!)
      countWrite(table.written)
      removed += heap.wordAt(heap.scratch + SCRATCH.word)
      done += seen
      if (seen < count) throw table.lastFailure()
    }
  } catch (error) {
    throw retold(error, { done: `Of the first ${done} of ${keys.length} keys all that were there are removed, no more` })
  }
  return removed
}

// ---- Numbers by numbers: nothing encoded, only floats ----

/** Keys per call of getNumbers; an entry takes twice as much room as a key. */
const NUMBERS = 3000
const NUMBER_ENTRIES = MANY_BYTES / 16

/** The values of keys, NaN where there is none. `into` is as long as `keys` at least. */
export function getNumbers(table: AnyTable, keys: Float64Array, into: Float64Array): void {
  if (isAlone(table)) return keys.forEach((key, i) => void (into[i] = numberOrNaN(read(table, encodedNumber(key)))))
  for (let begin = 0; begin < keys.length; begin += NUMBERS) {
    const { heap, stripe } = table
    const part = keys.subarray(begin, begin + NUMBERS)
    heap.floats.set(part, (heap.scratch + SCRATCH.value) >>> 3)
    const status = heap.core.getNumbers(stripe, part.length)
    if (status < 0) throw table.failure(status)
    const answers = (heap.scratch + SCRATCH.answers) >>> 3
    into.set(heap.floats.subarray(answers, answers + part.length), begin)
  }
}

function numberOrNaN(encoded: Encoded | undefined): number {
  return encoded ? (encoded.content as number) : NaN
}

function layOutNumbers(heap: Heap, keys: Float64Array, values: Float64Array, begin: number, count: number): void {
  let at = (heap.scratch + SCRATCH.value) >>> 3
  for (let i = begin; i < begin + count; i++) {
    heap.floats[at++] = keys[i]!
    heap.floats[at++] = values[i]!
  }
}

/** Sets numbers to numbers. */
export function setNumbers(table: AnyTable, keys: Float64Array, values: Float64Array): void {
  if (isAlone(table)) return keys.forEach((key, i) => put(table, encodedNumber(key), encodedNumber(values[i]!)))
  for (let begin = 0; begin < keys.length; begin += NUMBER_ENTRIES) {
    const { heap, stripe } = table
    const count = Math.min(NUMBER_ENTRIES, keys.length - begin)
    layOutNumbers(heap, keys, values, begin, count)
    const set = heap.core.setMany(stripe, count)
    countWrite(table.written)
    if (set < count) throw retold(table.lastFailure(), setSoFar(table, begin + set, keys.length))
  }
}

/** The numbers of keys; where there is none, the one that is given, which is set. `into` is as long as `keys` at least. */
export function getOrInsertNumbers(table: AnyTable, keys: Float64Array, values: Float64Array, into: Float64Array): void {
  for (let begin = 0; begin < keys.length; begin += NUMBER_ENTRIES) {
    const { heap, stripe } = table
    const count = Math.min(NUMBER_ENTRIES, keys.length - begin)
    layOutNumbers(heap, keys, values, begin, count)
    const done = heap.core.getOrInsertNumbers(stripe, count)
    countWrite(table.written)
    if (done < 0) throw table.failure(done)
    const answers = (heap.scratch + SCRATCH.answers) >>> 3
    into.set(heap.floats.subarray(answers, answers + done), begin)
    if (done < count) throw retold(table.lastFailure(), inserted(begin + done, keys.length))
  }
}
