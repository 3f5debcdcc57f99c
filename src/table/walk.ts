import { holds, read } from './operations.js'
import { endRun, isWrittenSince, runs } from './reentrancy.js'
import { BATCH, Columns, ENTRIES, KEYS, LARGEST_BATCH } from './columns.js'
import { bringKeys, GONE } from './late-keys.js'
import { LAST, readColumns } from './scan.js'
import type { Table } from './table.js'

/**
 * Goes over the entries from one place to another, one at each step or batch by batch. What this thread itself has removed meanwhile
 * is not visited, what it has changed is brought up to date. After an exception a walk is over, as a generator is.
 */
export class Walk<K, V> {
  readonly #table: Table<K, V>
  /** What of each entry it is asked for. */
  readonly wanted: number
  readonly #last: number
  /** The batch at hand. */
  readonly columns = new Columns<K, V>()
  /** Runs of writes (reentrancy.ts) that have left the batch as it is. */
  seenRuns = 0
  #at = 0
  #cursor: number
  #limit = BATCH // a walk may be left soon
  #isOver = false

  constructor(table: Table<K, V>, { wanted = ENTRIES as number, first = 0, last = LAST } = {}) {
    this.#table = table
    this.wanted = table.schema.value === 'none' ? KEYS : wanted
    this.#cursor = first
    this.#last = last
  }

  /** The key that the last step came to; undefined in a walk over values. */
  get key(): K {
    return this.columns.keys[this.#at - 1]!
  }

  /** Its value; undefined in a walk over keys. */
  get value(): V {
    try {
      return this.valueAt(this.#at - 1)
    } catch (error) {
      this.end()
      throw error
    }
  }

  /** Goes on to the next entry. False: there is none. @throws what a read of the table does */
  step(): boolean {
    while (this.#at < this.columns.count || this.nextBatch()) if (this.isThere(this.#at++)) return true
    return false
  }

  /** Nothing more is visited. */
  end(): void {
    this.#isOver = true
    this.columns.clear()
    this.#at = 0
  }

  // ---- The batch. Who goes over it himself makes no steps. ----

  /** Entries of the batch. */
  get count(): number {
    return this.columns.count
  }

  keyAt(i: number): K {
    return this.columns.keys[i]!
  }

  /** Decoding runs code of the program's. */
  valueAt(i: number): V {
    const item = this.columns.items[i]!
    return typeof item === 'object' ? this.#table.values.open(item) : (item as V)
  }

  /** Whether the entry is to be visited, up to date: unless this thread has written to the table since the batch was read, it is. */
  isThere(i: number): boolean {
    return runs === this.seenRuns || this.#isUntouched() || this.#renew(i)
  }

  /** Whether this thread has written to other tables only, as a loop does that fills another one. */
  #isUntouched(): boolean {
    if (isWrittenSince(this.#table.written, this.seenRuns)) return false
    this.seenRuns = runs
    return true
  }

  /** Reads on until there is an entry. */
  nextBatch(): boolean {
    if (this.#isOver) return false
    this.#isOver = true
    const columns = this.columns
    this.seenRuns = endRun()
    let cursor = this.#cursor
    do {
      cursor = readColumns(this.#table, columns, cursor, this.#last, this.#limit, this.wanted)
    } while (columns.count === 0 && cursor !== 0)
    this.#at = 0
    this.#cursor = cursor
    this.#limit = Math.min(2 * this.#limit, LARGEST_BATCH)
    this.#isOver = cursor === 0
    if (columns.count === 0) columns.clear()
    return columns.count > 0
  }

  /** Brings an entry up to date. False: it is gone. The table may have been closed: that counts as a write. */
  #renew(i: number): boolean {
    const table = this.#table
    const columns = this.columns
    try {
      table.ensureOpen()
      bringKeys(table, columns, i)
      const given = columns.keys[i]!
      if (given === (GONE as unknown)) return false
      const key = table.keys.pack(given)
      if (this.wanted === KEYS) return holds(table, key)
      const value = read(table, key)
      if (value) columns.items[i] = table.values.item(value)
      return value !== undefined
    } catch (error) {
      this.end()
      throw error
    }
  }
}
