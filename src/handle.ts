import { KIND_CODES, PAGE_BYTES, TABLE, TABLE_MAGIC } from './core/exports.js'
import { describe, typeError } from './errors.js'
import type { Heap } from './heap.js'
import type { Kind } from './options.js'

/**
 * What travels to another thread, by workerData or postMessage: the memory and where in it the map lies. Plain data,
 * structured-cloneable, no copy of any entry. To be passed to `SharedMap.attach`.
 */
export interface SharedMapHandle<K extends Kind = Kind, V extends Kind = Kind> {
  readonly tophash: 'SharedMap'
  readonly memory: WebAssembly.Memory
  readonly table: number
  readonly key: K
  readonly value: V
}

/** Throws ERR_BAD_HANDLE unless this looks like a handle. What is in the memory is checked later. */
export function checkHandle(handle: unknown): asserts handle is SharedMapHandle {
  const given = handle as Partial<SharedMapHandle> | null | undefined
  if (typeof given !== 'object' || given === null || given.tophash !== 'SharedMap') {
    throw typeError('ERR_BAD_HANDLE', `attach takes what map.handle returned in another thread; got ${describe(handle)}.`)
  }
  if (!(given.memory instanceof WebAssembly.Memory) || isNotShared(given.memory)) {
    throw typeError(
      'ERR_BAD_HANDLE',
      'The handle has no shared memory in it. It must reach the thread by workerData or postMessage, not as JSON.',
    )
  }
  if (given.memory.buffer.byteLength < PAGE_BYTES) {
    throw typeError('ERR_BAD_HANDLE', 'The memory of this handle is too small to be a tophash heap.')
  }
}

function isNotShared(memory: WebAssembly.Memory): boolean {
  return typeof SharedArrayBuffer !== 'function' || !((memory.buffer as unknown) instanceof SharedArrayBuffer)
}

/** Throws ERR_BAD_HANDLE unless the heap holds a table of these kinds where the handle says. */
export function checkTable(heap: Heap, handle: SharedMapHandle): void {
  const { table, key, value } = handle
  if (!Number.isInteger(table) || table <= 0 || table >= 2 ** 32 || !heap.core.isTable(table)) {
    throw typeError('ERR_BAD_HANDLE', `There is no map at ${describe(table)} in this heap. Pass map.handle unchanged.`)
  }
  heap.wordAt(table)
  const found = [heap.wordAt(table + TABLE.keyKind), heap.wordAt(table + TABLE.valueKind)]
  if (heap.wordAt(table + TABLE.magic) !== TABLE_MAGIC || found[0] !== KIND_CODES[key] || found[1] !== KIND_CODES[value]) {
    throw typeError(
      'ERR_BAD_HANDLE',
      `The handle says key: ${describe(key)}, value: ${describe(value)}, but the map there has ${name(found[0])} keys ` +
        `and ${name(found[1])} values. Pass map.handle unchanged.`,
    )
  }
}

function name(code: number | undefined): string {
  return Object.entries(KIND_CODES).find(([, known]) => known === code)?.[0] ?? 'unknown'
}
