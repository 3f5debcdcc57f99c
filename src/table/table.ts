import type { Item, KeyCodec, Reader, ValueCodec } from '../codecs/codec.js'
import { MAP_VALUES, QUEUE_ITEMS, keyCodec, readerOf, valueCodec } from '../codecs/kinds.js'
import type { ObjectCodec } from '../codecs/object-codec.js'
import type { CoreExports } from '../core/exports.js'
import { KIND_CODES, RECORD, SCRATCH, STATUS } from '../core/layout.js'
import { type CollectionName, type Noun, STRUCTURES, nounOf } from '../core/structures.js'
import { TophashError } from '../core/errors.js'
import { type Outcome, failure, makeRoom } from '../core/failure.js'
import type { Heap, HeapUser, Use } from '../heap/heap.js'
import type { Kind, StoredKind } from '../core/kinds.js'
import { soon, trapped } from '../recovery/exceptions.js'

/** What a table holds: all threads that open it must agree on this. */
export interface Schema {
  readonly noun: Noun
  readonly key: Kind
  readonly value: StoredKind
  /** What turns objects into bytes, in a table with values of kind any. */
  readonly codec: ObjectCodec | undefined
  /** What a cache is made with. */
  readonly bounds?: Bounds | undefined
}

/** The bounds of a cache, and how long its entries live. 0: not bounded so; Infinity: for good. */
export interface Bounds {
  readonly max: number
  readonly maxBytes: number
  readonly ttl: number
  readonly jitter: number
  /** How long they live unused; undefined: none has such a time. */
  readonly idle: number | undefined
}

/** Where a table lies. The record at an address is used again; the generation tells which collection is meant. */
export interface Place {
  readonly address: number
  readonly generation: number
}

/** Whether the collection of a place has no name, and so ends with the last thread that has it open. */
export function isUnnamed({ generation }: Pick<Place, 'generation'>): boolean {
  return generation % 2 === 0
}

/** References of a table that one thread has open: its own, and that of whoever has made it. */
const OPEN_TO_ONE = 2

/** Why a table is not open any more. */
type Ending = 'disposed' | 'deleted'

/**
 * A table as this thread has opened it: everything that the methods of a collection need, resolved once. When it is
 * closed its codecs are replaced by such as refuse, so that no method has to ask first.
 */
export class Table<K, V> implements HeapUser, Place {
  readonly address: number
  readonly generation: number
  readonly schema: Schema
  readonly stripe: number
  /** Whether it was made when this thread opened it. */
  isNew = false
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
  constructor(heap: Heap, { address, generation }: Place, schema: Schema, stripe: number, isUse = true) {
    this.address = address
    this.generation = generation
    this.schema = schema
    this.stripe = stripe
    this.space = heap.space
    this.mend = heap.mend
    this.keys = keyCodec(schema.key, schema.value, heap, stripe) as KeyCodec<K>
    const subject = schema.noun === 'queue' ? QUEUE_ITEMS : MAP_VALUES
    this.values = valueCodec(schema.value, heap, schema.codec, () => this.ensureOpen(), subject) as ValueCodec<V>
    this.keyReader = readerOf(schema.key, heap) as Reader<Item<K>>
    this.valueReader = readerOf(schema.value, heap) as Reader<Item<V>>
    this.#heap = heap
    this.#use = isUse ? heap.retain(this, closing(stripe), { stripe, generation }) : undefined
  }

  /** The heap. @throws ERR_DISPOSED if the table is not open any more */
  get heap(): Heap {
    if (!this.#heap) throw this.#closedError()
    return this.#heap
  }

  get isOpen(): boolean {
    return this.#heap !== undefined
  }

  /** Whether this thread is, at this moment, the only one that has it open. */
  get isAlone(): boolean {
    return this.heap.wordAt(this.address + RECORD.references) === OPEN_TO_ONE
  }

  /** @throws ERR_DISPOSED if the table is not open any more */
  ensureOpen(): void {
    if (!this.#heap) throw this.#closedError()
  }

  /** The class of collections that this is a table of. */
  get className(): CollectionName {
    return STRUCTURES[this.schema.noun].className
  }

  /** The error for a negative status. A table that was deleted is closed. */
  failure(status: number, outcome?: Outcome): TophashError {
    const { heap } = this
    if (status === STATUS.overtaken) return overtaken()
    if (status === STATUS.invalid && this.#use && heap.hasEnded(this.#use))
      this.close() // an exception came out of that
    else if (status === STATUS.deleted) this.closeDeleted()
    else if (status === STATUS.tooLarge) return tooLarge()
    else return failure(heap, status, outcome)
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

  /**
   * A handle is on its way to another thread, and nobody can see when it arrives. So without a name the table stays open
   * here until it is closed, even if the program drops it.
   */
  keepOpen(): void {
    if (this.#use && isUnnamed(this)) this.#use.kept = this
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

  /** It was let go of, though the program was told of an exception. */
  forget(): void {
    this.#end('disposed')
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
    const { noun } = this.schema
    if (this.#ending === 'deleted') {
      const advice = `Call heap.${noun}(name) to make a new one`
      return new TophashError('ERR_DISPOSED', `This ${noun} was deleted from its heap, by this thread or another. ${advice}.`)
    }
    const limit = isUnnamed(this) ? ', while another thread has it open: it has no name, so the last one frees it' : ''
    const advice = `Keep the handle and call ${className}.attach(handle) to use it again${limit}`
    return new TophashError('ERR_DISPOSED', `This ${noun} was disposed of in this thread. ${advice}.`)
  }
}

/** What fetch loaded is not kept: nobody sees this error, for fetch takes it as the sign that it is. */
function overtaken(): TophashError {
  return new TophashError(
    'ERR_CONTENDED',
    'What was loaded for this key was overtaken by another write to it. This call has changed nothing.',
  )
}

function tooLarge(): TophashError {
  return new TophashError(
    'ERR_OUT_OF_MEMORY',
    'This entry alone is larger than the maxBytes of the cache. Store less under one key, or make the cache larger: cache.resize().',
  )
}

/** The end of a table's use. Made here, where no other function can draw the table into what it holds on to. */
function closing(stripe: number): (core: CoreExports) => number {
  return (core) => core.closeCollection(stripe)
}

/** A table of whatever kinds, for what does not depend on them. */
export type AnyTable = Table<any, any>

/**
 * Makes a table. If this thread dies before keepTable(), the table is deleted: nobody else knows it.
 *
 * @param unnamed whether it ends with the last thread that has it open
 * @throws ERR_OUT_OF_MEMORY, ERR_OWNER_UNRESPONSIVE
 */
export function createTable(heap: Heap, schema: Schema, capacity: number, unnamed = false): Place {
  const { noun, key, value, codec, bounds } = schema
  const { id } = STRUCTURES[noun]
  try {
    if (bounds) layOut(heap, bounds)
    const address = heap.core.createCollection(id, KIND_CODES[key], KIND_CODES[value], capacity, codecWord(codec), unnamed) >>> 0
    if (address === 0) throw failure(heap, STATUS.outOfMemory, unmade(heap, schema))
    return { address, generation: heap.wordAt(address + RECORD.generation) }
  } catch (error) {
    void soon.then(heap.mend) // which sees to the claim
    throw error
  }
}

/** As the core reads them: see make() in assembly/structures/cache/hooks.ts. */
function layOut(heap: Heap, { max, maxBytes, ttl, jitter, idle = 0 }: Bounds): void {
  heap.floats.set([max, maxBytes, ttl, jitter, idle], (heap.scratch + SCRATCH.value) >>> 3)
}

/** What a collection that finds no room leaves: nothing. */
export function unmade(heap: Heap, { noun }: Pick<Schema, 'noun'>): Outcome {
  const { sizedBy } = STRUCTURES[noun]
  const remedy = `delete what else is in the heap, or ${makeRoom(heap)}`
  return { done: `No ${noun} was made`, remedy: sizedBy ? `Ask for a smaller ${sizedBy}, ${remedy}` : remedy.replace('d', 'D') }
}

/**
 * Deletes a table that this thread has claimed, because it has made it or taken its name away; if a lock is in the way,
 * later. Whether it was there.
 */
export function deleteClaimed(heap: Heap, place: Place): boolean {
  try {
    const status = heap.core.deleteCollection(place.address, place.generation)
    if (status === STATUS.invalid) throw failure(heap, status)
    if (status >= 0) heap.core.keepCollection()
    else heap.later(() => deleteClaimed(heap, place))
    return status !== STATUS.absent
  } catch (error) {
    void soon.then(heap.mend) // which sees to the claim
    throw error
  }
}

/** What a table's record says about its schema. */
export interface Found {
  readonly noun: Noun
  readonly key: string
  readonly value: string
  readonly codec: number
}

/**
 * Opens a table; undefined if it was deleted.
 *
 * @param mismatch the error to throw if it is of another schema, which it gets; undefined: it is of this one
 */
export function openTable<K, V>(
  heap: Heap,
  place: Place,
  schema: Schema,
  mismatch: (found: Found) => Error | undefined,
  isUse = true,
): Table<K, V> | undefined {
  const stripe = heap.core.openCollection(place.address, place.generation) >>> 0
  if (stripe === 0) {
    const status = heap.wordAt(heap.scratch + SCRATCH.status) | 0
    if (status === STATUS.deleted) return undefined
    throw failure(heap, status, { done: 'It was not opened in this thread, and is as it was' })
  }
  let error: Error | undefined
  try {
    error = mismatch(foundAt(heap, place.address))
    if (!error) return new Table<K, V>(heap, place, schema, stripe, isUse)
  } catch (error) {
    void soon.then(() => closeInTime(heap, stripe)) // there may be too little of the stack left for it now
    throw error
  }
  closeStripe(heap, stripe)
  throw error
}

/** @throws ERR_OWNER_UNRESPONSIVE: then it is still open */
function closeStripe(heap: Heap, stripe: number): void {
  const status = heap.core.closeCollection(stripe)
  if (status < 0 && status !== STATUS.invalid) throw failure(heap, status)
}

/** The same for who cannot be told of a failure: what cannot be done now is done later. */
function closeInTime(heap: Heap, stripe: number): void {
  try {
    closeStripe(heap, stripe)
  } catch {
    heap.later(() => closeInTime(heap, stripe))
  }
}

export function foundAt(heap: Heap, address: number): Found {
  const value = kindName(heap.wordAt(address + RECORD.valueKind))
  return {
    noun: nounOf(heap.wordAt(address + RECORD.structure), value),
    key: kindName(heap.wordAt(address + RECORD.keyKind)),
    value,
    codec: heap.wordAt(address + RECORD.codec),
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
