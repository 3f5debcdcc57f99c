import { AtomicMap, mapTableOf } from './atomic-map.js'
import { type Encoded, ownEncoded } from '../codecs/encoded.js'
import { arrayName, isReadable, lengthOf } from '../codecs/views.js'
import { checkFunction, scanTable, walkPart } from '../collection/collection.js'
import { ensureThere } from '../collection/heap-collection.js'
import { describe, typeError } from '../core/errors.js'
import { mapIterator } from '../collection/iterator.js'
import {
  type EncodedEntry,
  deleteMany,
  getMany,
  getNumbers,
  getOrInsertMany,
  getOrInsertNumbers,
  setMany,
  setNumbers,
} from '../table/bulk.js'
import { isNoting } from '../table/reentrancy.js'
import type { AnyTable } from '../table/table.js'
import { retain } from '../table/update.js'

/** What a map does to many keys. Each key is read or written atomically; none of these is atomic as a whole. */
export abstract class BulkMap<K, V> extends AtomicMap<K, V> {
  /**
   * The values of many keys in one crossing, in their order, undefined where there is none. For a Float64Array of keys,
   * in a map of numbers: a Float64Array of values, NaN where there is none; `into` is filled instead of a new one.
   * O(keys).
   *
   * @throws ERR_KEY_TYPE; ERR_VALUE_TYPE if a value is to go into a Float64Array and is no number; ERR_OPTIONS
   */
  getMany(this: BulkMap<number, number>, keys: Float64Array, into?: Float64Array): Float64Array
  getMany(keys: Iterable<K>): (V | undefined)[]
  getMany(keys: Iterable<K> | Float64Array, into?: Float64Array): (V | undefined)[] | Float64Array {
    const table = mapTableOf(this)
    const { value } = table.schema
    ensureThere(table)
    if (isFloats(keys) && (value === 'number' || value === 'any')) {
      return getFloats(table, copyOf(keys), checkInto('getMany(keys, into)', into, lengthOf(keys)))
    }
    const items = getMany(table, packKeys(table, keys as Iterable<K>))
    return items.map((item) => item && table.values.open(item))
  }

  /**
   * Sets many entries in one crossing: pairs, or in a map of numbers a Float64Array of keys and one of values. All keys
   * and values are checked before any is set. O(entries).
   *
   * @returns this map
   * @throws ERR_KEY_TYPE, ERR_VALUE_TYPE, ERR_OPTIONS: then none is set; ERR_OUT_OF_MEMORY: then the message says how
   *   many are, which are the first
   */
  setMany(this: BulkMap<number, number>, keys: Float64Array, values: Float64Array): this
  setMany(entries: Iterable<readonly [K, V]>): this
  setMany(entries: Iterable<readonly [K, V]> | Float64Array, values?: Float64Array): this {
    const table = mapTableOf(this)
    const { schema } = table
    ensureThere(table)
    if (!isFloats(entries)) {
      setMany(table, packEntries(table, entries))
      return this
    }
    const [keys, numbers] = checkFloats('setMany(keys, values)', entries, values)
    if (schema.key === 'number' && schema.value === 'number' && !isNoting) setNumbers(table, keys, numbers)
    else setMany(table, packEntries(table, pairsOf(keys, numbers)))
    return this
  }

  /**
   * The values of many keys in one crossing, in their order; where there is none, the one that is given, which is set. For
   * each key that is one step, as getOrInsert: one thread's value wins, and all get that one. In a map of numbers also for a
   * Float64Array of keys and one of values: a Float64Array; `into` is filled instead of a new one, and may be either of
   * them. All keys and values are checked before any is set. O(entries).
   *
   * @throws ERR_KEY_TYPE, ERR_VALUE_TYPE, ERR_OPTIONS: then none is set; ERR_OUT_OF_MEMORY: then the message says how many
   *   of the first have a value, and no other is set. All have one if a value that was there is no number and is to go into
   *   a Float64Array (ERR_VALUE_TYPE), or cannot be decoded
   */
  getOrInsertMany(this: BulkMap<number, number>, keys: Float64Array, values: Float64Array, into?: Float64Array): Float64Array
  getOrInsertMany(entries: Iterable<readonly [K, V]>): V[]
  getOrInsertMany(
    entries: Iterable<readonly [K, V]> | Float64Array,
    values?: Float64Array,
    into?: Float64Array,
  ): V[] | Float64Array {
    const table = mapTableOf(this)
    ensureThere(table)
    if (isFloats(entries)) {
      const [keys, numbers] = checkFloats('getOrInsertMany(keys, values)', entries, values)
      return getOrInsertFloats(table, keys, numbers, checkInto('getOrInsertMany(keys, values, into)', into, keys.length))
    }
    const items = getOrInsertMany(table, packEntries(table, entries))
    return items.map((item) => table.values.open(item))
  }

  /**
   * Removes many keys in one crossing. O(keys).
   *
   * @returns how many there were
   * @throws ERR_KEY_TYPE: then none is removed
   */
  deleteMany(keys: Iterable<K>): number {
    const table = mapTableOf(this)
    ensureThere(table)
    return deleteMany(table, packKeys(table, keys))
  }

  /**
   * Iterates over the i-th of n disjoint parts, which together are all entries: one for each of n threads. What is
   * visited: see entries(). O(n).
   *
   * @throws ERR_OPTIONS
   */
  partition(i: number, n: number): MapIterator<[K, V]> {
    return mapIterator(walkPart(mapTableOf(this), i, n))
  }

  /**
   * The next `limit` entries from a cursor on, and the cursor to go on with, in any thread: 0 begins and, when it is
   * returned, ends. Entries that stay are met exactly once, as by entries(). (Redis: SCAN.) There are fewer than
   * `limit` only at the end. There are more only if they cannot be told apart by a cursor, because their hashes of 32
   * bits are the same: of a million entries some hundred pairs. O(limit).
   *
   * @throws ERR_OPTIONS
   */
  scan(cursor: number, limit = 64): { cursor: number; entries: [K, V][] } {
    return scanTable(mapTableOf(this), cursor, limit)
  }

  /**
   * Removes the entries that `keep(value, key, map)` refuses. Each is removed only as the predicate has seen it: if
   * another thread has changed it meanwhile, the predicate is asked again, 100 times at most. It runs without a lock and
   * may use the map. (Rust: retain; Java: removeIf.) O(n).
   *
   * @returns how many were removed
   * @throws ERR_CONTENDED if other threads have changed an entry each time, and what the predicate throws: what was
   *   removed before stays so
   */
  retain(keep: (value: V, key: K, map: this) => unknown): number {
    const table = mapTableOf(this)
    table.ensureOpen()
    checkFunction('retain', keep)
    return retain(table, (value, key) => keep(value, key, this))
  }
}

/** Keys as they are stored: all are checked before any is used. */
export function packKeys<K>(table: AnyTable, keys: Iterable<K>): Encoded[] {
  checkIterable('keys', keys)
  return Array.from(keys, (key) => ownEncoded(table.keys.pack(key)))
}

/** Entries as they are stored: all are checked before any is used. */
export function packEntries(table: AnyTable, entries: Iterable<unknown>): EncodedEntry[] {
  checkIterable('[key, value] pairs', entries)
  return Array.from(entries, (entry): EncodedEntry => {
    const [key, value] = checkEntry(entry)
    const encoded = ownEncoded(table.values.pack(value))
    return [ownEncoded(table.keys.pack(key)), encoded]
  })
}

/** @throws ERR_OPTIONS unless this is iterable: what Array.from takes for a list is more */
function checkIterable(what: string, given: unknown): void {
  const iterable = given as Partial<Iterable<unknown>> | null | undefined
  if (iterable !== null && iterable !== undefined && typeof iterable[Symbol.iterator] === 'function') return
  const got = describe(given)
  throw typeError('ERR_OPTIONS', `The first argument must be an iterable of ${what}, such as an array; got ${got}.`)
}

/** The two halves of an entry. @throws ERR_OPTIONS unless it is an object */
export function checkEntry(entry: unknown): readonly [unknown, unknown] {
  if ((typeof entry !== 'object' && typeof entry !== 'function') || entry === null) {
    throw typeError('ERR_OPTIONS', `Entries must be [key, value] pairs; got ${describe(entry)}.`)
  }
  const pair = entry as readonly [unknown, unknown]
  return [pair[0], pair[1]]
}

// ---- Float64Arrays ----

function isFloats(value: unknown): value is Float64Array {
  return arrayName(value) === 'Float64Array'
}

/** A copy of numbers that nobody changes meanwhile. @throws ERR_OPTIONS if they are gone */
function copyOf(floats: Float64Array): Float64Array {
  if (isReadable(floats)) return new Float64Array(floats)
  throw typeError(
    'ERR_OPTIONS',
    'The numbers of this Float64Array are gone: its buffer was transferred to another thread, or has shrunk. Give a copy.',
  )
}

function checkInto(call: string, into: unknown, length: number): Float64Array | undefined {
  if (into === undefined || (isFloats(into) && lengthOf(into) >= length)) return into
  const given = isFloats(into) ? `one of ${lengthOf(into)}` : describe(into)
  throw typeError('ERR_OPTIONS', `${call}: into must be a Float64Array of at least ${length} numbers; got ${given}.`)
}

/** Copies of both, which nobody changes meanwhile. */
function checkFloats(call: string, keys: Float64Array, values: unknown): readonly [Float64Array, Float64Array] {
  const count = lengthOf(keys)
  if (!isFloats(values) || lengthOf(values) !== count) {
    const given = isFloats(values) ? `one of ${lengthOf(values)}` : describe(values)
    throw typeError('ERR_OPTIONS', `${call}: values must be a Float64Array of ${count} numbers; got ${given}.`)
  }
  return [copyOf(keys), copyOf(values)]
}

/** `keys` are nobody else's. */
function getFloats(table: AnyTable, keys: Float64Array, given: Float64Array | undefined): Float64Array {
  const into = given ?? new Float64Array(keys.length)
  const { key, value } = table.schema
  if (key === 'number' && value === 'number') {
    getNumbers(table, keys, into)
    return into
  }
  return fill(into, table, getMany(table, packKeys(table, keys)), 'getMany(Float64Array)', 'an array of keys')
}

/** `keys` and `values` are nobody else's. */
function getOrInsertFloats(
  table: AnyTable,
  keys: Float64Array,
  values: Float64Array,
  given: Float64Array | undefined,
): Float64Array {
  const into = given ?? new Float64Array(keys.length)
  const { key, value, noun } = table.schema
  if (key === 'number' && value === 'number' && noun !== 'cache' && !isNoting) {
    getOrInsertNumbers(table, keys, values, into)
    return into
  }
  const items = getOrInsertMany(table, packEntries(table, pairsOf(keys, values)))
  return fill(into, table, items, 'getOrInsertMany(Float64Array, Float64Array)', 'an array of entries')
}

function pairsOf(keys: Float64Array, values: Float64Array): [number, number][] {
  return Array.from(keys, (key, i) => [key, values[i]!])
}

function fill(into: Float64Array, { values }: AnyTable, items: unknown[], call: string, instead: string): Float64Array {
  items.forEach((item, index) => {
    if (item !== undefined && typeof item !== 'number') throw noFloat(values.open(item), call, instead)
    into[index] = item ?? NaN
  })
  return into
}

function noFloat(value: unknown, call: string, instead: string): Error {
  const given = describe(value)
  return typeError(
    'ERR_VALUE_TYPE',
    `${call} takes values that are numbers; got ${given}. Give ${instead} for an array of values.`,
  )
}
