import { outOf64Bits } from './codecs/bigint.js'
import type { Form } from './codecs/form.js'
import { MAP_VALUES } from './codecs/kinds.js'
import { resultForm } from './codecs/payload.js'
import { Collection, checkFunction, tableOf } from './collection.js'
import { SCRATCH, STATUS } from './core/exports.js'
import { describe, typeError } from './errors.js'
import { addWord, exchange, insert, removeIf, replaceIf, take, wrote } from './operations.js'
import { countWrite, isNoting } from './pending.js'
import { soon } from './recovery/exceptions.js'
import type { AnyTable } from './table.js'
import { REMOVE, addBigint, getOrInsertComputed, update } from './update.js'

/**
 * What a map does to one key in one step, beyond get, has, set and delete. Each of these is linearizable: it takes
 * effect at one moment between call and return, the same for all threads. Each is O(1), and leaves the map as it was if
 * it throws. All throw ERR_KEY_TYPE and ERR_VALUE_TYPE for what is not of the map's kinds, and ERR_OUT_OF_MEMORY.
 */
export abstract class AtomicMap<K, V> extends Collection<K, V> {
  /**
   * The value of a key; if there is none, `value`, which is set. One thread's value wins, and all get that one.
   * (ES2026; Go: LoadOrStore; Java: putIfAbsent.)
   */
  getOrInsert(key: K, value: V): V {
    const table = tableOf(this)
    const form = table.values.pack(value)
    return insert(table, table.keys.pack(key), form) ? table.values.unpack(form) : table.values.result()
  }

  /**
   * The value of a key; if there is none, what `compute(key)` returns, which is set. `compute` is called only if there
   * is none, without a lock: other threads may set one meanwhile, and then theirs wins. It may use the map; a value
   * that it has set for the key itself is replaced by the one that it returns. If it throws, nothing is set. (ES2026;
   * Java: computeIfAbsent.)
   */
  getOrInsertComputed(key: K, compute: (key: K) => V): V {
    const table = tableOf(this)
    table.ensureOpen()
    checkFunction('getOrInsertComputed', compute)
    return getOrInsertComputed(table, key, (given) => compute(given))
  }

  /** Sets a value. (Go: Swap; Java: put.) @returns the value before, or undefined */
  exchange(key: K, value: V): V | undefined {
    const table = tableOf(this)
    const form = table.values.pack(value)
    return exchange(table, table.keys.pack(key), form) ? table.values.result() : undefined
  }

  /**
   * Removes an entry. Of several threads, one gets it. (Go: LoadAndDelete; Java: remove.)
   *
   * @returns the value removed, or undefined
   */
  take(key: K): V | undefined {
    const table = tableOf(this)
    return take(table, table.keys.pack(key)) ? table.values.result() : undefined
  }

  /**
   * Sets `value` if the key's value is `expected`: primitives by SameValueZero, Uint8Arrays by their bytes, objects by
   * their serialised form. Without an entry it is never set. (Go: CompareAndSwap; Java: replace.) @returns whether it
   * was set
   */
  compareAndSet(key: K, expected: V, value: V): boolean {
    const table = tableOf(this)
    const form = table.values.pack(value)
    const seen = table.values.pack(expected)
    return replaceIf(table, table.keys.pack(key), seen, form)
  }

  /**
   * Removes a key if its value is `expected`, as compareAndSet compares. (Go: CompareAndDelete.)
   *
   * @returns whether it was removed
   */
  compareAndDelete(key: K, expected: V): boolean {
    const table = tableOf(this)
    const seen = table.values.pack(expected)
    return removeIf(table, table.keys.pack(key), seen)
  }

  /**
   * Adds `by`, 1 unless told, to the number of a key; an absent key counts from 0. In maps of bigints `by` is a bigint,
   * and the sum must fit into 64 bits; in maps of kind any it is what the value is. (Redis: INCRBY, INCRBYFLOAT.)
   *
   * @returns the new number
   */
  increment(this: AtomicMap<K, number>, key: K, by?: number): number
  increment(this: AtomicMap<K, bigint>, key: K, by?: bigint): bigint
  increment(key: K, by?: number | bigint): number | bigint {
    const table = tableOf(this as AtomicMap<K, unknown>)
    const kind = table.shape.value
    if (kind === 'number' || (kind === 'any' && typeof by !== 'bigint')) {
      return addNumber(table, key, by === undefined ? 1 : by)
    }
    table.ensureOpen()
    if (kind === 'bigint') return addInteger(table, table.keys.pack(key), by === undefined ? 1n : by)
    if (kind === 'any') return addBigint(table, key, by as bigint) ?? fail(wrongSummand(by))
    throw typeError(
      'ERR_VALUE_TYPE',
      `increment needs a map whose values are numbers or bigints; these are of kind '${kind}'.`,
    )
  }

  /**
   * Sets the value of a key to what `compute(current, exists)` makes of it, or removes the key if that is
   * `SharedMap.remove`. `compute` runs without a lock: if another thread has changed the entry meanwhile it is called
   * again with what is there then, so it should do nothing else. It may use the map; what it has itself set for the key
   * is replaced by what it returns. If it throws, the map is as it was. (Java: compute.)
   *
   * @returns the new value; undefined if the key was removed
   */
  update(key: K, compute: (current: V | undefined, exists: boolean) => V): V
  update(key: K, compute: (current: V | undefined, exists: boolean) => V | typeof REMOVE): V | undefined
  update(key: K, compute: (current: V | undefined, exists: boolean) => V | typeof REMOVE): V | undefined {
    const table = tableOf(this)
    table.ensureOpen()
    checkFunction('update', compute)
    return update(table, key, (current, exists) => compute(current, exists))
  }
}

function addNumber(table: AnyTable, key: unknown, by: unknown): number {
  if (typeof by !== 'number') {
    table.ensureOpen()
    const wanted = table.shape.value === 'any' ? 'numbers or bigints' : 'numbers'
    throw typeError('ERR_VALUE_TYPE', `increment adds ${wanted} in this map; got ${describe(by)}.`)
  }
  let total: number
  try {
    total = table.keys.increment(key, by)
    if (total !== total) checkNaN(table)
  } catch (error) {
    void soon.then(table.mend) // takes no stack, unlike a call
    throw table.interrupted(error)
  }
  countWrite()
  if (isNoting) wrote(table, table.keys.pack(key), table.values.pack(total))
  return total
}

/** A sum that is NaN: the number, or a sign of failure. */
function checkNaN(table: AnyTable): void {
  const { heap } = table
  const status = heap.wordAt(heap.scratch + SCRATCH.status) | 0
  if (status === STATUS.notANumber) throw wrongSummand(1)
  if (status < 0) throw table.failure(status)
}

function addInteger(table: AnyTable, key: Form, by: unknown): bigint {
  const status = addWord(table, key, table.values.pack(by))
  if (status === STATUS.overflow) throw outOf64Bits(MAP_VALUES, `a sum beyond that, by adding ${describe(by)}`)
  if (status < 0) throw table.failure(status)
  const total = resultForm(table.heap)
  wrote(table, key, total)
  return total.content as bigint
}

function wrongSummand(by: unknown): Error {
  const type = typeof by
  return typeError(
    'ERR_VALUE_TYPE',
    `increment adds a ${type} to a ${type} only, and the value of this key is something else.`,
  )
}

function fail(error: Error): never {
  throw error
}
