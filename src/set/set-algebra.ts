import { isBytes } from '../codecs/bytes.js'
import { Collection, sizeOf } from '../collection/collection.js'
import { ContentMap } from '../collection/local-map.js'
import { STATUS } from '../core/layout.js'
import { soon } from '../recovery/exceptions.js'
import { type SetLike, SetRecord } from './set-record.js'
import type { Table } from '../table/table.js'
import { Walk } from '../table/walk.js'

/** The table behind a set. @throws TypeError for what is no SharedSet */
export let setTableOf: <T>(set: SetAlgebra<T>) => Table<T, undefined>

/** ES2025's set methods. They read both sets value by value; the results are sets of this thread alone. */
export abstract class SetAlgebra<T> extends Collection<T, undefined> {
  readonly #table: Table<T, undefined>

  static {
    setTableOf = (set) => set.#table
  }

  /** @internal */
  constructor(table: Table<T, undefined>) {
    super(table)
    this.#table = table
  }

  /** A local Set of the values of both. O(n + m). */
  union<U>(other: SetLike<U>): Set<T | U> {
    const record = this.#recordOf<U>(other)
    const others = record.keys()
    const result = this.#local<T | U>()
    for (const value of others) if (!result.has(value)) result.set(value, true)
    return setOf(result)
  }

  /** A local Set of the values that are in both. O(min(n, m)). */
  intersection<U>(other: SetLike<U>): Set<T & U> {
    const record = this.#recordOf<U>(other)
    const result = new ContentMap<T & U, true>()
    if (sizeOf(this.#table) <= record.size) {
      for (const walk = new Walk(this.#table); walk.step(); ) {
        const value = walk.key as T & U
        if (record.has(value)) result.set(value, true)
      }
    } else {
      for (const value of record.keys()) if (this.#includes(value)) result.set(value as T & U, true)
    }
    return setOf(result)
  }

  /** A local Set of the values that are not in the other. O(n). */
  difference<U>(other: SetLike<U>): Set<T> {
    const record = this.#recordOf<U>(other)
    const result = this.#local<T>()
    if (sizeOf(this.#table) <= record.size) {
      for (const [value] of [...result]) if (record.has(value as T & U)) result.delete(value)
    } else {
      for (const value of record.keys()) result.delete(value)
    }
    return setOf(result)
  }

  /** A local Set of the values that are in one of both alone. O(n + m). */
  symmetricDifference<U>(other: SetLike<U>): Set<T | U> {
    const record = this.#recordOf<U>(other)
    const others = record.keys()
    const result = this.#local<T | U>()
    for (const value of others) {
      if (this.#includes(value)) result.delete(value)
      else result.set(value, true)
    }
    return setOf(result)
  }

  /** Whether all values are in the other. O(n). */
  isSubsetOf(other: SetLike<unknown>): boolean {
    const record = this.#recordOf(other)
    if (sizeOf(this.#table) > record.size) return false
    for (const walk = new Walk(this.#table); walk.step(); ) if (!record.has(walk.key)) return false
    return true
  }

  /** Whether all values of the other are here. O(m). */
  isSupersetOf(other: SetLike<unknown>): boolean {
    const record = this.#recordOf(other)
    if (sizeOf(this.#table) < record.size) return false
    for (const value of record.keys()) if (!this.#includes(value)) return false
    return true
  }

  /** Whether no value is in both. O(min(n, m)). */
  isDisjointFrom(other: SetLike<unknown>): boolean {
    const record = this.#recordOf(other)
    if (sizeOf(this.#table) <= record.size) {
      for (const walk = new Walk(this.#table); walk.step(); ) if (record.has(walk.key)) return false
    } else {
      for (const value of record.keys()) if (this.#includes(value)) return false
    }
    return true
  }

  #recordOf<U>(other: unknown): SetRecord<U> {
    this.#table.ensureOpen()
    return new SetRecord<U>(other)
  }

  /** Whether any value whatever is in the set: what is not of its kind is not. */
  #includes(value: unknown): boolean {
    const { key } = this.#table.schema
    const kind = isBytes(value) ? 'bytes' : typeof value
    const canBe = key === 'any' ? value === null || !['object', 'function', 'symbol'].includes(kind) : kind === key
    if (!canBe || (key === 'bigint' && BigInt.asIntN(64, value as bigint) !== value)) return false
    return hasValue(this.#table, value as T)
  }

  /** The values as they are now. */
  #local<U>(): ContentMap<U, true> {
    const result = new ContentMap<U, true>()
    for (const walk = new Walk(this.#table); walk.step(); ) result.set(walk.key as unknown as U, true)
    return result
  }
}

export function hasValue<T>(table: Table<T, undefined>, value: T): boolean {
  try {
    const found = table.keys.has(value)
    if (found !== found) throw table.lastFailure()
    return found === STATUS.found
  } catch (error) {
    void soon.then(table.mend) // takes no stack, unlike a call
    throw table.interrupted(error)
  }
}

function setOf<T>(values: ContentMap<T, true>): Set<T> {
  return new Set(Array.from(values, ([value]) => value))
}
