import type { Item, KeyCodec, Reader, ValueCodec } from './codecs/codec.js'
import { keyCodec, readerOf, valueCodec } from './codecs/kinds.js'
import type { ObjectCodec } from './codecs/object-codec.js'
import { type CoreExports, KIND_CODES, SCRATCH, STATUS, TABLE } from './core/exports.js'
import { TophashError } from './errors.js'
import { failure } from './failure.js'
import type { Heap, HeapUser, Use } from './heap.js'
import type { Kind, StoredKind } from './kinds.js'
import { trapped } from './recovery/exceptions.js'

/** What a table holds: all threads that open it must agree on this. */
export interface Shape {
  readonly key: Kind
  readonly value: StoredKind
  /** What turns objects into bytes, in a table with values of kind any. */
  readonly codec: ObjectCodec | undefined
}

/** Where a table lies. The record at an address is used again; the generation tells which collection is meant. */
export interface Place {
  readonly address: number
  readonly generation: number
}

/** Why a table is not open any more. */
type Ending = 'disposed' | 'deleted'

/**
 * A table as this thread has opened it: everything that the methods of a collection need, resolved once. When it is
 * closed its codecs are replaced by such as refuse, so that no method has to ask first.
 */
export class Table<K, V> implements HeapUser, Place {
  readonly address: number
  readonly generation: number
  readonly shape: Shape
  readonly stripe: number
  /** Stands for the heap, also when this table is closed. */
  readonly space: object
  keys: KeyCodec<K>
  values: ValueCodec<V>
  keyReader: Reader<Item<K>>
  valueReader: Reader<Item<V>>
  #heap: Heap | undefined
  #use: Use | undefined
  #ending: Ending = 'disposed'
  /** The heap's: see exceptions.ts. */
  mend: () => void
  /** Called when the codecs have been replaced, for who has kept them. */
  atClose: (() => void) | undefined

  /** @param isUse whether this thread stays in the heap because of it */
  constructor(heap: Heap, { address, generation }: Place, shape: Shape, stripe: number, isUse = true) {
    this.address = address
    this.generation = generation
    this.shape = shape
    this.stripe = stripe
    this.space = heap.space
    this.mend = heap.mend
    this.keys = keyCodec(shape.key, shape.value, heap, stripe) as KeyCodec<K>
    this.values = valueCodec(shape.value, heap, shape.codec, () => this.ensureOpen()) as ValueCodec<V>
    this.keyReader = readerOf(shape.key, heap) as Reader<Item<K>>
    this.valueReader = readerOf(shape.value, heap) as Reader<Item<V>>
    this.#heap = heap
    this.#use = isUse ? heap.retain(this, closing(stripe)) : undefined
  }

  /** The heap. @throws ERR_DISPOSED if the table is not open any more */
  get heap(): Heap {
    if (!this.#heap) throw this.#closedError()
    return this.#heap
  }

  get isOpen(): boolean {
    return this.#heap !== undefined
  }

  /** @throws ERR_DISPOSED if the table is not open any more */
  ensureOpen(): void {
    if (!this.#heap) throw this.#closedError()
  }

  /** The class of collections that this is a table of. */
  get className(): 'SharedMap' | 'SharedSet' {
    return this.shape.value === 'none' ? 'SharedSet' : 'SharedMap'
  }

  /** The error for a negative status. A table that was deleted is closed. */
  failure(status: number): TophashError {
    if (status !== STATUS.deleted) return failure(this.heap, status)
    this.closeDeleted()
    return this.#closedError()
  }

  /**
   * What an exception is thrown on as, that came out of a fast export or of what leads there. If it is none of ours, it
   * may have left an operation half done: a stack overflow can come up anywhere.
   */
  interrupted(error: unknown): unknown {
    if (error instanceof TophashError) return error
    this.mend()
    return trapped(error)
  }

  /** The error for the status that the last operation has left in its results. */
  lastFailure(): TophashError {
    return this.failure(this.heap.wordAt(this.heap.scratch + SCRATCH.status) | 0)
  }

  /** Lets go of it in this thread. @throws ERR_OWNER_UNRESPONSIVE: then it is still open */
  close(): void {
    const heap = this.#heap
    if (!heap) return
    const use = this.#use
    if (use) heap.release(use)
    else closeStripe(heap, this.stripe)
    this.#end('disposed')
  }

  /** Lets go of it because it was deleted: at once, as far as the program can see. */
  closeDeleted(): void {
    const heap = this.#heap
    const use = this.#use
    this.#end('deleted')
    if (use) heap?.releaseInTime(use)
  }

  /** From here on every use of it throws. */
  #end(ending: Ending): void {
    if (!this.#heap) return
    this.#heap = undefined
    this.#use = undefined
    this.#ending = ending
    const fail = (): never => {
      throw this.#closedError()
    }
    const writing = { setNumber: fail, setBlock: fail, setWord: fail, delete: fail, increment: fail }
    const unpacking = { decode: fail, result: fail, unpack: fail, item: fail, open: fail, seal: fail }
    this.keys = { get: fail, has: fail, pack: fail, ...writing }
    this.values = { set: fail, pack: fail, ...unpacking }
    this.keyReader = this.valueReader = { read: fail, end: 0 } // nothing of the memory is held any more
    this.mend = () => {}
    this.atClose?.()
  }

  #closedError(): TophashError {
    const { className } = this
    const noun = className === 'SharedSet' ? 'set' : 'map'
    const [end, advice] =
      this.#ending === 'disposed'
        ? ['disposed of in this thread', `Keep the handle and call ${className}.attach(handle) to use it again`]
        : ['deleted from its heap, by this thread or another', `Call heap.${noun}(name) to make a new one`]
    return new TophashError('ERR_DISPOSED', `This ${noun} was ${end}. ${advice}.`)
  }
}

/** The end of a table's use. Made here, where no other function can draw the table into what it holds on to. */
function closing(stripe: number): (core: CoreExports) => number {
  return (core) => core.closeTable(stripe)
}

/** A table of whatever kinds, for what does not depend on them. */
export type AnyTable = Table<any, any>

/**
 * Makes a table. If this thread dies before keepTable(), the table is deleted: nobody else knows it.
 *
 * @throws ERR_OUT_OF_MEMORY, ERR_OWNER_UNRESPONSIVE
 */
export function createTable(heap: Heap, shape: Shape, capacity: number): Place {
  const { key, value, codec } = shape
  const address = heap.core.createTable(KIND_CODES[key], KIND_CODES[value], capacity, codecWord(codec)) >>> 0
  if (address === 0) throw failure(heap, STATUS.outOfMemory)
  return { address, generation: heap.wordAt(address + TABLE.generation) }
}

/**
 * Deletes a table that this thread has claimed, because it has made it or taken its name away; if a lock is in the way,
 * later. Whether it was there.
 */
export function deleteClaimed(heap: Heap, place: Place): boolean {
  const status = heap.core.deleteTable(place.address, place.generation)
  if (status === STATUS.invalid) throw failure(heap, status)
  if (status >= 0) heap.core.keepTable()
  else heap.later(() => deleteClaimed(heap, place))
  return status !== STATUS.absent
}

/** What a table's record says about its shape. */
export interface Found {
  readonly key: string
  readonly value: string
  readonly codec: number
}

/**
 * Opens a table; undefined if it was deleted.
 *
 * @param mismatch the error to throw if it is of another shape, which it gets; undefined: it is of this one
 */
export function openTable<K, V>(
  heap: Heap, place: Place, shape: Shape, mismatch: (found: Found) => Error | undefined, isUse = true,
): Table<K, V> | undefined {
  const stripe = heap.core.openTable(place.address, place.generation) >>> 0
  if (stripe === 0) {
    const status = heap.wordAt(heap.scratch + SCRATCH.status) | 0
    if (status === STATUS.deleted) return undefined
    throw failure(heap, status)
  }
  try {
    const error = mismatch(foundAt(heap, place.address))
    if (error) throw error
    return new Table<K, V>(heap, place, shape, stripe, isUse)
  } catch (error) {
    closeStripe(heap, stripe)
    throw error
  }
}

/** @throws ERR_OWNER_UNRESPONSIVE: then it is still open */
function closeStripe(heap: Heap, stripe: number): void {
  const status = heap.core.closeTable(stripe)
  if (status < 0 && status !== STATUS.invalid) throw failure(heap, status)
}

function foundAt(heap: Heap, address: number): Found {
  return {
    key: kindName(heap.wordAt(address + TABLE.keyKind)),
    value: kindName(heap.wordAt(address + TABLE.valueKind)),
    codec: heap.wordAt(address + TABLE.codec),
  }
}

function kindName(code: number): string {
  return Object.entries(KIND_CODES).find(([, known]) => known === code)?.[0] ?? 'unknown'
}

/** How a table's record names a codec: a hash of its name (FNV-1a), 0 for none. */
export function codecWord(codec: { readonly name: string } | undefined): number {
  if (!codec) return 0
  let hash = 0x811c9dc5
  for (let i = 0; i < codec.name.length; i++) hash = Math.imul(hash ^ codec.name.charCodeAt(i), 0x01000193)
  return hash >>> 0 || 1
}
