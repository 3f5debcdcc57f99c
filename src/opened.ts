import { keyCodec, readerOf, scanOf, valueCodec } from './codecs/kinds.js'
import type { KeyCodec, Reader, ValueCodec } from './codecs/codec.js'
import { KIND_CODES, STATUS } from './core/exports.js'
import { TophashError } from './errors.js'
import { type SharedMapHandle, checkHandle, checkTable } from './handle.js'
import { Heap } from './heap.js'
import type { Scan } from './iterate.js'
import type { Kind, SharedMapOptions } from './options.js'

/** A table as this thread has opened it: everything that a map's methods need, resolved once. */
export class Opened<K, V> {
  readonly heap: Heap
  readonly table: number
  readonly stripe: number
  readonly keyKind: Kind
  readonly valueKind: Kind
  readonly keys: KeyCodec<K>
  readonly values: ValueCodec<V>
  readonly keyReader: Reader<K>
  readonly valueReader: Reader<V>
  readonly scan: Scan

  private constructor(heap: Heap, table: number, keyKind: Kind, valueKind: Kind) {
    const stripe = heap.core.openTable(table) >>> 0
    if (stripe === 0) throw heap.failure(STATUS.outOfMemory)
    this.heap = heap
    this.table = table
    this.stripe = stripe
    this.keyKind = keyKind
    this.valueKind = valueKind
    this.keys = keyCodec(keyKind, heap, stripe, valueKind) as KeyCodec<K>
    this.values = valueCodec(valueKind, heap) as ValueCodec<V>
    this.keyReader = readerOf(keyKind, heap) as Reader<K>
    this.valueReader = readerOf(valueKind, heap) as Reader<V>
    this.scan = scanOf(heap.core, keyKind, valueKind)
  }

  /** Makes a table in a heap of its own. */
  static create<K, V>({ key, value, capacity, maxBytes }: SharedMapOptions): Opened<K, V> {
    const heap = Heap.create(maxBytes)
    try {
      const table = heap.core.createTable(KIND_CODES[key], KIND_CODES[value], capacity ?? 0) >>> 0
      if (table === 0) throw heap.failure(STATUS.outOfMemory)
      return new Opened<K, V>(heap, table, key, value)
    } catch (error) {
      heap.leaveIfUnused()
      throw error
    }
  }

  /** Opens the table that another thread's handle names, after checking all that can be checked. */
  static attach<K, V>(handle: unknown): Opened<K, V> {
    checkHandle(handle)
    const heap = Heap.join(handle.memory)
    try {
      checkTable(heap, handle)
      return new Opened<K, V>(heap, handle.table, handle.key, handle.value)
    } catch (error) {
      heap.leaveIfUnused()
      throw error
    }
  }

  get handle(): SharedMapHandle {
    const { table, keyKind: key, valueKind: value } = this
    return { tophash: 'SharedMap', memory: this.heap.memory, table, key, value }
  }
}

/** The error for any use of a map after dispose(). */
export function disposedError(): TophashError {
  return new TophashError(
    'ERR_DISPOSED',
    'This map was disposed of in this thread. Keep the handle and call SharedMap.attach(handle) to use it again.',
  )
}

// These take the place of a disposed map's codecs, so that no method has to ask first.

export const DISPOSED_VALUES: ValueCodec<never> = { nan: undefined, set: fail, decode: fail }

export const DISPOSED_KEYS: KeyCodec<never> = {
  get: fail,
  has: fail,
  setNumber: fail,
  setBlock: fail,
  delete: fail,
  increment: fail,
}

function fail(): never {
  throw disposedError()
}
