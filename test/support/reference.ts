// What a SharedMap does, as plainly as it can be said: one thread, no memory, no speed. Tests compare the two.
import { type Kind, SharedMap, TophashError } from 'tophash'
import type { Entry, UntypedMap, Visit } from './untyped.js'
import { alike, copyOf, isBytes, nameOf } from './values.js'

/** A map of these kinds. Keys are told apart by their names; values are copied on their way in and on their way out. */
export class Reference implements UntypedMap {
  readonly #key: Kind
  readonly #value: Kind
  readonly #entries = new Map<string, Entry>()

  constructor(key: Kind, value: Kind) {
    this.#key = key
    this.#value = value
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: unknown): unknown {
    return copyOf(this.#entries.get(this.#nameOf(key))?.[1])
  }

  has(key: unknown): boolean {
    return this.#entries.has(this.#nameOf(key))
  }

  set(key: unknown, value: unknown): this {
    this.#put(this.#nameOf(key), key, this.#checked(value))
    return this
  }

  delete(key: unknown): boolean {
    return this.#entries.delete(this.#nameOf(key))
  }

  clear(): void {
    this.#entries.clear()
  }

  forEach(callback: (value: unknown, key: unknown, map: this) => void, thisArg?: unknown): void {
    for (const [key, value] of this) callback.call(thisArg, value, key, this)
  }

  *entries(): Generator<Entry, undefined> {
    for (const [key, value] of this.#entries.values()) yield [copyOf(key), copyOf(value)]
  }

  *keys(): Generator<unknown, undefined> {
    for (const [key] of this) yield key
  }

  *values(): Generator<unknown, undefined> {
    for (const [, value] of this) yield value
  }

  [Symbol.iterator](): Generator<Entry, undefined> {
    return this.entries()
  }

  getOrInsert(key: unknown, value: unknown): unknown {
    this.#checked(value)
    if (!this.has(key)) this.set(key, value)
    return this.get(key)
  }

  getOrInsertComputed(key: unknown, compute: (key: unknown) => unknown): unknown {
    if (!this.has(key)) this.set(key, compute(canonical(key)))
    return this.get(key)
  }

  exchange(key: unknown, value: unknown): unknown {
    const before = this.get(key)
    this.set(key, value)
    return before
  }

  take(key: unknown): unknown {
    const value = this.get(key)
    this.delete(key)
    return value
  }

  compareAndSet(key: unknown, expected: unknown, value: unknown): boolean {
    this.#checked(value)
    const matches = this.#matches(key, expected)
    if (matches) this.set(key, value)
    return matches
  }

  compareAndDelete(key: unknown, expected: unknown): boolean {
    return this.#matches(key, expected) && this.delete(key)
  }

  wait(key: unknown, seen: unknown): string {
    const isSame = seen === undefined ? this.get(key) === undefined : this.#matches(key, seen)
    return isSame ? 'timed-out' : 'changed'
  }

  increment(key: unknown, by: unknown = this.#value === 'bigint' ? 1n : 1): unknown {
    this.#checked(by)
    const isCount = typeof by === 'bigint' || typeof by === 'number'
    const before = this.has(key) ? this.get(key) : typeof by === 'bigint' ? 0n : 0
    if (!isCount || typeof before !== typeof by) throw refusal('ERR_VALUE_TYPE')
    return this.set(key, (before as number) + (by as number)).get(key)
  }

  update(key: unknown, compute: (current: unknown, exists: boolean) => unknown): unknown {
    const value = compute(this.get(key), this.has(key))
    if (value !== SharedMap.remove) return this.set(key, value).get(key)
    this.delete(key)
    return undefined
  }

  getMany(keys: Iterable<unknown>, into?: Float64Array): unknown {
    if (!(keys instanceof Float64Array)) return [...keys].map((key) => this.get(key))
    const values = into ?? new Float64Array(keys.length)
    keys.forEach((key, n) => (values[n] = (this.get(key) as number | undefined) ?? NaN))
    return values
  }

  setMany(given: Iterable<unknown>, values?: Float64Array): this {
    for (const [key, value] of this.#entriesOf(given, values)) this.set(key, value)
    return this
  }

  getOrInsertMany(given: Iterable<unknown>, values?: Float64Array, into?: Float64Array): unknown {
    const all = this.#entriesOf(given, values).map(([key, value]) => this.getOrInsert(key, value))
    if (!values) return all
    const numbers = into ?? new Float64Array(all.length)
    numbers.set(all as number[])
    return numbers
  }

  /** Entries, all of which are checked before any is used. */
  #entriesOf(given: Iterable<unknown>, values?: Float64Array): Entry[] {
    const entries = values ? Array.from(given, (key, n): Entry => [key, values[n]]) : ([...given] as Entry[])
    for (const [key, value] of entries) {
      this.#nameOf(key)
      this.#checked(value)
    }
    return entries
  }

  deleteMany(keys: Iterable<unknown>): number {
    const names = Array.from(keys, (key) => this.#nameOf(key))
    return names.filter((name) => this.#entries.delete(name)).length
  }

  scan(_cursor: number, _limit?: number): { cursor: number; entries: Entry[] } {
    return { cursor: 0, entries: [...this] }
  }

  partition(part: number, parts: number): Entry[] {
    return [...this].filter((_, n) => n % parts === part)
  }

  retain(keep: Visit<this>): number {
    const refused = [...this].filter(([key, value]) => !keep(value, key, this))
    return refused.filter(([key]) => this.delete(key)).length
  }

  /** Sets an entry; one that is there keeps its key. */
  #put(name: string, key: unknown, value: unknown): void {
    const entry = this.#entries.get(name)
    if (entry) entry[1] = copyOf(value)
    else this.#entries.set(name, [copyOf(canonical(key)), copyOf(value)])
  }

  #matches(key: unknown, expected: unknown): boolean {
    const current = this.get(key)
    return this.has(key) && (current === expected || alike(current, copyOf(expected)))
  }

  #nameOf(key: unknown): string {
    const isOfKind = this.#key === 'any' ? isAnyKey(key) : isOf(this.#key, key)
    if (!isOfKind) throw refusal('ERR_KEY_TYPE')
    return nameOf(key)
  }

  #checked(value: unknown): unknown {
    const isOfKind = this.#value === 'any' ? typeof value !== 'symbol' && typeof value !== 'function' : isOf(this.#value, value)
    if (!isOfKind) throw refusal('ERR_VALUE_TYPE')
    return value
  }
}

/** A key as it comes out of a map. */
function canonical(key: unknown): unknown {
  return key === 0 ? 0 : copyOf(key)
}

function isAnyKey(key: unknown): boolean {
  return key === null || isBytes(key) || !['object', 'function', 'symbol'].includes(typeof key)
}

function isOf(kind: Exclude<Kind, 'any'>, value: unknown): boolean {
  if (kind === 'bytes') return isBytes(value)
  return typeof value === kind && (typeof value !== 'bigint' || BigInt.asIntN(64, value) === value)
}

function refusal(code: 'ERR_KEY_TYPE' | 'ERR_VALUE_TYPE'): TophashError {
  return new TophashError(code, 'The reference does not take this.')
}
