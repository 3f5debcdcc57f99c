import { Window } from '../codecs/any-reader.js'
import type { Item, KeyCodec, Reader, ValueCodec } from '../codecs/codec.js'
import { MAP_VALUES, QUEUE_ITEMS, keyCodec, readerOf, valueCodec } from '../codecs/kinds.js'
import type { CoreExports } from '../core/exports.js'
import { RECORD, SCRATCH, STATUS } from '../core/layout.js'
import { type CollectionName, STRUCTURES } from '../core/structures.js'
import { TophashError } from '../core/errors.js'
import { type Outcome, failure, tellingTime } from '../core/failure.js'
import type { Heap, HeapUser, Use } from '../heap/heap.js'
import { trapped } from '../recovery/exceptions.js'
import { type Written, countWrite, writtenIn } from './reentrancy.js'
import { type Place, type Schema, isUnnamed } from './schema.js'

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
  /** Shared by all objects of this table in this thread. */
  readonly written: Written
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
  /** Those who wait in the event loop for keys to change: see waiting.ts. */
  waits: { end(): void } | undefined

  /** @param isUse whether this thread stays in the heap because of it */
  constructor(heap: Heap, { address, generation }: Place, schema: Schema, stripe: number, isUse = true) {
    this.address = address
    this.generation = generation
    this.schema = schema
    this.stripe = stripe
    this.space = heap.space
    this.written = writtenIn(heap.space, address)
    this.mend = heap.mend
    this.keys = keyCodec(schema.key, schema.value, heap, stripe) as KeyCodec<K>
    const subject = schema.noun === 'queue' ? QUEUE_ITEMS : MAP_VALUES
    this.values = valueCodec(schema.value, heap, schema.codec, () => this.ensureOpen(), subject) as ValueCodec<V>
    const window = new Window(heap)
    this.keyReader = readerOf(schema.key, heap, window) as Reader<Item<K>>
    this.valueReader = readerOf(schema.value, heap, window) as Reader<Item<V>>
    this.#heap = heap
    this.#use = isUse ? heap.retain(this, closing(stripe), { stripe, generation }) : undefined
  }

  /** The heap. @throws ERR_DISPOSED if the table is not open any more; ERR_UNSUPPORTED in a clock of the program's */
  get heap(): Heap {
    const heap = this.#heap
    if (!heap || heap.isTellingTime) throw heap ? tellingTime() : this.#closedError()
    return heap
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
    countWrite(this.written) // whoever goes over its entries looks again
    this.#heap = undefined
    this.#use = undefined
    this.#ending = ending
    const fail = (): never => {
      throw this.#closedError()
    }
    const writing = { setNumber: fail, setBlock: fail, setWord: fail, delete: fail, increment: fail }
    const unpacking = { decode: fail, result: fail, unpack: fail, item: fail, open: fail, seal: fail }
    this.keys.end?.()
    this.keys = { get: fail, has: fail, pack: fail, ...writing }
    this.values = { set: fail, pack: fail, ...unpacking }
    this.keyReader = this.valueReader = { read: fail, skip: fail, end: 0 } // nothing of the memory is held any more
    this.mend = () => {}
    this.atClose?.()
    this.waits?.end()
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

/** @throws ERR_OWNER_UNRESPONSIVE: then it is still open */
export function closeStripe(heap: Heap, stripe: number): void {
  const status = heap.core.closeCollection(stripe)
  if (status < 0 && status !== STATUS.invalid) throw failure(heap, status)
}
