import type { KeyCodec, ValueCodec } from '../codecs/codec.js'
import { ownEncoded } from '../codecs/encoded.js'
import { runLoneKey } from '../codecs/operands.js'
import { encodedResult } from '../codecs/payload.js'
import { attached, checkFunction, classOf } from '../collection/collection.js'
import { makeTable } from '../collection/creation.js'
import { ensureThere } from '../collection/heap-collection.js'
import { codecFor } from '../collection/options.js'
import { typeError } from '../core/errors.js'
import { STATUS } from '../core/layout.js'
import { checkCount, checkNames } from '../core/options.js'
import { mapTableOf } from '../map/atomic-map.js'
import { handleOf } from '../map/handle.js'
import { completeMap } from '../map/iterable-map.js'
import { put, readHeld, remove, unusual } from '../table/operations.js'
import { countWrite, isNoting } from '../table/reentrancy.js'
import { soon } from '../recovery/exceptions.js'
import { Table } from '../table/table.js'
import { REMOVE } from '../table/update.js'
import { type SharedCacheHandle, attachCache } from './handle.js'
import { type SharedCacheOptions, checkBounds, checkNow, checkTime, planCache } from './options.js'
import { Flights, type Loader } from './flights.js'
import { type RemovalOptions, Removals } from './removals.js'
import { type SharedCacheStats, readCacheStats } from './stats.js'
import { openClock, setClock } from './clocks.js'
import { TimedMap } from './timed-map.js'
import { type FetchOptions, type WriteTimes, checkFetch, checkWriteTimes, current, during } from './times.js'

/** Buckets that one call of the core sweeps. */
const SWEPT = 1024

/**
 * A cache that all threads of the program share: a SharedMap whose entries end, and which has no more of them than it may. See
 * index.ts for how TypeScript sees its constructor.
 *
 * Every operation sees live entries only: one that has ended is absent, from that moment on, for all threads. Operations on one key
 * are atomic and linearizable, as a map's. `size <= max` holds at every moment, whatever threads do, or die at.
 */
export class SharedCache<K, V> extends TimedMap<K, V> {
  readonly #table: Table<K, V>
  readonly #flights: Flights<K, V>
  readonly #listeners = new Set<{ return(): unknown }>()
  // The table's own, kept at hand: see SharedMap, whose get() and has() stand here again, so that what the engine learns of the codecs
  // of caches it does not have to unlearn for those of maps.
  #keys: KeyCodec<K>
  #values: ValueCodec<V>

  /**
   * @param options the bound, times, kinds of keys and values, and where the cache lives; or, within the library, a table
   * @throws ERR_OPTIONS, ERR_NOT_ISOLATED, ERR_OUT_OF_MEMORY
   */
  constructor(options: SharedCacheOptions | Table<K, V>) {
    const plan = options instanceof Table ? undefined : planCache(options)
    const table = plan ? makeTable<K, V>(plan) : (options as Table<K, V>)
    super(table)
    this.#table = table
    this.#flights = new Flights(table)
    this.#keys = table.keys
    this.#values = table.values
    const closeClock = openClock(table)
    table.atClose = () => {
      this.#keys = table.keys
      this.#values = table.values
      closeClock()
    }
    if (plan) setClock(table, plan.now)
  }

  /** What a callback of update returns to remove the entry. */
  static get remove(): typeof REMOVE {
    return REMOVE
  }

  /**
   * Opens, in this thread, a cache that another thread made. O(1).
   *
   * @param handle what `cache.handle` returned there
   * @param options `codec`, if the cache was made with one; `now`, if it was made with one
   * @throws as SharedMap.attach
   */
  static attach<K, V>(handle: unknown, options?: Pick<SharedCacheOptions, 'codec' | 'now'>): SharedCache<K, V> {
    const Class = classOf<SharedCache<K, V>, Table<K, V>>(this, 'SharedCache', SharedCachePrototype)
    const { codec, now } = checkNames('SharedCache.attach', options, ['codec', 'now'], '{ codec }')
    const clock = checkNow(now)
    const table = attachCache<K, V>(handle, (value) => codecFor(value, codec))
    setClock(table, clock)
    return attached(Class, table, mapTableOf)
  }

  /** The value of a key, or undefined. Takes no lock. Counts as a use. O(1). @throws ERR_KEY_TYPE */
  get(key: K): V | undefined {
    try {
      const raw = this.#keys.get(key)
      return raw === raw ? this.#values.decode(raw) : unusual(this.#table, key)
    } catch (error) {
      void soon.then(this.#table.mend) // takes no stack, unlike a call
      throw this.#table.interrupted(error)
    }
  }

  /** Whether there is an entry with this key. Is no use of it. O(1). @throws ERR_KEY_TYPE */
  has(key: K): boolean {
    try {
      const found = this.#keys.has(key)
      if (found !== found) throw this.#table.lastFailure()
      return found === STATUS.found
    } catch (error) {
      void soon.then(this.#table.mend) // takes no stack, unlike a call
      throw this.#table.interrupted(error)
    }
  }

  /** The value of a key, or undefined: as get(), but it leaves no trace of use. O(1). @throws ERR_KEY_TYPE */
  peek(key: K): V | undefined {
    const table = this.#table
    const { heap, stripe } = table
    const encoded = table.keys.pack(key)
    const status = runLoneKey(heap, stripe, (given) => heap.core.peek(given, false), encoded)
    if (status === STATUS.found) return table.values.unpack(encodedResult(heap))
    if (status === STATUS.outOfMemory) {
      const held = readHeld(table, encoded)
      return held && table.values.unpack(held)
    }
    if (status < 0) throw table.failure(status)
    return undefined
  }

  /**
   * Sets the value of a key, and begins its time. If there is no room another entry is evicted. O(1).
   *
   * @param times how long this entry lives; default: as the cache's
   * @returns this cache
   * @throws ERR_KEY_TYPE, ERR_VALUE_TYPE, ERR_OPTIONS; ERR_OUT_OF_MEMORY, also if the entry alone is larger than maxBytes
   */
  set(key: K, value: V, times?: WriteTimes): this {
    if (times !== undefined || isNoting || current) return this.#setTimed(key, value, times)
    try {
      const status = this.#values.set(this.#keys, key, value)
      if (status < 0) throw this.#table.failure(status)
    } catch (error) {
      void soon.then(this.#table.mend) // takes no stack, unlike a call
      throw this.#table.interrupted(error)
    }
    countWrite(this.#table.written)
    return this
  }

  #setTimed(key: K, value: V, times: WriteTimes | undefined): this {
    const table = this.#table
    const lifetime = checkWriteTimes('set', times)
    const encoded = ownEncoded(table.values.pack(value))
    during(table, lifetime, () => put(table, table.keys.pack(key), encoded))
    return this
  }

  /** Removes a key. O(1). @returns whether there was a live entry @throws ERR_KEY_TYPE */
  delete(key: K): boolean {
    const table = this.#table
    return remove(table, table.keys.pack(key))
  }

  /** Milliseconds that the entry of a key lives; Infinity; undefined if there is none. Is no use of it. O(1). @throws ERR_KEY_TYPE */
  remaining(key: K): number | undefined {
    const table = this.#table
    const { heap, stripe } = table
    const left = runLoneKey(heap, stripe, heap.core.remaining, table.keys.pack(key))
    if (left !== left) throw table.lastFailure()
    return left < 0 ? undefined : left
  }

  /**
   * Begins the time of an entry anew, and is a use of it; how long it may live unused stays as it is. O(1).
   *
   * @param ttl milliseconds; default: as the cache's
   * @returns whether there was one
   * @throws ERR_KEY_TYPE, ERR_OPTIONS
   */
  touch(key: K, ttl?: number): boolean {
    const table = this.#table
    const { heap, stripe } = table
    if (ttl !== undefined) checkTime('ttl', ttl)
    const encoded = table.keys.pack(key)
    const lifetime = { ttl: ttl ?? NaN, idle: NaN, keepsTime: false }
    const status = during(table, lifetime, () => runLoneKey(heap, stripe, heap.core.touch, encoded))
    if (status < 0) throw table.failure(status)
    return status === STATUS.found
  }

  /**
   * The value of a key; if there is none, what `loader(key, { signal })` resolves to, which is set: one call of it for all threads that
   * ask meanwhile. If it fails, all of them get the error, and nothing is kept; those in other threads get one with the same name,
   * message and code. What is set or deleted during the load wins: then that is returned, or what was loaded, which is not kept. If the
   * thread that loads ends, another does.
   *
   * @param options `ttl` of what is set; `staleFor`; `timeout` and `signal` of this call alone
   * @throws what the loader throws, the signal's reason; ERR_TIMED_OUT, ERR_KEY_TYPE, ERR_VALUE_TYPE, ERR_OPTIONS
   */
  async fetch(key: K, loader: Loader<K, V>, options?: FetchOptions): Promise<V> {
    this.#table.ensureOpen()
    checkFunction('fetch', loader)
    return this.#flights.fetch(key, loader, checkFetch(options))
  }

  /**
   * Gives the cache another bound. A smaller one holds when this returns. O(entries evicted).
   *
   * @param max most entries; or both bounds, of which a cache keeps those kinds that it was made with
   * @throws ERR_OPTIONS
   */
  resize(max: number | { readonly max?: number; readonly maxBytes?: number }): void {
    const table = this.#table
    const { heap, stripe } = table
    const now = this.stats()
    const given = typeof max === 'number' ? { max } : checkNames('resize', max, ['max', 'maxBytes'], '{ max: 10_000 }')
    checkBounds(given.max, given.maxBytes)
    const entries = (given.max as number | undefined) ?? (now.max === Infinity ? 0 : now.max)
    const bytes = (given.maxBytes as number | undefined) ?? (now.maxBytes === Infinity ? 0 : now.maxBytes)
    const status = heap.core.resizeCache(stripe, entries, bytes)
    if (status === STATUS.invalid && given.maxBytes !== undefined && now.maxBytes === Infinity) throw notCounted()
    if (status < 0) throw table.failure(status)
  }

  /**
   * Removes entries that have ended, and gives their memory back. It happens by itself as well: with each entry that is made, and
   * where there is no room. O(buckets).
   *
   * @param limit how many at least, if there are so many; default: all
   * @returns how many
   */
  sweep(limit = Infinity): number {
    const table = this.#table
    const { heap, stripe } = table
    if (limit !== Infinity) checkCount('sweep(limit): limit', limit, 0, Number.MAX_SAFE_INTEGER, 'entries')
    let removed = 0
    for (let left = readCacheStats(table).buckets; left > 0 && removed < limit; left -= SWEPT) {
      const swept = heap.core.sweep(stripe, Math.min(left, SWEPT))
      if (swept < 0) throw table.failure(swept)
      removed += swept
    }
    countWrite(table.written)
    return removed
  }

  /**
   * What is removed from now on, by whatever thread: an async iterator of `{ key, value, cause }`, which says in `lost` how many
   * it has missed. As long as it is not left (by break, return, its signal, dispose()) writers pay for it.
   *
   * @throws ERR_OPTIONS, ERR_OUT_OF_MEMORY
   */
  removals(options?: RemovalOptions): Removals<K, V> {
    ensureThere(this.#table)
    const removals = new Removals(this.#table, options, (ended) => this.#listeners.delete(ended))
    this.#listeners.add(removals)
    return removals
  }

  /** How the cache and its heap are, as a plain object. O(threads). */
  override stats(): SharedCacheStats {
    ensureThere(this.#table)
    return readCacheStats(this.#table)
  }

  /** Lets go of the cache in this thread: see SharedMap.dispose. What it is loading is not kept; others load it themselves. */
  override dispose(): void {
    if (this.#table.isOpen) this.#table.heap.ensureUsable() // before anything of it ends
    this.#flights.end()
    for (const removals of [...this.#listeners]) void removals.return()
    super.dispose()
  }

  /** What to send to another thread, by workerData or postMessage, for its `SharedCache.attach`: see SharedMap.handle. */
  get handle(): SharedCacheHandle<K, V> {
    return handleOf('SharedCache', this.#table)
  }
}

// Out here because a class that names itself loses its name in the bundle.
const SharedCachePrototype = SharedCache.prototype
completeMap(SharedCache, 'SharedCache')

function notCounted(): Error {
  return typeError('ERR_OPTIONS', 'This cache was made without maxBytes, so it does not count them. Make one with maxBytes.')
}
