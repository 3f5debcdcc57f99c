import type { ObjectCodec } from '../codecs/object-codec.js'
import { requireSharedMemory } from '../core/platform.js'
import { PAGE_BYTES, RECORD, RECORD_MAGIC } from '../core/layout.js'
import type { WasmMemory } from '../core/wasm.js'
import { TophashError, describe, typeError } from '../core/errors.js'
import type { Noun } from '../core/structures.js'
import { Heap } from '../heap/heap.js'
import type { Kind, StoredKind } from '../core/kinds.js'
import { type ClassName, explainNoHandle, explainNoMemory } from './not-a-handle.js'
import { type Found, type Place, type Schema, type Table, codecWord, isUnnamed, openTable } from '../table/table.js'

/** The key of a property that no handle really has. */
declare const holds: unique symbol

/**
 * What travels to another thread, by workerData or postMessage: the memory and where in it the map lies. Plain data,
 * structured-cloneable, no copy of any entry. To be passed to `SharedMap.attach`.
 */
export interface SharedMapHandle<K = any, V = any> {
  readonly tophash: 'SharedMap'
  readonly memory: WasmMemory
  readonly table: number
  readonly generation: number
  readonly key: Kind
  readonly value: Kind
  /** Name of what turns objects into bytes; null where there is none. */
  readonly codec: string | null
  /** For TypeScript only: what the map has, which `attach` takes from here. */
  readonly [holds]?: readonly [K, V]
}

/** The same for a set: to be passed to `SharedSet.attach`. */
export interface SharedSetHandle<T = any> {
  readonly tophash: 'SharedSet'
  readonly memory: WasmMemory
  readonly table: number
  readonly generation: number
  readonly value: Kind
  /** For TypeScript only: what the set has. */
  readonly [holds]?: T
}

/** The same for a bitset: to be passed to `SharedBitset.attach`. */
export interface SharedBitsetHandle {
  readonly tophash: 'SharedBitset'
  readonly memory: WasmMemory
  readonly table: number
  readonly generation: number
}

/** The same for a queue: to be passed to `SharedQueue.attach`. */
export interface SharedQueueHandle<T = any> {
  readonly tophash: 'SharedQueue'
  readonly memory: WasmMemory
  readonly table: number
  readonly generation: number
  readonly value: Kind
  readonly codec: string | null
  /** For TypeScript only: what the queue has. */
  readonly [holds]?: T
}

/** The same for a cache: to be passed to `SharedCache.attach`. */
export interface SharedCacheHandle<K = any, V = any> {
  readonly tophash: 'SharedCache'
  readonly memory: WasmMemory
  readonly table: number
  readonly generation: number
  readonly key: Kind
  readonly value: Kind
  /** Name of what turns objects into bytes; null where there is none. */
  readonly codec: string | null
  /** For TypeScript only: what the cache has. */
  readonly [holds]?: readonly [K, V]
}

/** The same for a heap: to be passed to `SharedHeap.attach`. */
export interface SharedHeapHandle {
  readonly tophash: 'SharedHeap'
  readonly memory: WasmMemory
}

/** Everything that handles say, read once: a handle may be a proxy, or its properties getters. */
type Read = { readonly [name in (typeof NAMES)[number]]?: unknown } & { readonly memory: WasmMemory }

const NAMES = ['tophash', 'memory', 'table', 'generation', 'key', 'value', 'codec'] as const

/** What a handle of the class says. What is in the memory is checked later. @throws ERR_BAD_HANDLE */
export function readHandle(className: ClassName, handle: unknown): Read {
  requireSharedMemory()
  const given = read(handle)
  if (given?.tophash !== className) throw typeError('ERR_BAD_HANDLE', explainNoHandle(className, handle))
  const { memory } = given
  if (!isSharedMemory(memory)) throw typeError('ERR_BAD_HANDLE', explainNoMemory(memory))
  if (memory.buffer.byteLength < PAGE_BYTES) {
    throw typeError('ERR_BAD_HANDLE', 'The memory of this handle is too small to be a tophash heap.')
  }
  return { ...given, memory }
}

/** The properties of what may be a handle; undefined if it is no object, or does not let them be read. */
function read(handle: unknown): Record<string, unknown> | undefined {
  if (typeof handle !== 'object' || handle === null) return undefined
  try {
    return Object.fromEntries(NAMES.map((name) => [name, (handle as Record<string, unknown>)[name]]))
  } catch {
    return undefined
  }
}

/**
 * Whether this is a memory that threads share, of whatever realm: by the getters of what it itself has, so nothing else
 * passes for one. They are looked up here because there may be none, and the import has to succeed all the same.
 */
function isSharedMemory(memory: unknown): memory is WasmMemory {
  try {
    const bufferOf = getterOf(WebAssembly.Memory.prototype, 'buffer')
    const lengthOf = getterOf(SharedArrayBuffer.prototype, 'byteLength')
    lengthOf.call(bufferOf.call(memory)) // throws if it is no memory, or none that threads share
    return !Object.hasOwn(memory as object, 'buffer') && !Object.hasOwn(memory as object, 'grow')
  } catch {
    return false
  }
}

function getterOf(prototype: object, name: string): (this: unknown) => unknown {
  return Object.getOwnPropertyDescriptor(prototype, name)!.get!
}

/** Where the handle of a map or set says that its table is, and what it says of it. */
interface Claim {
  readonly memory: WasmMemory
  readonly table: number
  readonly generation: number
  readonly key: Kind
  readonly value: StoredKind
  readonly codec: string | null | undefined
}

/** Opens the table that another thread's `map.handle` names, after checking all that can be checked. */
export function attachMap<K, V>(handle: unknown, codecOf: (value: Kind) => ObjectCodec | undefined): Table<K, V> {
  return attach(readHandle('SharedMap', handle) as SharedMapHandle, 'map', codecOf)
}

/** The same for a set. */
export function attachSet<T>(handle: unknown): Table<T, undefined> {
  const { memory, table, generation, value } = readHandle('SharedSet', handle) as SharedSetHandle
  return attach({ memory, table, generation, key: value, value: 'none', codec: null }, 'set', () => undefined)
}

/** The same for a cache. */
export function attachCache<K, V>(handle: unknown, codecOf: (value: Kind) => ObjectCodec | undefined): Table<K, V> {
  return attach(readHandle('SharedCache', handle) as SharedCacheHandle, 'cache', codecOf)
}

/** The same for a bitset. */
export function attachBitset(handle: unknown): Table<number, undefined> {
  const { memory, table, generation } = readHandle('SharedBitset', handle) as SharedBitsetHandle
  return attach({ memory, table, generation, key: 'number', value: 'none', codec: null }, 'bitset', () => undefined)
}

/** The same for a queue. */
export function attachQueue<T>(handle: unknown, codecOf: (value: Kind) => ObjectCodec | undefined): Table<undefined, T> {
  const { memory, table, generation, value, codec } = readHandle('SharedQueue', handle) as SharedQueueHandle
  return attach({ memory, table, generation, key: 'number', value, codec }, 'queue', codecOf)
}

function attach<K, V>(claim: Claim, noun: Noun, codecOf: (value: Kind) => ObjectCodec | undefined): Table<K, V> {
  const heap = Heap.join(claim.memory)
  try {
    checkPlace(heap, claim, noun)
    const schema: Schema = { noun, key: claim.key, value: claim.value, codec: codecOf(claim.value as Kind) }
    const place = { address: claim.table, generation: claim.generation }
    const check = (found: Found): Error | undefined => mismatch(claim, noun, found) ?? codecMismatch(claim, schema)
    const table = openTable<K, V>(heap, place, schema, check)
    if (table) return table
    throw gone(place, noun)
  } catch (error) {
    heap.leaveIfUnused()
    throw error
  }
}

/** The error for a handle of what was there once. */
function gone(place: Place, noun: string): TophashError {
  if (!isUnnamed(place)) {
    return new TophashError(
      'ERR_DISPOSED',
      `The ${noun} of this handle was deleted from its heap. Call heap.${noun}(name) to make a new one.`,
    )
  }
  return typeError(
    'ERR_BAD_HANDLE',
    `The ${noun} of this handle is gone: it has no name, and all threads that had it open had let go of it, by dispose() ` +
      `or by ending, before this one attached. Keep it open in one thread until the others have attached, or give it a ` +
      `name: heap.${noun}(name).`,
  )
}

function checkPlace(heap: Heap, { table, generation }: Claim, noun: string): void {
  const isTable = isWord(table) && table > 0 && heap.core.isListed(table)
  if (!isTable || heap.wordAt(table + RECORD.magic) !== RECORD_MAGIC) {
    throw typeError('ERR_BAD_HANDLE', `There is no ${noun} at ${describe(table)} in this heap. Pass ${noun}.handle unchanged.`)
  }
  if (!isWord(generation) || generation > heap.wordAt(table + RECORD.generation)) {
    throw typeError(
      'ERR_BAD_HANDLE',
      `The generation of a handle cannot be ${describe(generation)} in this heap. Pass ${noun}.handle unchanged.`,
    )
  }
}

/** Whether this is a whole number of 32 bits. */
function isWord(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32
}

/** What a handle says of a collection, and what the collection is. */
const SAID: Readonly<Record<Noun, (key: string, value: string) => string>> = {
  map: (key, value) => `key: ${key}, value: ${value}`,
  set: (key) => `value: ${key}`,
  bitset: () => "tophash: 'SharedBitset'",
  queue: (_, value) => `value: ${value}`,
  cache: (key, value) => `tophash: 'SharedCache', key: ${key}, value: ${value}`,
}
const THERE: Readonly<Record<Noun, (found: Found) => string>> = {
  map: ({ key, value }) => `the map there has ${key} keys and ${value} values`,
  set: ({ key }) => `the set there has ${key} values`,
  bitset: () => 'what is there is a bitset',
  queue: ({ value }) => `what is there is a queue with ${value} items`,
  cache: ({ key, value }) => `what is there is a cache with ${key} keys and ${value} values`,
}

/** What is amiss with what the handle says of the table; undefined: nothing. */
function mismatch(claim: Claim, noun: Noun, found: Found): Error | undefined {
  const { key, value, codec } = claim
  const isCodec = codec === null || typeof codec === 'string'
  const isSame = found.noun === noun && found.key === key && found.value === value
  if (isSame && isCodec && found.codec === codecWord(codec === null ? undefined : { name: codec })) return undefined
  const said = SAID[noun](describe(key), describe(value))
  const there = THERE[found.noun](found)
  return typeError(
    'ERR_BAD_HANDLE',
    isSame
      ? `The handle says codec: ${describe(codec)}, but the ${noun} there has another one. Pass ${noun}.handle unchanged.`
      : `The handle says ${said}, but ${there}. Pass ${noun}.handle unchanged.`,
  )
}

/** Whether this thread has another codec than the map was made with; undefined: it has the same. */
function codecMismatch({ codec: name }: Claim, { noun, codec }: Schema): Error | undefined {
  if ((codec?.name ?? null) === name) return undefined
  return typeError(
    'ERR_OPTIONS',
    `This ${noun} was made with ${name === null ? 'no codec' : `the codec ${JSON.stringify(name)}`}, but this thread has ` +
      `${codec ? JSON.stringify(codec.name) : 'none'}. Give attach(handle, { codec }) the same one, or import the ` +
      'same entry of tophash in all threads.',
  )
}
