import { AtomicMap } from './atomic-map.js'
import { visit } from './batch.js'
import { type Form, ownForm } from './codecs/form.js'
import { checkFunction, ensureThere, scanTable, tableOf, visitPart } from './collection.js'
import { describe, typeError } from './errors.js'
import { mapIterator } from './iterator.js'
import { type FormEntry, deleteMany, getMany, getNumbers, setMany, setNumbers } from './many.js'
import { isNoting } from './pending.js'
import type { AnyTable } from './table.js'
import { retain } from './update.js'

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
    const table = tableOf(this)
    const { value } = table.shape
    ensureThere(table)
    if (isFloats(keys) && (value === 'number' || value === 'any')) {
      return getFloats(table, keys, checkInto(into, keys.length))
    }
    const items = getMany(table, packKeys(table, keys as Iterable<K>))
    return items.map((item) => item && table.values.open(item))
  }

  /**
   * Sets many entries in one crossing: pairs, or in a map of numbers a Float64Array of keys and one of values. All keys
   * and values are checked before any is set. O(entries).
   *
   * @returns this map
   * @throws ERR_KEY_TYPE, ERR_VALUE_TYPE, ERR_OPTIONS: then none is set; ERR_OUT_OF_MEMORY: then some may be
   */
  setMany(this: BulkMap<number, number>, keys: Float64Array, values: Float64Array): this
  setMany(entries: Iterable<readonly [K, V]>): this
  setMany(entries: Iterable<readonly [K, V]> | Float64Array, values?: Float64Array): this {
    const table = tableOf(this)
    const { shape } = table
    ensureThere(table)
    if (!isFloats(entries)) {
      setMany(table, packEntries(table, entries))
      return this
    }
    const [keys, numbers] = checkFloats(entries, values)
    if (shape.key === 'number' && shape.value === 'number' && !isNoting) setNumbers(table, keys, numbers)
    else setMany(table, packEntries(table, Array.from(keys, (key, i) => [key, numbers[i]])))
    return this
  }

  /**
   * Removes many keys in one crossing. O(keys).
   *
   * @returns how many there were
   * @throws ERR_KEY_TYPE: then none is removed
   */
  deleteMany(keys: Iterable<K>): number {
    const table = tableOf(this)
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
    return mapIterator(pairs<K, V>(tableOf(this), visitPart(tableOf(this), i, n)))
  }

  /**
   * About `limit` entries from a cursor on, and the cursor to go on with, in any thread: 0 begins and, when it is
   * returned, ends. Entries that stay are met exactly once, as by entries(). (Redis: SCAN.)
   *
   * @throws ERR_OPTIONS
   */
  scan(cursor: number, limit = 64): { cursor: number; entries: [K, V][] } {
    return scanTable(tableOf(this), cursor, limit)
  }

  /**
   * Removes the entries that `keep(value, key, map)` refuses. Each is removed only as the predicate has seen it: if
   * another thread has changed it meanwhile, the predicate is asked again. It runs without a lock and may use the map.
   * (Rust: retain; Java: removeIf.) O(n).
   *
   * @returns how many were removed
   */
  retain(keep: (value: V, key: K, map: this) => unknown): number {
    const table = tableOf(this)
    table.ensureOpen()
    checkFunction('retain', keep)
    return retain(table, (value, key) => keep(value, key, this))
  }
}

/** Entries with their values decoded. */
export function* pairs<K, V>(table: AnyTable, entries: ReturnType<typeof visit<K, V>>): Generator<[K, V], undefined> {
  for (const [key, item] of entries) yield [key, table.values.open(item) as V]
}

/** Keys as they are stored: all are checked before any is used. */
export function packKeys<K>(table: AnyTable, keys: Iterable<K>): Form[] {
  checkIterable('keys', keys)
  return Array.from(keys, (key) => ownForm(table.keys.pack(key)))
}

function packEntries(table: AnyTable, entries: Iterable<unknown>): FormEntry[] {
  checkIterable('[key, value] pairs', entries)
  return Array.from(entries, (entry): FormEntry => {
    const [key, value] = checkEntry(entry)
    const form = ownForm(table.values.pack(value))
    return [ownForm(table.keys.pack(key)), form]
  })
}

/** @throws ERR_OPTIONS unless this is iterable: what Array.from takes for a list is more */
function checkIterable(what: string, given: unknown): void {
  const iterable = given as Partial<Iterable<unknown>> | null | undefined
  if (iterable !== null && iterable !== undefined && typeof iterable[Symbol.iterator] === 'function') return
  throw typeError('ERR_OPTIONS', `Many at once are an iterable of ${what}; got ${describe(given)}.`)
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

const nameOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Float64Array.prototype), Symbol.toStringTag)!.get!

function isFloats(value: unknown): value is Float64Array {
  return nameOf.call(value) === 'Float64Array'
}

function checkInto(into: unknown, length: number): Float64Array | undefined {
  if (into === undefined || (isFloats(into) && into.length >= length)) return into
  const given = isFloats(into) ? `one of ${into.length}` : describe(into)
  throw typeError(
    'ERR_OPTIONS',
    `getMany(keys, into): into must be a Float64Array of at least ${length} numbers; got ${given}.`,
  )
}

/** Copies of both, which nobody changes meanwhile. */
function checkFloats(keys: Float64Array, values: unknown): readonly [Float64Array, Float64Array] {
  if (!isFloats(values) || values.length !== keys.length) {
    const given = isFloats(values) ? `one of ${values.length}` : describe(values)
    throw typeError(
      'ERR_OPTIONS',
      `setMany(keys, values): values must be a Float64Array of ${keys.length} numbers; got ${given}.`,
    )
  }
  return [new Float64Array(keys), new Float64Array(values)]
}

function getFloats(table: AnyTable, keys: Float64Array, given: Float64Array | undefined): Float64Array {
  const into = given ?? new Float64Array(keys.length)
  const { key, value } = table.shape
  if (key === 'number' && value === 'number') {
    getNumbers(table, new Float64Array(keys), into)
    return into
  }
  getMany(table, packKeys(table, keys)).forEach((item, index) => {
    if (item !== undefined && typeof item !== 'number') throw noFloat(table.values.open(item))
    into[index] = item ?? NaN
  })
  return into
}

function noFloat(value: unknown): Error {
  return typeError(
    'ERR_VALUE_TYPE',
    `getMany(Float64Array) takes values that are numbers; got ${describe(value)}. Give an array of keys for an array ` +
      'of values.',
  )
}
