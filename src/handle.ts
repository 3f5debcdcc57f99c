import type { ObjectCodec } from './codecs/object-codec.js'
import { PAGE_BYTES, TABLE, TABLE_MAGIC } from './core/exports.js'
import { TophashError, describe, typeError } from './errors.js'
import { Heap } from './heap.js'
import type { Kind, StoredKind } from './kinds.js'
import { type Found, type Shape, type Table, codecWord, openTable } from './table.js'

/**
 * What travels to another thread, by workerData or postMessage: the memory and where in it the map lies. Plain data,
 * structured-cloneable, no copy of any entry. To be passed to `SharedMap.attach`.
 */
export interface SharedMapHandle<K extends Kind = Kind, V extends Kind = Kind> {
  readonly tophash: 'SharedMap'
  readonly memory: WebAssembly.Memory
  readonly table: number
  readonly generation: number
  readonly key: K
  readonly value: V
  /** Name of what turns objects into bytes; null where there is none. */
  readonly codec: string | null
}

/** The same for a set: to be passed to `SharedSet.attach`. */
export interface SharedSetHandle<V extends Kind = Kind> {
  readonly tophash: 'SharedSet'
  readonly memory: WebAssembly.Memory
  readonly table: number
  readonly generation: number
  readonly value: V
}

/** The same for a heap: to be passed to `SharedHeap.attach`. */
export interface SharedHeapHandle {
  readonly tophash: 'SharedHeap'
  readonly memory: WebAssembly.Memory
}

type ClassName = 'SharedMap' | 'SharedSet' | 'SharedHeap'
const NOUNS = { SharedMap: 'map', SharedSet: 'set', SharedHeap: 'heap' } as const

/** Everything that handles say, read once: a handle may be a proxy, or its properties getters. */
type Read = { readonly [name in (typeof NAMES)[number]]?: unknown } & { readonly memory: WebAssembly.Memory }

const NAMES = ['tophash', 'memory', 'table', 'generation', 'key', 'value', 'codec'] as const

/** What a handle of the class says. What is in the memory is checked later. @throws ERR_BAD_HANDLE */
export function readHandle(className: ClassName, handle: unknown): Read {
  const given = read(handle)
  if (given?.tophash !== className) {
    throw typeError(
      'ERR_BAD_HANDLE',
      `${className}.attach takes what ${NOUNS[className]}.handle returned in another thread; got ${describe(handle)}.`,
    )
  }
  const { memory } = given
  if (!isSharedMemory(memory)) {
    throw typeError(
      'ERR_BAD_HANDLE',
      'The handle has no shared memory in it. It must reach the thread by workerData or postMessage, not as JSON.',
    )
  }
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

/** The getter of what a memory itself has: nothing else passes for one. */
const bufferOf = Object.getOwnPropertyDescriptor(WebAssembly.Memory.prototype, 'buffer')!.get!

function isSharedMemory(memory: unknown): memory is WebAssembly.Memory {
  try {
    const isMemory = memory instanceof WebAssembly.Memory && !Object.hasOwn(memory, 'buffer')
    return isMemory && typeof SharedArrayBuffer === 'function' && bufferOf.call(memory) instanceof SharedArrayBuffer
  } catch {
    return false
  }
}

/** Where the handle of a map or set says that its table is, and what it says of it. */
interface Claim {
  readonly memory: WebAssembly.Memory
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

function attach<K, V>(
  claim: Claim, noun: 'map' | 'set', codecOf: (value: Kind) => ObjectCodec | undefined,
): Table<K, V> {
  const heap = Heap.join(claim.memory)
  try {
    checkPlace(heap, claim, noun)
    const shape: Shape = { key: claim.key, value: claim.value, codec: codecOf(claim.value as Kind) }
    const place = { address: claim.table, generation: claim.generation }
    const check = (found: Found): Error | undefined => mismatch(claim, noun, found) ?? codecMismatch(claim, shape)
    const table = openTable<K, V>(heap, place, shape, check)
    if (table) return table
    throw new TophashError(
      'ERR_DISPOSED',
      `The ${noun} of this handle was deleted from its heap. Call heap.${noun}(name) to make a new one.`,
    )
  } catch (error) {
    heap.leaveIfUnused()
    throw error
  }
}

function checkPlace(heap: Heap, { table, generation }: Claim, noun: string): void {
  const isTable = isWord(table) && table > 0 && heap.core.isTable(table)
  if (!isTable || heap.wordAt(table + TABLE.magic) !== TABLE_MAGIC) {
    throw typeError(
      'ERR_BAD_HANDLE',
      `There is no ${noun} at ${describe(table)} in this heap. Pass ${noun}.handle unchanged.`,
    )
  }
  if (!isWord(generation) || generation > heap.wordAt(table + TABLE.generation)) {
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

/** What is amiss with what the handle says of the table; undefined: nothing. */
function mismatch(claim: Claim, noun: string, found: Found): Error | undefined {
  const { key, value, codec } = claim
  const isCodec = codec === null || typeof codec === 'string'
  const isSame = found.key === key && found.value === value && (value === 'none') === (noun === 'set')
  if (isSame && isCodec && found.codec === codecWord(codec === null ? undefined : { name: codec })) return undefined
  const said = noun === 'set' ? `value: ${describe(key)}` : `key: ${describe(key)}, value: ${describe(value)}`
  const there =
    found.value === 'none'
      ? `the set there has ${found.key} values`
      : `the map there has ${found.key} keys and ${found.value} values`
  return typeError(
    'ERR_BAD_HANDLE',
    isSame
      ? `The handle says codec: ${describe(codec)}, but the map there has another one. Pass map.handle unchanged.`
      : `The handle says ${said}, but ${there}. Pass ${noun}.handle unchanged.`,
  )
}

/** Whether this thread has another codec than the map was made with; undefined: it has the same. */
function codecMismatch({ codec: name }: Claim, { codec }: Shape): Error | undefined {
  if ((codec?.name ?? null) === name) return undefined
  return typeError(
    'ERR_OPTIONS',
    `This map was made with ${name === null ? 'no codec' : `the codec ${JSON.stringify(name)}`}, but this thread has ` +
      `${codec ? JSON.stringify(codec.name) : 'none'}. Give attach(handle, { codec }) the same one, or import the ` +
      'same entry of tophash in all threads.',
  )
}
