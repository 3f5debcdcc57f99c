import { visit } from './batch.js'
import { BulkMap, checkEntry, pairs } from './bulk-map.js'
import type { KeyCodec, ValueCodec } from './codecs/codec.js'
import { attached, checkFunction, clearTable, ensureThere, sizeOf } from './collection.js'
import { SCRATCH, STATUS } from './core/exports.js'
import { makeTable, unmakeTable } from './creation.js'
import { checkMethod } from './errors.js'
import { groupBy } from './group.js'
import { type SharedMapHandle, attachMap } from './handle.js'
import { mapIterator } from './iterator.js'
import type { Key, Kind } from './kinds.js'
import { put, readHeld, wrote } from './operations.js'
import { type SharedMapOptions, checkNames, codecFor, planMap } from './options.js'
import { countWrite, isNoting } from './pending.js'
import { soon } from './recovery/exceptions.js'
import { type AnyTable, Table } from './table.js'
import { REMOVE } from './update.js'

/**
 * A Map that all threads of the program share. See index.ts for how TypeScript sees its constructor.
 *
 * Differences from Map: no insertion order; keys are compared and values kept by value, so an object comes back as a
 * copy; kinds of keys and values can be declared, and then they are checked. Every operation on one key is atomic, and
 * linearizable: it takes effect at one moment between call and return, the same for all threads. `size`, `clear`,
 * iteration and the operations on many keys are not atomic as a whole.
 *
 * Any operation throws ERR_OWNER_UNRESPONSIVE if another thread has held a lock that it needs for some 10 seconds,
 * and ERR_DISPOSED after dispose(), or when the map was deleted from its heap. Costs are expected ones, in entries n.
 */
export class SharedMap<K, V> extends BulkMap<K, V> {
  readonly #table: Table<K, V>
  // The table's own, kept at hand: each step on the way to memory delays a whole access.
  #keys: KeyCodec<K>
  #values: ValueCodec<V>

  /**
   * @param entries what to set at first, as for Map; or, within the library, a table already opened
   * @param options the kinds of keys and values, and where the map lives
   * @throws ERR_OPTIONS, ERR_NOT_ISOLATED, ERR_OUT_OF_MEMORY; and what set() throws
   */
  constructor(entries?: Iterable<readonly [K, V]> | Table<K, V> | null, options?: SharedMapOptions) {
    const plan = entries instanceof Table ? undefined : planMap(options)
    const table = plan ? makeTable<K, V>(plan) : (entries as Table<K, V>)
    super(table)
    this.#table = table
    this.#keys = table.keys
    this.#values = table.values
    table.atClose = () => {
      this.#keys = table.keys
      this.#values = table.values
    }
    if (!plan || entries === null || entries === undefined) return
    try {
      this.#setAll(entries as Iterable<readonly [K, V]>)
    } catch (error) {
      unmakeTable(table, plan)
      throw error
    }
  }

  /** What a callback of update returns to remove the entry. */
  static get remove(): typeof REMOVE {
    return REMOVE
  }

  /**
   * Opens, in this thread, a map that another thread made. O(1).
   *
   * @param handle what `map.handle` returned there
   * @param options `codec`, if the map was made with one
   * @throws ERR_BAD_HANDLE, ERR_VERSION_MISMATCH, ERR_NOT_ISOLATED, ERR_TOO_MANY_THREADS, ERR_OUT_OF_MEMORY;
   *   ERR_OPTIONS for another codec; ERR_DISPOSED if the map was deleted
   */
  static attach<K, V>(handle: unknown, options?: Pick<SharedMapOptions, 'codec'>): SharedMap<K, V> {
    const { codec } = checkNames('SharedMap.attach', options, ['codec'])
    const table = attachMap<K, V>(handle, (value) => codecFor(value, codec))
    return attached(new this(table as Table<unknown, unknown>), table) as SharedMap<K, V>
  }

  /**
   * A new map from each key that `keyOf(item, index)` returns to the array of the items with that key, as Map.groupBy.
   * Takes the options of the constructor as well; values must be of kind any.
   */
  static groupBy<K extends Key, T>(
    items: Iterable<T>, keyOf: (item: T, index: number) => K, options?: SharedMapOptions<Kind, 'any'>,
  ): SharedMap<K, T[]> {
    return newMap(groupBy(items, keyOf), options)
  }

  /**
   * The value of a key, or undefined. Takes no lock and writes nothing that others see. (Go: Load.) O(1).
   *
   * @throws ERR_KEY_TYPE
   */
  get(key: K): V | undefined {
    try {
      const raw = this.#keys.get(key)
      return raw === raw ? this.#values.decode(raw) : unusual(this.#table, key)
    } catch (error) {
      void soon.then(this.#table.mend) // takes no stack, unlike a call
      throw this.#table.interrupted(error)
    }
  }

  /** Whether there is an entry with this key. Takes no lock. O(1). @throws ERR_KEY_TYPE */
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

  /**
   * Sets the value of a key. Other threads see the old value or the new one, whole. (Go: Store.) O(1); now and then one
   * call allocates the next segment, none moves the table.
   *
   * @returns this map
   * @throws ERR_KEY_TYPE, ERR_VALUE_TYPE, ERR_OUT_OF_MEMORY; the map is then as it was
   */
  set(key: K, value: V): this {
    if (isNoting) {
      setNoted(this.#table, key, value)
      return this
    }
    try {
      const status = this.#values.set(this.#keys, key, value)
      if (status < 0) throw this.#table.failure(status)
    } catch (error) {
      void soon.then(this.#table.mend) // takes no stack, unlike a call
      throw this.#table.interrupted(error)
    }
    countWrite()
    return this
  }

  /** Removes a key. (Go: Delete.) O(1). @returns whether this call removed it @throws ERR_KEY_TYPE */
  delete(key: K): boolean {
    const table = this.#table
    let status: number
    try {
      status = table.keys.delete(key)
      if (status < 0) throw table.failure(status)
    } catch (error) {
      void soon.then(table.mend) // takes no stack, unlike a call
      throw table.interrupted(error)
    }
    countWrite()
    if (isNoting) wrote(table, table.keys.pack(key), undefined)
    return status === STATUS.removed
  }

  /**
   * Removes all entries, chain after chain: not atomic. An entry that another thread sets meanwhile may stay. The
   * memory stays with the map, for its next entries. (Go: Clear.) O(n).
   */
  clear(): void {
    clearTable(this.#table)
  }

  /** Entries: the sum of what each thread has counted. Exact while no thread writes. O(threads). */
  get size(): number {
    return sizeOf(this.#table)
  }

  /** Calls back for each entry, as Map does. What is visited: see entries(). (Go: Range.) */
  forEach(callback: (value: V, key: K, map: this) => void, ...[thisArg]: [thisArg?: unknown]): void {
    this.#table.ensureOpen()
    checkFunction('forEach', callback)
    for (const [key, value] of pairs(this.#table, visit(this.#table))) callback.call(thisArg, value, key, this)
  }

  /**
   * Iterates over [key, value], in no useful order, while anyone may write. Every entry that is there during the
   * whole iteration is visited exactly once, and none twice, even if the table grows meanwhile; one that is set or
   * removed meanwhile may be visited or not. What this thread itself has removed is not visited. O(n).
   */
  entries(): MapIterator<[K, V]> {
    ensureThere(this.#table)
    return mapIterator(pairs<K, V>(this.#table, visit(this.#table)))
  }

  /** Iterates over the keys: see entries(). */
  keys(): MapIterator<K> {
    ensureThere(this.#table)
    return mapIterator(keysOf(this.#table))
  }

  /** Iterates over the values: see entries(). */
  values(): MapIterator<V> {
    ensureThere(this.#table)
    return mapIterator(valuesOf<V>(this.#table))
  }

  declare [Symbol.iterator]: () => MapIterator<[K, V]>

  get [Symbol.toStringTag](): string {
    return 'SharedMap'
  }

  /**
   * What to send to another thread, by workerData or postMessage, for its `SharedMap.attach`. Holds the memory: as
   * long as anyone keeps a handle or a map, the entries stay.
   */
  get handle(): SharedMapHandle {
    ensureThere(this.#table)
    const { heap, address, generation, shape } = this.#table
    const { key, value } = shape
    const codec = shape.codec?.name ?? null
    return { tophash: 'SharedMap', memory: heap.memory, table: address, generation, key, value: value as Kind, codec }
  }

  /** As Map does: by this map's own `set`, which a derived class may have replaced. */
  #setAll(entries: Iterable<readonly [K, V]>): void {
    const { set } = this
    checkMethod('set', set)
    for (const entry of entries) {
      const [key, value] = checkEntry(entry) as readonly [K, V]
      set.call(this, key, value)
    }
  }
}

Object.defineProperty(SharedMap.prototype, Symbol.iterator, {
  value: SharedMap.prototype.entries, writable: true, configurable: true,
})

/** Out here because a class that names itself loses its name in the bundle. */
function newMap<K, V>(entries: Iterable<readonly [K, V]>, options: SharedMapOptions | undefined): SharedMap<K, V> {
  return new SharedMap(entries, options)
}

/** Sets a value while a callback is running, which may have to know. */
function setNoted<K, V>(table: Table<K, V>, key: K, value: V): void {
  const form = table.values.pack(value)
  put(table, table.keys.pack(key), form)
}

/** What a get means that returned NaN. */
function unusual<K, V>(table: Table<K, V>, key: K): V | undefined {
  const { heap } = table
  const status = heap.wordAt(heap.scratch + SCRATCH.status) | 0
  if (status === STATUS.found) return table.values.result()
  if (status === STATUS.absent) return undefined
  if (status !== STATUS.outOfMemory) throw table.failure(status)
  const form = readHeld(table, table.keys.pack(key)) // there was no room for a copy of a large value
  return form && table.values.unpack(form)
}

function* keysOf<K>(table: Table<K, unknown>): Generator<K, undefined> {
  for (const [key] of visit(table)) yield key
}

function* valuesOf<V>(table: AnyTable): Generator<V, undefined> {
  for (const [, item] of visit(table)) yield table.values.open(item) as V
}
