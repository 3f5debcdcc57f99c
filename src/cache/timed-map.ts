import { mapTableOf } from '../map/atomic-map.js'
import { IterableMap } from '../map/iterable-map.js'
import type { REMOVE } from '../table/update.js'
import { type CacheTimes, type WriteTimes, checkTimes, checkWriteTimes, during } from './times.js'

/** The writes of a map, each with one argument more, which says how long what it writes is to live. */
export abstract class TimedMap<K, V> extends IterableMap<K, V> {
  /** As SharedMap's. @param times how long the entry lives, if it is made */
  override getOrInsert(key: K, value: V, times?: CacheTimes): V {
    return during(mapTableOf(this), checkTimes('getOrInsert', times), () => super.getOrInsert(key, value))
  }

  /** As SharedMap's. @param times how long the entry lives, if it is made */
  override getOrInsertComputed(key: K, compute: (key: K) => V, times?: CacheTimes): V {
    const table = mapTableOf(this)
    const lifetime = checkTimes('getOrInsertComputed', times)
    return during(table, lifetime, () => super.getOrInsertComputed(key, compute))
  }

  /** As SharedMap's. @param times as those of set() */
  override exchange(key: K, value: V, times?: WriteTimes): V | undefined {
    return during(mapTableOf(this), checkWriteTimes('exchange', times), () => super.exchange(key, value))
  }

  /** As SharedMap's. What is set begins its time anew, unless `times` says otherwise. @param times as those of set() */
  override compareAndSet(key: K, expected: V, value: V, times?: WriteTimes): boolean {
    return during(mapTableOf(this), checkWriteTimes('compareAndSet', times), () => super.compareAndSet(key, expected, value))
  }

  /** As SharedMap's. What is set begins its time anew, unless `times` says otherwise. @param times as those of set() */
  override update(key: K, compute: (current: V | undefined, exists: boolean) => V, times?: WriteTimes): V
  override update(
    key: K,
    compute: (current: V | undefined, exists: boolean) => V | typeof REMOVE,
    times?: WriteTimes,
  ): V | undefined
  override update(
    key: K,
    compute: (current: V | undefined, exists: boolean) => V | typeof REMOVE,
    times?: WriteTimes,
  ): V | undefined {
    return during(mapTableOf(this), checkWriteTimes('update', times), () => super.update(key, compute))
  }

  /** As SharedMap's, entry by entry: each may evict another. @param times how long these entries live */
  override setMany(this: TimedMap<number, number>, keys: Float64Array, values: Float64Array): this
  override setMany(entries: Iterable<readonly [K, V]>, times?: WriteTimes): this
  override setMany(entries: Iterable<readonly [K, V]> | Float64Array, more?: Float64Array | WriteTimes): this {
    const isTimes = more !== undefined && !ArrayBuffer.isView(more)
    const lifetime = checkWriteTimes('setMany', isTimes ? more : undefined)
    const values = isTimes ? undefined : more
    // An iterable runs code of the program's, which may write with times of its own.
    const all = isPlainIterable(entries) ? [...entries] : entries
    return during(mapTableOf(this), lifetime, () =>
      values === undefined
        ? super.setMany(all as Iterable<readonly [K, V]>)
        : (super.setMany as (keys: unknown, values: unknown) => this).call(this, entries, values),
    )
  }

  /** As SharedMap's, entry by entry: each may evict another. @param times how long those entries live that are made */
  override getOrInsertMany(
    this: TimedMap<number, number>,
    keys: Float64Array,
    values: Float64Array,
    into?: Float64Array,
  ): Float64Array
  override getOrInsertMany(entries: Iterable<readonly [K, V]>, times?: CacheTimes): V[]
  override getOrInsertMany(
    entries: Iterable<readonly [K, V]> | Float64Array,
    more?: Float64Array | CacheTimes,
    into?: Float64Array,
  ): V[] | Float64Array {
    const isTimes = more !== undefined && !ArrayBuffer.isView(more)
    const lifetime = checkTimes('getOrInsertMany', isTimes ? more : undefined)
    const all = isPlainIterable(entries) ? [...entries] : entries
    const given = isTimes ? [all] : [all, more, into]
    const insert = super.getOrInsertMany as (...given: unknown[]) => V[] | Float64Array
    return during(mapTableOf(this), lifetime, () => insert.apply(this, given))
  }

  /**
   * As SharedMap's. The time is set when the entry is made, and not when it is counted up: so `increment(key, 1, { ttl })` counts
   * what happens within a window that begins with the first, exactly, over all threads.
   */
  override increment(this: TimedMap<K, number>, key: K, by?: number, times?: CacheTimes): number
  override increment(this: TimedMap<K, bigint>, key: K, by?: bigint, times?: CacheTimes): bigint
  override increment(key: K, by?: number | bigint, times?: CacheTimes): number | bigint {
    const add = super.increment as (key: K, by?: number | bigint) => number | bigint
    const lifetime = { ...checkTimes('increment', times), keepsTime: true }
    return during(mapTableOf(this), lifetime, () => add.call(this, key, by))
  }
}

function isPlainIterable<T>(given: Iterable<T> | Float64Array): given is Iterable<T> {
  return !ArrayBuffer.isView(given) && typeof (given as Iterable<T> | null)?.[Symbol.iterator] === 'function'
}
