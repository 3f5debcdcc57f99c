// A SharedMap of whatever kinds, as tests of all kinds see it. What the types are is the type tests' business.
import { type Kind, SharedMap, type SharedMapHandle } from 'tophash'

export type Kinds = readonly [key: Kind, value: Kind]

export type Entry = [key: unknown, value: unknown]
/** A callback for entries. */
export type Visit<T> = (value: unknown, key: unknown, map: T) => unknown

/** The operations of a map, whatever its kinds: those of a SharedMap, and of the reference. */
export interface UntypedMap extends Iterable<Entry> {
  readonly size: number
  get(key: unknown): unknown
  has(key: unknown): boolean
  set(key: unknown, value: unknown): this
  delete(key: unknown): boolean
  clear(): void
  forEach(callback: (value: unknown, key: unknown, map: this) => void, thisArg?: unknown): void
  entries(): IterableIterator<Entry>
  keys(): IterableIterator<unknown>
  values(): IterableIterator<unknown>
  getOrInsert(key: unknown, value: unknown): unknown
  getOrInsertComputed(key: unknown, compute: (key: unknown) => unknown): unknown
  exchange(key: unknown, value: unknown): unknown
  take(key: unknown): unknown
  compareAndSet(key: unknown, expected: unknown, value: unknown): boolean
  compareAndDelete(key: unknown, expected: unknown): boolean
  wait(key: unknown, seen: unknown, options?: unknown): string
  increment(key: unknown, by?: unknown): unknown
  update(key: unknown, compute: (current: unknown, exists: boolean) => unknown): unknown
  getMany(keys: Iterable<unknown>, into?: Float64Array): unknown
  setMany(entries: Iterable<unknown>, values?: Float64Array): this
  getOrInsertMany(entries: Iterable<unknown>, values?: Float64Array, into?: Float64Array): unknown
  deleteMany(keys: Iterable<unknown>): number
  scan(cursor: number, limit?: number): { cursor: number; entries: Entry[] }
  partition(part: number, parts: number): Iterable<Entry>
  retain(keep: Visit<this>): number
}

/** What only a SharedMap has. */
export type TestMap = UntypedMap &
  Pick<SharedMap<any, any>, 'check' | 'reserve' | 'stats' | 'inspect' | 'dispose' | 'handle' | typeof Symbol.dispose>

interface Options {
  readonly capacity?: number | undefined
  readonly maxBytes?: number
}

const NAMES: readonly Kind[] = ['any', 'number', 'bigint', 'string', 'bytes']

export const ALL_KINDS: readonly Kinds[] = NAMES.flatMap((key) => NAMES.map((value): Kinds => [key, value]))

/** Makes a map of these kinds. */
export function newMap([key, value]: Kinds, options: Options = {}): TestMap {
  return new SharedMap(null, { key, value, maxBytes: 64 << 20, ...options } as never) as unknown as TestMap
}

/** Opens the map of a handle, by this copy of the library or by another. */
export function attach(handle: SharedMapHandle, library: { attach(handle: unknown): unknown } = SharedMap): TestMap {
  return library.attach(handle) as TestMap
}
