import type { Item } from './codecs/codec.js'
import { type Form, isBlock } from './codecs/form.js'
import { writePayload } from './codecs/payload.js'
import { BLOCK_HEADER_BYTES, LENGTH_SHIFT, MANY_BYTES, SCRATCH, STATUS, TYPE } from './core/exports.js'
import type { Heap } from './heap.js'
import type { StoredKind } from './kinds.js'
import { put, read, remove } from './operations.js'
import { countWrite, isNoting } from './pending.js'
import type { AnyTable, Table } from './table.js'

// Many keys in one call of the core: what is asked is laid out in the scratch page, as many keys as there is room for.
// What is too long for that goes alone.

/** A key and its value, as they are stored. */
export type FormEntry = readonly [key: Form, value: Form]

/** Bytes that a key or value takes in a batch. */
function bytesOf({ meta }: Form, kind: StoredKind): number {
  if (kind === 'none') return 0
  if (kind === 'number' || kind === 'bigint') return 8
  return BLOCK_HEADER_BYTES + (isBlock(meta) ? padded(meta) : 8)
}

function padded(meta: number): number {
  return ((meta >>> LENGTH_SHIFT) + 7) & ~7
}

/** Writes a key or value of a batch. Returns where the next one begins. */
function layOut(heap: Heap, at: number, form: Form, kind: StoredKind): number {
  const { meta, content } = form
  if (kind === 'none') return at
  let to = at
  if (kind !== 'number' && kind !== 'bigint') {
    heap.words[at >>> 2] = meta
    to += BLOCK_HEADER_BYTES
  }
  if (meta === TYPE.number) heap.floats[to >>> 3] = content as number
  else if (meta === TYPE.word) heap.bigints[to >>> 3] = content as bigint
  else return layOutPayload(heap, to, form)
  return to + 8
}

function layOutPayload(heap: Heap, at: number, form: Form): number {
  const end = at + padded(form.meta)
  if (end > at) heap.bigints[(end - 8) >>> 3] = 0n // the padding
  writePayload(heap, form, at)
  return end
}

/** Lays out keys from the `begin`-th on. Returns how many there was room for. */
function layOutKeys({ heap, shape }: AnyTable, keys: readonly Form[], begin: number): number {
  let at = heap.scratch + SCRATCH.value
  const end = at + MANY_BYTES
  let index = begin
  for (; index < keys.length && at + bytesOf(keys[index]!, shape.key) <= end; index++) {
    at = layOut(heap, at, keys[index]!, shape.key)
  }
  return index - begin
}

function layOutEntries({ heap, shape }: AnyTable, entries: readonly FormEntry[], begin: number): number {
  let at = heap.scratch + SCRATCH.value
  const end = at + MANY_BYTES
  let index = begin
  for (; index < entries.length; index++) {
    const [key, value] = entries[index]!
    if (at + bytesOf(key, shape.key) + bytesOf(value, shape.value) > end) break
    at = layOut(heap, layOut(heap, at, key, shape.key), value, shape.value)
  }
  return index - begin
}

/** The values of keys, undefined where there is none. Each is read atomically. */
export function getMany<K, V>(table: Table<K, V>, keys: readonly Form[]): (Item<V> | undefined)[] {
  const items: (Item<V> | undefined)[] = []
  while (items.length < keys.length) {
    const { heap, stripe } = table
    const count = layOutKeys(table, keys, items.length)
    const answered = count && heap.core.getMany(stripe, count)
    if (answered < 0 && answered !== STATUS.outOfMemory) throw table.failure(answered)
    if (answered > 0) readAnswers(table, answered, items)
    else items.push(readItem(table, keys[items.length]!))
  }
  return items
}

function readItem<K, V>(table: Table<K, V>, key: Form): Item<V> | undefined {
  const form = read(table, key)
  return form && table.values.item(form)
}

/** Reads answers: a header of meta word and status each, then a word or a payload. */
function readAnswers<K, V>({ heap, values }: Table<K, V>, count: number, items: (Item<V> | undefined)[]): void {
  let at = heap.wordAt(heap.scratch + SCRATCH.address)
  for (let i = 0; i < count; i++) {
    const meta = heap.wordAt(at)
    const isFound = heap.wordAt(at + 4) === STATUS.found
    at += BLOCK_HEADER_BYTES
    if (!isFound) {
      items.push(undefined)
      continue
    }
    items.push(values.item({ meta, content: contentAt(heap, meta, at) }))
    at += isBlock(meta) ? padded(meta) : 8
  }
}

function contentAt(heap: Heap, meta: number, at: number): Form['content'] {
  if (meta === TYPE.number) return heap.floatAt(at)
  return meta === TYPE.word ? heap.bigintAt(at) : heap.payloadAt(meta, at)
}

/** Whether there are entries with these keys. */
export function hasMany(table: AnyTable, keys: readonly Form[]): boolean[] {
  return getMany(table, keys).map((item) => item !== undefined)
}

/** Sets entries, each atomically. */
export function setMany(table: AnyTable, entries: readonly FormEntry[]): void {
  for (let done = 0; done < entries.length; ) {
    const { heap, stripe } = table
    // Callbacks that are running must be told of each write.
    const count = isNoting ? 0 : layOutEntries(table, entries, done)
    if (count === 0) {
      put(table, ...entries[done++]!)
      continue
    }
    const set = heap.core.setMany(stripe, count)
    countWrite()
    if (set < count) throw table.lastFailure()
    done += set
  }
}

/** Removes keys, each atomically. Returns how many there were. */
export function deleteMany(table: AnyTable, keys: readonly Form[]): number {
  let removed = 0
  for (let done = 0; done < keys.length; ) {
    const { heap, stripe } = table
    const count = isNoting ? 0 : layOutKeys(table, keys, done)
    if (count === 0) {
      if (remove(table, keys[done++]!)) removed++
      continue
    }
    const seen = heap.core.deleteMany(stripe, count)
    countWrite()
    if (seen < count) throw table.lastFailure()
    removed += heap.wordAt(heap.scratch + SCRATCH.word)
    done += seen
  }
  return removed
}

// ---- Numbers by numbers: no forms, only floats ----

/** Keys per call of getNumbers; an entry takes twice as much room as a key. */
const NUMBERS = 3000
const NUMBER_ENTRIES = MANY_BYTES / 16

/** The values of keys, NaN where there is none. `into` is as long as `keys` at least. */
export function getNumbers(table: AnyTable, keys: Float64Array, into: Float64Array): void {
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

/** Sets numbers to numbers. */
export function setNumbers(table: AnyTable, keys: Float64Array, values: Float64Array): void {
  for (let begin = 0; begin < keys.length; begin += NUMBER_ENTRIES) {
    const { heap, stripe } = table
    const count = Math.min(NUMBER_ENTRIES, keys.length - begin)
    let at = (heap.scratch + SCRATCH.value) >>> 3
    for (let i = begin; i < begin + count; i++) {
      heap.floats[at++] = keys[i]!
      heap.floats[at++] = values[i]!
    }
    const set = heap.core.setMany(stripe, count)
    countWrite()
    if (set < count) throw table.lastFailure()
  }
}

