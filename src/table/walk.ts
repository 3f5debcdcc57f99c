import type { Item } from '../codecs/codec.js'
import { holds, read } from './operations.js'
import { writes } from './reentrancy.js'
import { BATCH, Columns, LAST, readColumns } from './scan.js'
import type { Table } from './table.js'

/** Entries of the largest batch. The first is small: a walk may be left soon. */
const LARGEST_BATCH = 4 * BATCH

/**
 * Goes over the entries from one place to another, one at each step. What this thread itself has removed meanwhile is not
 * visited, what it has changed is brought up to date. After an exception a walk is over, as a generator is.
 */
export class Walk<K, V> {
  readonly #table: Table<K, V>
  readonly #options: { readonly isKeysOnly: boolean }
  readonly #last: number
  readonly #columns = new Columns<K, V>()
  #cursor: number
  #limit = BATCH
  #at = 0
  #seenWrites = writes
  #isOver = false

  constructor(table: Table<K, V>, { isKeysOnly = false, first = 0, last = LAST } = {}) {
    this.#table = table
    this.#options = { isKeysOnly: isKeysOnly || table.schema.value === 'none' }
    this.#cursor = first
    this.#last = last
  }

  /** The key that the last step came to. */
  get key(): K {
    return this.#columns.keys[this.#at - 1]!
  }

  /** Its value; undefined in a walk over keys. */
  get item(): Item<V> {
    return this.#columns.items[this.#at - 1]!
  }

  /** Goes on to the next entry. False: there is none. @throws what a read of the table does */
  step(): boolean {
    const columns = this.#columns
    while (this.#at < columns.count || this.#refill()) {
      this.#at++
      if ((writes === this.#seenWrites && this.#table.isOpen) || this.#renew()) return true
    }
    return false
  }

  /** Nothing more is visited. */
  end(): void {
    this.#isOver = true
    this.#columns.clear()
    this.#at = 0
  }

  /** Reads on until there is an entry. */
  #refill(): boolean {
    if (this.#isOver) return false
    this.#isOver = true
    const columns = this.#columns
    let cursor = this.#cursor
    do {
      cursor = readColumns(this.#table, columns, cursor, this.#last, this.#limit, this.#options)
    } while (columns.count === 0 && cursor !== 0)
    this.#at = 0
    this.#seenWrites = writes
    this.#cursor = cursor
    this.#limit = Math.min(2 * this.#limit, LARGEST_BATCH)
    this.#isOver = cursor === 0
    if (columns.count === 0) columns.clear()
    return columns.count > 0
  }

  /** This thread has written something since the batch was read: brings the entry up to date. False: it is gone. */
  #renew(): boolean {
    const table = this.#table
    try {
      table.ensureOpen()
      if (writes === this.#seenWrites) return true
      const key = table.keys.pack(this.key)
      if (this.#options.isKeysOnly) return holds(table, key)
      const value = read(table, key)
      if (value) this.#columns.items[this.#at - 1] = table.values.item(value)
      return value !== undefined
    } catch (error) {
      this.end()
      throw error
    }
  }
}

// What iterators are made of. A generator would cost more than the step itself.

abstract class Steps<K, V, T> implements Iterator<T, undefined> {
  protected readonly walk: Walk<K, V>

  constructor(walk: Walk<K, V>) {
    this.walk = walk
  }

  abstract next(): IteratorResult<T, undefined>

  [Symbol.iterator](): this {
    return this
  }
}

/** Over the keys of a walk. */
export class KeySteps<K> extends Steps<K, unknown, K> {
  override next(): IteratorResult<K, undefined> {
    return this.walk.step() ? { value: this.walk.key, done: false } : { value: undefined, done: true }
  }
}

/** Over [key, key], as sets have it. */
export class TwinSteps<K> extends Steps<K, unknown, [K, K]> {
  override next(): IteratorResult<[K, K], undefined> {
    if (!this.walk.step()) return { value: undefined, done: true }
    const { key } = this.walk
    return { value: [key, key], done: false }
  }
}

abstract class Opening<K, V, T> extends Steps<K, V, T> {
  readonly #table: Table<K, V>

  constructor(table: Table<K, V>, walk: Walk<K, V>) {
    super(walk)
    this.#table = table
  }

  /** The value that the walk stands at: decoding runs code of the program's. */
  protected open(): V {
    try {
      return this.#table.values.open(this.walk.item)
    } catch (error) {
      this.walk.end()
      throw error
    }
  }
}

/** Over the values of a walk. */
export class ValueSteps<K, V> extends Opening<K, V, V> {
  override next(): IteratorResult<V, undefined> {
    return this.walk.step() ? { value: this.open(), done: false } : { value: undefined, done: true }
  }
}

/** Over [key, value]. */
export class PairSteps<K, V> extends Opening<K, V, [K, V]> {
  override next(): IteratorResult<[K, V], undefined> {
    if (!this.walk.step()) return { value: undefined, done: true }
    const { key } = this.walk // before the value is decoded, which may walk on
    return { value: [key, this.open()], done: false }
  }
}
