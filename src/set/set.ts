import { packKeys } from '../map/bulk-map.js'
import { ownEncoded } from '../codecs/encoded.js'
import { attached, checkFunction, classOf, clearTable, scanTable, sizeOf, walkPart } from '../collection/collection.js'
import { ensureThere } from '../collection/heap-collection.js'
import { STATUS, TYPE } from '../core/layout.js'
import { fillTable, makeTable } from '../collection/creation.js'
import { checkMethod } from '../core/errors.js'
import { type SharedSetHandle, attachSet } from './handle.js'
import { itemsFor } from '../core/iterable.js'
import { setIterator } from '../collection/iterator.js'
import { deleteMany, hasMany, setMany } from '../table/bulk.js'
import { remove } from '../table/operations.js'
import { type SharedSetOptions, planSet } from './options.js'
import { countWrite } from '../table/reentrancy.js'
import { soon } from '../recovery/exceptions.js'
import { SetAlgebra, hasValue, setTableOf } from './set-algebra.js'
import { Table } from '../table/table.js'
import { Walk } from '../table/walk.js'

/**
 * A Set that all threads of the program share. See constructor.ts for how TypeScript sees its constructor.
 *
 * Differences from Set: no insertion order; values are compared by value, and are those that can be keys of a
 * SharedMap: primitives and Uint8Arrays. `add`, `has` and `delete` are atomic, and linearizable; all else is not atomic
 * as a whole. What any operation throws: see SharedMap.
 */
export class SharedSet<T> extends SetAlgebra<T> {
  readonly #table: Table<T, undefined>

  /**
   * What happens to the values, and to a set with a name, if this throws: see SharedMap.
   *
   * @param values what to add at first, as for Set; or, within the library, a table already opened
   * @param options the kind of values, and where the set lives
   * @throws ERR_OPTIONS, ERR_NOT_ISOLATED, ERR_OUT_OF_MEMORY; and what add() throws
   */
  constructor(values?: Iterable<T> | Table<T, undefined> | null, options?: SharedSetOptions) {
    const plan = values instanceof Table ? undefined : planSet(options)
    const table = plan ? makeTable<T, undefined>(plan) : (values as Table<T, undefined>)
    super(table)
    this.#table = table
    if (!plan || values === null || values === undefined) return
    fillTable(table, plan, () => this.#addAll(values as Iterable<T>))
  }

  /**
   * Opens, in this thread, a set that another thread made. O(1).
   *
   * @param handle what `set.handle` returned there
   * @throws as SharedMap.attach
   */
  static attach<T>(handle: unknown): SharedSet<T> {
    const Class = classOf<SharedSet<T>, Table<T, undefined>>(this, 'SharedSet', SharedSetPrototype)
    const table = attachSet<T>(handle)
    return attached(Class, table, setTableOf)
  }

  /** Whether the value is in the set. Takes no lock. O(1). @throws ERR_VALUE_TYPE */
  has(value: T): boolean {
    return hasValue(this.#table, value)
  }

  /**
   * Adds a value; one that is there already costs no more than `has`. O(1).
   *
   * @returns this set
   * @throws ERR_VALUE_TYPE, ERR_OUT_OF_MEMORY
   */
  add(value: T): this {
    const table = this.#table
    if (hasValue(table, value)) return this
    try {
      const status = table.keys.setNumber(value, 0)
      if (status < 0) throw table.failure(status)
    } catch (error) {
      void soon.then(table.mend) // takes no stack, unlike a call
      throw table.interrupted(error)
    }
    countWrite(table.written)
    return this
  }

  /** Removes a value. O(1). @returns whether this call removed it @throws ERR_VALUE_TYPE */
  delete(value: T): boolean {
    const table = this.#table
    let status: number
    try {
      status = table.keys.delete(value)
      if (status < 0) throw table.failure(status)
    } catch (error) {
      void soon.then(table.mend) // takes no stack, unlike a call
      throw table.interrupted(error)
    }
    countWrite(table.written)
    return status === STATUS.removed
  }

  /** Removes all values: not atomic. A value that another thread adds meanwhile may stay. O(n). */
  clear(): void {
    clearTable(this.#table)
  }

  /** Values: the sum of what each thread has counted. Exact while no thread writes. O(threads). */
  get size(): number {
    return sizeOf(this.#table)
  }

  /** Calls back for each value, as Set does. What is visited: see values(). */
  forEach(callback: (value: T, again: T, set: this) => void, ...[thisArg]: [thisArg?: unknown]): void {
    this.#table.ensureOpen()
    checkFunction('forEach', callback)
    const walk = new Walk(this.#table)
    while (walk.nextBatch()) {
      for (let i = 0; i < walk.count; i++) {
        if (!walk.isThere(i)) continue
        if (thisArg === undefined) callback(walk.keyAt(i), walk.keyAt(i), this)
        else callback.call(thisArg, walk.keyAt(i), walk.keyAt(i), this)
      }
    }
  }

  /** Iterates over [value, value], as Set does: see values(). */
  entries(): SetIterator<[T, T]> {
    ensureThere(this.#table)
    return setIterator(new Walk(this.#table), true)
  }

  /**
   * Iterates over the values, in no useful order, while anyone may write. Every value that is there during the whole
   * iteration is visited exactly once, and none twice; one that is added or removed meanwhile may be visited or not.
   * O(n).
   */
  values(): SetIterator<T> {
    ensureThere(this.#table)
    return setIterator(new Walk(this.#table))
  }

  /** The same as values(). */
  declare keys: () => SetIterator<T>

  declare [Symbol.iterator]: () => SetIterator<T>

  declare readonly [Symbol.toStringTag]: string

  // ---- Many at once: each value atomically, none of these as a whole ----

  /**
   * Adds many values in one crossing; all are checked before any is added. O(values).
   *
   * @throws ERR_VALUE_TYPE, ERR_OUT_OF_MEMORY
   */
  addMany(values: Iterable<T>): this {
    ensureThere(this.#table)
    addAll(this.#table, values)
    return this
  }

  /** Whether each of many values is in the set, in their order. O(values). @throws ERR_VALUE_TYPE */
  hasMany(values: Iterable<T>): boolean[] {
    ensureThere(this.#table)
    return hasMany(this.#table, packKeys(this.#table, values))
  }

  /**
   * Removes many values in one crossing. O(values).
   *
   * @returns how many there were
   * @throws ERR_VALUE_TYPE: then none is removed
   */
  deleteMany(values: Iterable<T>): number {
    ensureThere(this.#table)
    return deleteMany(this.#table, packKeys(this.#table, values))
  }

  /**
   * Iterates over the i-th of n disjoint parts, which together are all values: see SharedMap.partition.
   *
   * @throws ERR_OPTIONS
   */
  partition(i: number, n: number): SetIterator<T> {
    return setIterator(walkPart(this.#table, i, n))
  }

  /** The next `limit` values from a cursor on, and the cursor to go on with: see SharedMap.scan. @throws ERR_OPTIONS */
  scan(cursor: number, limit = 64): { cursor: number; values: T[] } {
    const { entries, ...rest } = scanTable(this.#table, cursor, limit)
    return { ...rest, values: entries.map(([value]) => value) }
  }

  /**
   * Removes the values that `keep(value, value, set)` refuses, each atomically. It may use the set. O(n).
   *
   * @returns how many
   */
  retain(keep: (value: T, again: T, set: this) => unknown): number {
    const table = this.#table
    table.ensureOpen()
    checkFunction('retain', keep)
    let removed = 0
    const walk = new Walk(table)
    while (walk.step()) {
      const value = walk.key
      const encoded = ownEncoded(table.keys.pack(value))
      if (!keep(value, value, this) && remove(table, encoded)) removed++
    }
    return removed
  }

  /** What to send to another thread, by workerData or postMessage, for its `SharedSet.attach`: see SharedMap.handle. */
  get handle(): SharedSetHandle<T> {
    ensureThere(this.#table)
    this.#table.keepOpen()
    const { heap, address, generation, schema } = this.#table
    return { tophash: 'SharedSet', memory: heap.memory, table: address, generation, value: schema.key }
  }

  /** As Set does: by this set's own `add`, which a derived class may have replaced. */
  #addAll(values: Iterable<T>): void {
    const { add } = this
    checkMethod('add', add)
    const items = itemsFor('SharedSet', values)
    if (!this.#table.isNew && add === ownAdd) {
      addAll(this.#table, items) // into what was there: all are checked before any is added
      return
    }
    for (const value of items) add.call(this, value)
  }
}

for (const name of ['keys', Symbol.iterator]) {
  Object.defineProperty(SharedSet.prototype, name, {
    value: SharedSet.prototype.values,
    writable: true,
    configurable: true,
  })
}
// Out here because a class that names itself loses its name in the bundle.
const SharedSetPrototype = SharedSet.prototype
Object.defineProperty(SharedSet.prototype, Symbol.toStringTag, { value: 'SharedSet', configurable: true })

/** What a derived class may have replaced: out here because a class that names itself loses its name in the bundle. */
const ownAdd: unknown = SharedSet.prototype.add

function addAll<T>(table: Table<T, undefined>, values: Iterable<T>): void {
  setMany(
    table,
    packKeys(table, values).map((encoded) => [encoded, { meta: TYPE.number, content: 0 }]),
  )
}
