import { mapTableOf } from './atomic-map.js'
import { checkEntry, packEntries } from './bulk-map.js'
import type { KeyCodec, ValueCodec } from '../codecs/codec.js'
import { attached, classOf } from '../collection/collection.js'
import { STATUS } from '../core/layout.js'
import { fillTable, makeTable } from '../collection/creation.js'
import { checkMethod } from '../core/errors.js'
import { groupBy } from './group.js'
import { type SharedMapHandle, attachMap, handleOf } from './handle.js'
import { IterableMap, completeMap } from './iterable-map.js'
import { itemsFor } from '../core/iterable.js'
import type { Key, Kind } from '../core/kinds.js'
import { setMany } from '../table/bulk.js'
import { put, remove, unusual } from '../table/operations.js'
import { checkNames } from '../core/options.js'
import { codecFor } from '../collection/options.js'
import { type SharedMapOptions, planMap } from './options.js'
import { type Written, countWrite, isNoting } from '../table/reentrancy.js'
import { soon } from '../recovery/exceptions.js'
import { Table } from '../table/table.js'
import { REMOVE } from '../table/update.js'

/**
 * A Map that all threads of the program share. See constructor.ts for how TypeScript sees its constructor.
 *
 * Differences from Map: no insertion order; keys are compared and values kept by value, so an object comes back as a
 * copy; kinds of keys and values can be declared, and then they are checked. Every operation on one key is atomic, and
 * linearizable: it takes effect at one moment between call and return, the same for all threads. `size`, `clear`,
 * iteration and the operations on many keys are not atomic as a whole.
 *
 * Any operation throws ERR_OWNER_UNRESPONSIVE if another thread has held a lock that it needs for some 10 seconds,
 * and ERR_DISPOSED after dispose(), or when the map was deleted from its heap. Costs are expected ones, in entries n.
 */
export class SharedMap<K, V> extends IterableMap<K, V> {
  readonly #table: Table<K, V>
  // The table's own, kept at hand: each step on the way to memory delays a whole access.
  #keys: KeyCodec<K>
  #values: ValueCodec<V>
  readonly #written: Written

  /**
   * A map with a name that was there already gets the entries in addition: none if one of them cannot be stored, and
   * those before it if there is no room for one. Otherwise, if this throws, there is no map, nor its name; but one that
   * another thread has opened meanwhile by that name stays, with what is in it.
   *
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
    this.#written = table.written
    table.atClose = () => {
      this.#keys = table.keys
      this.#values = table.values
    }
    if (!plan || entries === null || entries === undefined) return
    fillTable(table, plan, () => this.#setAll(entries as Iterable<readonly [K, V]>))
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
   * @throws ERR_BAD_HANDLE, also if the map has no name and all threads had let go of it; ERR_VERSION_MISMATCH,
   *   ERR_NOT_ISOLATED, ERR_TOO_MANY_THREADS, ERR_OUT_OF_MEMORY; ERR_OPTIONS for another codec; ERR_DISPOSED if the map
   *   was deleted
   */
  static attach<K, V>(handle: unknown, options?: Pick<SharedMapOptions, 'codec'>): SharedMap<K, V> {
    const Class = classOf<SharedMap<K, V>, Table<K, V>>(this, 'SharedMap', SharedMapPrototype)
    const { codec } = checkNames('SharedMap.attach', options, ['codec'], '{ codec }')
    const table = attachMap<K, V>(handle, (value) => codecFor(value, codec))
    return attached(Class, table, mapTableOf)
  }

  /**
   * A new map from each key that `keyOf(item, index)` returns to the array of the items with that key, as Map.groupBy.
   * Takes the options of the constructor as well; values must be of kind any.
   */
  static groupBy<K extends Key, T>(
    items: Iterable<T>,
    keyOf: (item: T, index: number) => K,
    options?: SharedMapOptions<Kind, 'any'>,
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
    countWrite(this.#written)
    return this
  }

  /** Removes a key. (Go: Delete.) O(1). @returns whether this call removed it @throws ERR_KEY_TYPE */
  delete(key: K): boolean {
    const table = this.#table
    if (isNoting) return remove(table, table.keys.pack(key))
    let status: number
    try {
      status = table.keys.delete(key)
      if (status < 0) throw table.failure(status)
    } catch (error) {
      void soon.then(table.mend) // takes no stack, unlike a call
      throw table.interrupted(error)
    }
    countWrite(table.written)
    return status === STATUS.removed
  }

  /**
   * What to send to another thread, by workerData or postMessage, for its `SharedMap.attach`. Holds the memory: as
   * long as anyone keeps a handle or a map, the entries stay; but not those of a map without a name in a SharedHeap, which
   * is freed when no thread has it open any more. So that such a map is still there when its handle arrives, it stays
   * open in this thread from here on until dispose(), or until the thread ends.
   */
  get handle(): SharedMapHandle<K, V> {
    return handleOf('SharedMap', this.#table)
  }

  /** As Map does: by this map's own `set`, which a derived class may have replaced. */
  #setAll(entries: Iterable<readonly [K, V]>): void {
    const { set } = this
    checkMethod('set', set)
    const items = itemsFor('SharedMap', entries)
    if (!this.#table.isNew && set === ownSet) {
      setMany(this.#table, packEntries(this.#table, items)) // into what was there: all are checked before any is set
      return
    }
    for (const entry of items) {
      const [key, value] = checkEntry(entry) as readonly [K, V]
      set.call(this, key, value)
    }
  }
}

// Out here because a class that names itself loses its name in the bundle.
const SharedMapPrototype = SharedMap.prototype
completeMap(SharedMap, 'SharedMap')

// Out here because a class that names itself loses its name in the bundle.

/** What a derived class may have replaced. */
const ownSet: unknown = SharedMap.prototype.set

function newMap<K, V>(entries: Iterable<readonly [K, V]>, options: SharedMapOptions | undefined): SharedMap<K, V> {
  return new SharedMap(entries, options)
}

/** Sets a value while a callback is running, which may have to know. */
function setNoted<K, V>(table: Table<K, V>, key: K, value: V): void {
  const encoded = table.values.pack(value)
  put(table, table.keys.pack(key), encoded)
}
