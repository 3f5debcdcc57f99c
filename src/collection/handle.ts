import type { ObjectCodec } from '../codecs/object-codec.js'
import { requireSharedMemory } from '../core/platform.js'
import { PAGE_BYTES, RECORD, RECORD_MAGIC } from '../core/layout.js'
import type { WasmMemory } from '../core/wasm.js'
import { TophashError, describe, typeError } from '../core/errors.js'
import { type Noun, STRUCTURES } from '../core/structures.js'
import { Heap } from '../heap/heap.js'
import type { Kind, StoredKind } from '../core/kinds.js'
import { type ClassName, explainNoHandle, explainNoMemory } from './not-a-handle.js'
import { openTable } from '../table/opening.js'
import { type Found, type Place, type Schema, codecWord, isUnnamed } from '../table/schema.js'
import type { Table } from '../table/table.js'

/** The key of a property that no handle really has. */
export declare const holds: unique symbol

/** What travels to another thread of a heap: to be passed to `SharedHeap.attach`. */
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

/** Where the handle of a collection says that it is, and what it says of it. */
export interface Claim {
  readonly memory: WasmMemory
  readonly table: number
  readonly generation: number
  readonly key: Kind
  readonly value: StoredKind
  readonly codec: string | null | undefined
}

/** Opens the collection that a handle names, after checking all that can be checked. */
export function attachTable<K, V>(claim: Claim, noun: Noun, codecOf: (value: Kind) => ObjectCodec | undefined): Table<K, V> {
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

/** What is amiss with what the handle says of the table; undefined: nothing. */
function mismatch(claim: Claim, noun: Noun, found: Found): Error | undefined {
  const { key, value, codec } = claim
  const isCodec = codec === null || typeof codec === 'string'
  const isSame = found.noun === noun && found.key === key && found.value === value
  if (isSame && isCodec && found.codec === codecWord(codec === null ? undefined : { name: codec })) return undefined
  const said = STRUCTURES[noun].said(describe(key), describe(value))
  const there = STRUCTURES[found.noun].found(found)
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
