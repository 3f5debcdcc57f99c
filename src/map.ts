import type { KeyCodec, ValueCodec } from './codecs/codec.js'
import { wrongValue } from './codecs/number.js'
import { MAX_CAPACITY, SCRATCH, STATUS } from './core/exports.js'
import { describe, typeError } from './errors.js'
import type { SharedMapHandle } from './handle.js'
import { checkInvariants } from './invariants.js'
import { type Batch, readBatch } from './iterate.js'
import { DISPOSED_KEYS, DISPOSED_VALUES, Opened, disposedError } from './opened.js'
import { type SharedMapOptions, checkCount, checkOptions } from './options.js'
import { type SharedMapStats, readStats } from './stats.js'

/**
 * A Map that all threads of the program share. See the constructor in index.ts for its types.
 *
 * Differences from Map: no insertion order; keys and values are of declared kinds and are compared and kept by value.
 * `get`, `has`, `set`, `delete` and `increment` are atomic, and linearizable per key: each takes effect at one moment
 * between call and return, the same for all threads. `size`, `clear` and iteration are not atomic as a whole.
 *
 * Any operation throws ERR_OWNER_UNRESPONSIVE if another thread has held a lock that it needs for some 10 seconds,
 * and ERR_DISPOSED after dispose(). Costs are expected ones, in entries n.
 */
export class SharedMap<K, V> {
  #opened: Opened<K, V> | undefined
  #keys: KeyCodec<K>
  #values: ValueCodec<V>

  /**
   * @param entries what to set at first, as for Map; or, within the library, a table already opened
   * @param options the kinds of keys and values, which are required, and more
   * @throws ERR_OPTIONS, ERR_NOT_ISOLATED, ERR_OUT_OF_MEMORY; and what set() throws
   */
  constructor(entries: Iterable<readonly [K, V]> | Opened<K, V> | null | undefined, options?: SharedMapOptions) {
    const opened = entries instanceof Opened ? entries : create<K, V>(options)
    this.#opened = opened
    this.#keys = opened.keys
    this.#values = opened.values
    opened.heap.retain(this)
    if (entries instanceof Opened || entries === null || entries === undefined) return
    try {
      this.#setAll(entries)
    } catch (error) {
      this.dispose()
      throw error
    }
  }

  /**
   * Opens, in this thread, a map that another thread made. O(1).
   *
   * @param handle what `map.handle` returned there
   * @throws ERR_BAD_HANDLE, ERR_VERSION_MISMATCH, ERR_NOT_ISOLATED, ERR_TOO_MANY_THREADS, ERR_OUT_OF_MEMORY
   */
  static attach<K, V>(handle: unknown): SharedMap<K, V> {
    return new this<K, V>(Opened.attach<K, V>(handle))
  }

  /**
   * The value of a key, or undefined. Takes no lock and writes nothing that others see. O(1).
   *
   * @throws ERR_KEY_TYPE; ERR_OUT_OF_MEMORY if a value of over 56 KiB finds no room for a copy
   */
  get(key: K): V | undefined {
    const raw = this.#keys.get(key)
    return raw === raw ? this.#values.decode(raw) : this.#unusual(this.#values.nan)
  }

  /** Whether there is an entry with this key. Takes no lock. O(1). @throws ERR_KEY_TYPE */
  has(key: K): boolean {
    const raw = this.#keys.has(key)
    return raw === raw ? raw === 1 : this.#unusual(false)!
  }

  /**
   * Sets the value of a key. Other threads see the old value or the new one, whole. O(1); now and then one call
   * allocates the next segment, none moves the table.
   *
   * @returns this map
   * @throws ERR_KEY_TYPE, ERR_VALUE_TYPE, ERR_OUT_OF_MEMORY; the map is then as it was
   */
  set(key: K, value: V): this {
    const status = this.#values.set(this.#keys, key, value)
    if (status < 0) throw this.#live().heap.failure(status)
    this.#opened!.heap.changes++
    return this
  }

  /** Removes a key. O(1). @returns whether this call removed it @throws ERR_KEY_TYPE */
  delete(key: K): boolean {
    const status = this.#keys.delete(key)
    if (status < 0) throw this.#live().heap.failure(status)
    this.#opened!.heap.changes++
    return status === STATUS.removed
  }

  /**
   * Adds `by` to the number of a key, atomically; an absent key counts from 0. O(1). (Redis: INCRBYFLOAT.)
   *
   * @returns the new number
   * @throws ERR_KEY_TYPE, ERR_VALUE_TYPE (also if the values of this map are not numbers), ERR_OUT_OF_MEMORY
   */
  increment(this: SharedMap<K, number>, key: K, by: number = 1): number {
    if (this.#values.nan === undefined) throw incrementError(this.#live().valueKind)
    if (typeof by !== 'number') throw wrongValue(by)
    const total = this.#keys.increment(key, by)
    this.#opened!.heap.changes++
    return total === total ? total : this.#unusual(NaN)!
  }

  /**
   * Removes all entries, chain after chain: not atomic. An entry that another thread sets meanwhile may stay. The
   * memory stays with the map, for its next entries. O(n).
   */
  clear(): void {
    const { heap, stripe } = this.#live()
    const status = heap.core.clear(stripe)
    heap.changes++
    if (status < 0) throw heap.failure(status)
  }

  /** Entries: the sum of what each thread has counted. Exact while no thread writes. O(threads). */
  get size(): number {
    const { heap, stripe } = this.#live()
    return heap.core.size(stripe)
  }

  /** Calls back for each entry, as Map does. What is visited: see entries(). */
  forEach(callback: (value: V, key: K, map: this) => void, thisArg?: unknown): void {
    this.#live()
    if (typeof callback !== 'function') {
      throw typeError('ERR_OPTIONS', `forEach takes a function; got ${describe(callback)}.`)
    }
    for (const [key, value] of this.entries()) callback.call(thisArg, value, key, this)
  }

  /**
   * Iterates over [key, value], in no useful order, while anyone may write. Every entry that is there during the
   * whole iteration is visited exactly once, and none twice, even if the table grows meanwhile; one that is set or
   * removed meanwhile may be visited or not. What this thread itself has removed is not visited. O(n).
   */
  entries(): Generator<[K, V], undefined> {
    this.#live()
    return this.#iterate()
  }

  /** Iterates over the keys: see entries(). */
  keys(): Generator<K, undefined> {
    return this.#project(this.entries(), 0)
  }

  /** Iterates over the values: see entries(). */
  values(): Generator<V, undefined> {
    return this.#project(this.entries(), 1)
  }

  [Symbol.iterator](): Generator<[K, V], undefined> {
    return this.entries()
  }

  get [Symbol.toStringTag](): string {
    return 'SharedMap'
  }

  /**
   * What to send to another thread, by workerData or postMessage, for its `SharedMap.attach`. Holds the memory: as
   * long as anyone keeps a handle or a map, the entries stay.
   */
  get handle(): SharedMapHandle {
    return this.#live().handle
  }

  /**
   * Grows the table now, so that it does not grow before it holds more than `entries`. Others go on meanwhile.
   *
   * @throws ERR_OPTIONS; ERR_OUT_OF_MEMORY (what was grown stays)
   */
  reserve(entries: number): void {
    const { heap, stripe } = this.#live()
    checkCount('reserve(n): n', entries, 0, MAX_CAPACITY, 'entries')
    const status = heap.core.reserve(stripe, entries)
    if (status < 0) throw heap.failure(status)
  }

  /** How the table and its heap are, as a plain object. O(threads). */
  stats(): SharedMapStats {
    const { heap, stripe } = this.#live()
    return readStats(heap, stripe)
  }

  /**
   * Walks the whole heap and verifies every invariant of the layout and the allocator's books. For tests and for the
   * worried: no thread may write meanwhile. O(n).
   *
   * @throws ERR_BROKEN_INVARIANT
   */
  check(): void {
    checkInvariants(this.#live().heap)
  }

  /** Lets go of the map in this thread; the others go on. Calling it again does nothing. */
  dispose(): void {
    const opened = this.#opened
    if (!opened) return
    this.#opened = undefined
    this.#keys = DISPOSED_KEYS
    this.#values = DISPOSED_VALUES
    opened.heap.release(this)
  }

  [Symbol.dispose](): void {
    this.dispose()
  }

  #setAll(entries: Iterable<readonly [K, V]>): void {
    for (const entry of entries) {
      if (typeof entry !== 'object' || entry === null) {
        throw typeError('ERR_OPTIONS', `Entries must be [key, value] pairs; got ${describe(entry)}.`)
      }
      this.set(entry[0], entry[1])
    }
  }

  *#iterate(): Generator<[K, V], undefined> {
    let cursor = 0
    do {
      const { heap } = this.#live()
      const batch = this.#batch(cursor)
      const changes = heap.changes
      for (const entry of batch.entries) {
        this.#live()
        if (heap.changes === changes || this.#renew(entry)) yield entry
      }
      cursor = batch.cursor
    } while (cursor !== 0)
  }

  #batch(cursor: number): Batch<K, V> {
    const { heap, scan, stripe, keyReader, valueReader } = this.#live()
    return readBatch(heap, scan, stripe, keyReader, valueReader, cursor)
  }

  /** This thread has changed something since the batch was read: brings the entry up to date. False: it is gone. */
  #renew(entry: [K, V]): boolean {
    const value = this.get(entry[0])
    if (value === undefined && !this.has(entry[0])) return false
    entry[1] = value as V
    return true
  }

  *#project<I extends 0 | 1>(entries: Generator<[K, V], undefined>, part: I): Generator<[K, V][I], undefined> {
    for (const entry of entries) yield entry[part]
  }

  /** What an operation returned as NaN: an entry whose value looks like that, no entry, or a failure. */
  #unusual<T>(found: T): T | undefined {
    const { heap } = this.#live()
    const status = heap.wordAt(heap.scratch + SCRATCH.status) | 0
    if (status < 0) throw heap.failure(status)
    return status === STATUS.found ? found : undefined
  }

  #live(): Opened<K, V> {
    if (!this.#opened) throw disposedError()
    return this.#opened
  }
}

function create<K, V>(options: unknown): Opened<K, V> {
  checkOptions(options)
  return Opened.create<K, V>(options)
}

function incrementError(kind: string): Error {
  return typeError('ERR_VALUE_TYPE', `increment needs a map whose values are numbers; these are of kind '${kind}'.`)
}
