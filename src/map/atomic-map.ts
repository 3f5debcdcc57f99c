import { outOf64Bits } from '../codecs/bigint.js'
import { type Encoded, encodedNumber, encodedWord, ownEncoded } from '../codecs/encoded.js'
import { MAP_VALUES } from '../codecs/kinds.js'
import { encodedResult } from '../codecs/payload.js'
import { Collection, checkFunction } from '../collection/collection.js'
import { SCRATCH, STATUS, TYPE } from '../core/layout.js'
import { describe, typeError } from '../core/errors.js'
import { type AsyncWaitOptions, type WaitOptions, readTimeout, readTimeoutAndSignal } from '../core/waiting.js'
import { exchangeValue, getOrInsert, takeValue } from '../table/hand-out.js'
import { incrementWord, change, read, removeIf, replaceIf } from '../table/operations.js'
import { countWrite, isNoting, isWatched } from '../table/reentrancy.js'
import { soon } from '../recovery/exceptions.js'
import type { AnyTable, Table } from '../table/table.js'
import { type REMOVE, addBigint, getOrInsertComputed, update } from '../table/update.js'
import { type Change, waitBlocking, waitInEventLoop } from '../table/waiting.js'
import type { Seen } from '../table/watch.js'

/** The table behind a map. @throws TypeError for what is no SharedMap */
export let mapTableOf: <K, V>(map: AtomicMap<K, V>) => Table<K, V>

/**
 * What a map does to one key in one step, beyond get, has, set and delete. Each of these is linearizable: it takes
 * effect at one moment between call and return, the same for all threads. Each is O(1), and leaves the map as it was if
 * it throws, also if that is because a value cannot be decoded. All throw ERR_KEY_TYPE and ERR_VALUE_TYPE for what is not
 * of the map's kinds, and ERR_OUT_OF_MEMORY. Those that run code of the program's between a look at the entry and the
 * write (a callback, or a codec) throw ERR_CONTENDED if other threads have changed the entry in between 100 times in a
 * row. Callbacks that take less than some 50 us need not reckon with that, however busy the key is.
 */
export abstract class AtomicMap<K, V> extends Collection<K, V> {
  readonly #table: Table<K, V>

  static {
    mapTableOf = (map) => map.#table
  }

  /** @internal */
  constructor(table: Table<K, V>) {
    super(table)
    this.#table = table
  }

  /**
   * The value of a key; if there is none, `value`, which is set. One thread's value wins, and all get that one.
   * (ES2026; Go: LoadOrStore; Java: putIfAbsent.)
   */
  getOrInsert(key: K, value: V): V {
    const table = this.#table
    const encoded = table.values.pack(value)
    return getOrInsert(table, table.keys.pack(key), encoded)
  }

  /**
   * The value of a key; if there is none, what `compute(key)` returns, which is set. `compute` is called only if there
   * is none, without a lock: other threads may set one meanwhile, and then theirs wins. It may use the map; a value
   * that it has set for the key itself is replaced by the one that it returns, if it was the first. If it throws, nothing
   * is set. (ES2026; Java: computeIfAbsent.) @throws ERR_CONTENDED
   */
  getOrInsertComputed(key: K, compute: (key: K) => V): V {
    const table = this.#table
    table.ensureOpen()
    checkFunction('getOrInsertComputed', compute)
    return getOrInsertComputed(table, key, (given) => compute(given))
  }

  /** Sets a value. (Go: Swap; Java: put.) @returns the value before, or undefined */
  exchange(key: K, value: V): V | undefined {
    const table = this.#table
    const encoded = table.values.pack(value)
    return exchangeValue(table, table.keys.pack(key), encoded)
  }

  /**
   * Removes an entry. Of several threads, one gets it. (Go: LoadAndDelete; Java: remove.)
   *
   * @returns the value removed, or undefined
   */
  take(key: K): V | undefined {
    const table = this.#table
    return takeValue(table, table.keys.pack(key))
  }

  /**
   * Sets `value` if the key's value is `expected`: primitives by SameValueZero, Uint8Arrays by their bytes, objects by
   * their serialised form. Without an entry it is never set. (Go: CompareAndSwap; Java: replace.) @returns whether it
   * was set
   */
  compareAndSet(key: K, expected: V, value: V): boolean {
    const table = this.#table
    const encoded = table.values.pack(value)
    const seen = table.values.pack(expected)
    return replaceIf(table, table.keys.pack(key), seen, encoded)
  }

  /**
   * Removes a key if its value is `expected`, as compareAndSet compares. (Go: CompareAndDelete.)
   *
   * @returns whether it was removed
   */
  compareAndDelete(key: K, expected: V): boolean {
    const table = this.#table
    const seen = table.values.pack(expected)
    return removeIf(table, table.keys.pack(key), seen)
  }

  /**
   * Blocks the thread until the value of a key is not `seen` any more, as compareAndSet compares; undefined: until there is a value,
   * and not undefined. It returns at once if that is so already. Other writes do not end it; a value that comes and is gone again
   * before this thread has looked may not. (Linux: futex.)
   *
   * @returns 'changed', or 'timed-out' if the time was over before
   * @throws ERR_KEY_TYPE, ERR_VALUE_TYPE, ERR_OPTIONS; ERR_UNSUPPORTED where a thread may not block; ERR_DISPOSED if the map is
   *   deleted meanwhile
   */
  wait(key: K, seen: V | undefined, options?: WaitOptions): Change {
    const table = this.#table
    const timeout = readTimeout('wait', options)
    const packed = packSeen(table, seen)
    return waitBlocking(table, ownEncoded(table.keys.pack(key)), packed, timeout)
  }

  /** The same without blocking. The program stays alive meanwhile. @throws also the signal's reason, and ERR_DISPOSED after dispose() */
  async waitAsync(key: K, seen: V | undefined, options?: AsyncWaitOptions): Promise<Change> {
    const table = this.#table
    const { timeout, signal } = readTimeoutAndSignal('waitAsync', options)
    const packed = packSeen(table, seen)
    return waitInEventLoop(table, ownEncoded(table.keys.pack(key)), packed, timeout, signal)
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
    const table = (this as AtomicMap<K, unknown>).#table
    const kind = table.schema.value
    if (kind === 'number' || (kind === 'any' && typeof by !== 'bigint')) {
      return addNumber(table, key, by === undefined ? 1 : by)
    }
    table.ensureOpen()
    if (kind === 'bigint') return incrementInteger(table, table.keys.pack(key), by === undefined ? 1n : by)
    if (kind === 'any') return addBigint(table, key, by as bigint) ?? fail(wrongSummand(table, key, by))
    throw typeError('ERR_VALUE_TYPE', `increment needs a map whose values are numbers or bigints; these are of kind '${kind}'.`)
  }

  /**
   * Sets the value of a key to what `compute(current, exists)` makes of it, or removes the key if that is
   * `SharedMap.remove`. `compute` runs without a lock: if another thread has changed the entry meanwhile it is called
   * again with what is there then, 100 times at most, so it should do nothing else. It may use the map; what it has itself
   * set for the key is replaced by what it returns, unless another thread came in between: then it is what the next call
   * sees. If it throws, update has changed nothing. (Java: compute.)
   *
   * @returns the new value; undefined if the key was removed
   * @throws ERR_CONTENDED if each of 100 calls came too late; what it throws itself
   */
  update(key: K, compute: (current: V | undefined, exists: boolean) => V): V
  update(key: K, compute: (current: V | undefined, exists: boolean) => V | typeof REMOVE): V | undefined
  update(key: K, compute: (current: V | undefined, exists: boolean) => V | typeof REMOVE): V | undefined {
    const table = this.#table
    table.ensureOpen()
    checkFunction('update', compute)
    return update(table, key, (current, exists) => compute(current, exists))
  }
}

/** What was seen, as it is stored. What `get` returns as undefined is either no entry, or, if values can be undefined, such a one. */
function packSeen(table: AnyTable, seen: unknown): Seen {
  const isStorable = seen !== undefined || table.schema.value === 'any'
  return { value: isStorable ? ownEncoded(table.values.pack(seen)) : undefined, orAbsent: seen === undefined }
}

function addNumber(table: AnyTable, key: unknown, by: unknown): number {
  if (typeof by !== 'number') {
    table.ensureOpen()
    const wanted = table.schema.value === 'any' ? 'numbers or bigints' : 'numbers'
    throw typeError('ERR_VALUE_TYPE', `increment adds ${wanted} in this map; got ${describe(by)}.`)
  }
  if (isNoting && isWatched(table)) return addNoted(table, key, by)
  let total: number
  try {
    total = table.keys.increment(key, by)
    if (total !== total) checkNaN(table, key)
  } catch (error) {
    void soon.then(table.mend) // takes no stack, unlike a call
    throw table.interrupted(error)
  }
  countWrite(table.written)
  return total
}

/** The same while a callback runs, which has to know what was replaced. */
function addNoted(table: AnyTable, key: unknown, by: number): number {
  let total = by
  change(table, table.keys.pack(key), (before) => {
    if (before && before.meta !== TYPE.number) throw wrongSummand(table, key, by)
    total = ((before?.content ?? 0) as number) + by
    return encodedNumber(total)
  })
  return total
}

/** A sum that is NaN: the number, or a sign of failure. */
function checkNaN(table: AnyTable, key: unknown): void {
  const { heap } = table
  const status = heap.wordAt(heap.scratch + SCRATCH.status) | 0
  if (status === STATUS.notANumber) throw wrongSummand(table, key, 1)
  if (status < 0) throw table.failure(status)
}

function incrementInteger(table: AnyTable, key: Encoded, by: unknown): bigint {
  const summand = table.values.pack(by)
  if (isNoting && isWatched(table)) return incrementIntegerNoted(table, key, summand.content as bigint)
  const status = incrementWord(table, key, summand)
  if (status === STATUS.overflow) throw sumOutOf64Bits(by)
  if (status < 0) throw table.failure(status)
  countWrite(table.written)
  return encodedResult(table.heap).content as bigint
}

function incrementIntegerNoted(table: AnyTable, key: Encoded, by: bigint): bigint {
  let total = by
  change(table, key, (before) => {
    total = ((before?.content ?? 0n) as bigint) + by
    if (BigInt.asIntN(64, total) !== total) throw sumOutOf64Bits(by)
    return encodedWord(total)
  })
  return total
}

function sumOutOf64Bits(by: unknown): Error {
  return outOf64Bits(MAP_VALUES, `a sum beyond that, by adding ${describe(by)}`)
}

function wrongSummand(table: AnyTable, key: unknown, by: unknown): Error {
  const type = typeof by
  const value = currentValue(table, key)
  const advice =
    typeof value === 'bigint' || typeof value === 'number'
      ? `Add a ${typeof value}, such as ${typeof value === 'bigint' ? '1n' : '1'}`
      : 'Set the key to a number first, or use update(key, fn)'
  return typeError(
    'ERR_VALUE_TYPE',
    `increment adds a ${type} to a ${type} only, and the value of ${describe(key)} is ${describe(value)}. ${advice}.`,
  )
}

/** The value that a key has now; it may have changed since, and an object may be none that can be read. */
function currentValue(table: AnyTable, key: unknown): unknown {
  const encoded = read(table, table.keys.pack(key))
  try {
    return encoded && table.values.unpack(encoded)
  } catch {
    return {}
  }
}

function fail(error: Error): never {
  throw error
}
