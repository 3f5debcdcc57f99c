import { BLOCK_HEADER_BYTES, LENGTH_SHIFT, SCRATCH, STATUS, TYPE } from '../core/layout.js'
import { MANY_BYTES, type CoreExports } from '../core/exports.js'
import { TophashError, describe, typeError } from '../core/errors.js'
import type { Outcome } from '../core/failure.js'
import { setPacked } from '../codecs/bytes.js'
import type { Item, KeyCodec } from '../codecs/codec.js'
import { type Encoded, isBlock, ownEncoded } from '../codecs/encoded.js'
import { stageValue } from '../codecs/operands.js'
import { writePayload } from '../codecs/payload.js'
import { soon } from '../recovery/exceptions.js'
import type { Table } from '../table/table.js'
import { type Received, receive } from './received.js'

// The two ends of a queue as they are without waiting. An item crosses the boundary as a value of a map does, so the codecs of
// values serve here too; what they take for the operations on a key is the end that is pushed to.

export type Items<T> = Table<undefined, T>

/** What stands for no item, or no room. */
export const NOTHING: unique symbol = Symbol('nothing')

/** Where values are set to: the tail. */
class Tail implements Pick<KeyCodec<undefined>, 'setNumber' | 'setBlock' | 'setWord'> {
  readonly #table: Items<any>
  readonly #core: Pick<CoreExports, 'pushNumber' | 'pushBlock'>
  readonly #stripe: number

  constructor(table: Items<any>) {
    this.#table = table
    const { pushNumber, pushBlock } = table.heap.core
    this.#core = { pushNumber, pushBlock }
    this.#stripe = table.stripe
  }

  setNumber(_: undefined, item: number): number {
    return this.#core.pushNumber(this.#stripe, item)
  }

  /** Full or closed is no success, so whoever has a block in the heap takes it back. */
  setBlock(_: undefined, source: number, meta: number): number {
    const status = this.#core.pushBlock(this.#stripe, source, meta)
    return status === STATUS.full ? NO_ROOM : status
  }

  setWord(_: undefined, content: bigint): number {
    const { heap } = this.#table
    stageValue(heap, { meta: TYPE.word, content })
    return heap.core.pushOperand(this.#stripe)
  }
}

/** Full, as a failure. */
const NO_ROOM = -100

/** Both ends of a queue, for one thread. */
export class Ends<T> {
  readonly table: Items<T>
  readonly #tail: KeyCodec<undefined>
  readonly #pop: CoreExports['pop']
  readonly #stripe: number

  constructor(table: Items<T>) {
    this.table = table
    this.#tail = new Tail(table) as Partial<KeyCodec<undefined>> as KeyCodec<undefined>
    this.#pop = table.heap.core.pop
    this.#stripe = table.stripe
  }

  // ---- Pushing ----

  /** Whether there was room. @throws ERR_VALUE_TYPE, ERR_CLOSED */
  push(item: T): boolean {
    const { table } = this
    if (item === undefined) throw noItem()
    try {
      return this.#pushed(table.values.set(this.#tail, undefined, item))
    } catch (error) {
      void soon.then(table.mend) // takes no stack, unlike a call
      throw table.interrupted(error)
    }
  }

  /** An item as it is stored, for who may have to push it more than once. */
  pack(item: T): Encoded {
    if (item === undefined) throw noItem()
    return ownEncoded(this.table.values.pack(item))
  }

  pushEncoded(encoded: Encoded): boolean {
    const { heap } = this.table
    if (encoded.meta === TYPE.number) return this.#pushed(heap.core.pushNumber(this.#stripe, encoded.content as number))
    if (!isBlock(encoded.meta)) return this.#pushed(this.#tail.setWord(undefined, encoded.content as bigint))
    return this.#pushed(setPacked(heap, this.#tail, undefined, encoded))
  }

  #pushed(status: number): boolean {
    if (status === STATUS.pushed) return true
    if (status === STATUS.full || status === NO_ROOM) return false
    if (status === STATUS.closed) throw closedError()
    throw this.table.failure(status, NOT_PUSHED)
  }

  /** Pushes what is encoded, from `from` on, as far as there is room. Returns how many. */
  pushManyEncoded(encoded: readonly Encoded[], from: number): number {
    const { heap, stripe } = this.table
    const count = this.#layOut(encoded, from)
    if (count === 0) return this.pushEncoded(encoded[from]!) ? 1 : 0 // too long for the scratch page
    const pushed = heap.core.pushMany(stripe, count)
    if (pushed > 0) return pushed
    const status = pushed < 0 ? pushed : heap.wordAt(heap.scratch + SCRATCH.status) | 0
    this.#pushed(status)
    return 0
  }

  #layOut(items: readonly Encoded[], from: number): number {
    const { heap, schema } = this.table
    const isBoxed = schema.value !== 'number' && schema.value !== 'bigint'
    let at = heap.scratch + SCRATCH.value
    const end = at + MANY_BYTES
    let index = from
    for (; index < items.length; index++) {
      const encoded = items[index]!
      const bytes = isBlock(encoded.meta) ? ((encoded.meta >>> LENGTH_SHIFT) + 7) & ~7 : 8
      if (at + BLOCK_HEADER_BYTES + bytes > end) break
      if (isBoxed) {
        heap.words[at >>> 2] = encoded.meta
        at += BLOCK_HEADER_BYTES
      }
      if (isBlock(encoded.meta)) writePayload(heap, encoded, at)
      else if (encoded.meta === TYPE.number) heap.floats[at >>> 3] = encoded.content as number
      else heap.bigints[at >>> 3] = encoded.content as bigint
      at += bytes
    }
    return index - from
  }

  // ---- Taking ----

  /** The first item, or NOTHING. */
  pop(): T | typeof NOTHING {
    const { table } = this
    try {
      const raw = this.#pop(this.#stripe, 0)
      return raw === raw ? (raw as T) : this.#popUnusual()
    } catch (error) {
      void soon.then(table.mend) // takes no stack, unlike a call
      throw table.interrupted(error)
    }
  }

  #popUnusual(): T | typeof NOTHING {
    const { table } = this
    const { heap } = table
    const status = heap.wordAt(heap.scratch + SCRATCH.status) | 0
    if (status === STATUS.found) return table.values.result()
    if (status === STATUS.absent) return NOTHING
    if (status !== STATUS.spared) throw table.failure(status, NOT_TAKEN)
    return this.#popSpared()
  }

  /** An object, or what is too long for the scratch page: it is received, decoded, and only then taken. */
  #popSpared(): T | typeof NOTHING {
    const { table } = this
    const received = receive<T>(table, 1, true, [])
    if (received === STATUS.outOfMemory) return this.#popWithoutMemory()
    if (typeof received === 'number') throw table.failure(received, NOT_TAKEN)
    return received.items.length === 0 ? NOTHING : received.items[0]!
  }

  /** The heap is full: what fits into the scratch page comes out all the same. If it cannot be decoded it is lost. */
  #popWithoutMemory(): T | typeof NOTHING {
    const { table } = this
    const { heap } = table
    const raw = heap.core.pop(this.#stripe, 1)
    if (raw === raw) return raw as T
    const status = heap.wordAt(heap.scratch + SCRATCH.status) | 0
    if (status === STATUS.found) return table.values.result()
    if (status === STATUS.absent) return NOTHING
    throw table.failure(status === STATUS.spared ? STATUS.outOfMemory : status, NOT_TAKEN)
  }

  /** The first items, `most` at most. What cannot be read stays where it is, and its error comes when it is the first. */
  popMany(most: number): T[] {
    const items: T[] = []
    try {
      while (items.length < most && this.#takeSome(items, most - items.length) > 0);
    } catch (error) {
      if (items.length === 0) throw error
    }
    return items
  }

  #takeSome(items: T[], most: number): number {
    const { table } = this
    const { heap, valueReader } = table
    const count = heap.core.popMany(this.#stripe, most)
    if (count < 0) throw table.failure(count, NOT_TAKEN)
    if (count === 0 && (heap.wordAt(heap.scratch + SCRATCH.status) | 0) === STATUS.spared) return this.#takeSpared(items, most)
    valueReader.begin?.()
    if (valueReader.readColumn) {
      const column: Item<T>[] = new Array(count)
      valueReader.readColumn(column, heap.scratch + SCRATCH.value, count, valueReader.bytes!)
      for (const item of column) items.push(item as T) // numbers and bigints
      return count
    }
    for (let i = 0, at = heap.scratch + SCRATCH.value; i < count; i++, at = valueReader.end) {
      items.push(table.values.open(valueReader.read(at) as Item<T>))
    }
    return count
  }

  #takeSpared(items: T[], most: number): number {
    const received = this.#receive(Math.min(most, SPARED_AT_ONCE), true)
    if (received === STATUS.outOfMemory) return this.#takeWithoutMemory(items)
    if (typeof received === 'number') throw this.table.failure(received, NOT_TAKEN)
    for (const item of received.items) items.push(item)
    return received.items.length
  }

  #takeWithoutMemory(items: T[]): number {
    const item = this.#popWithoutMemory()
    if (item === NOTHING) return 0
    items.push(item)
    return 1
  }

  /**
   * The same, but they stay the queue's: see Received. There may be none. Where one cannot be read those before it are received
   * without it.
   */
  receive(most: number): Received<T> {
    const received = this.#receive(most, false)
    if (typeof received === 'number') throw this.table.failure(received, NOT_TAKEN)
    return received
  }

  #receive(most: number, isForGood: boolean): Received<T> | number {
    for (let wanted = most; ; ) {
      const read: T[] = []
      try {
        return receive(this.table, wanted, isForGood, read)
      } catch (error) {
        if (read.length === 0 || read.length >= wanted) throw error
        wanted = read.length
      }
    }
  }
}

/** Objects that are decoded before they are taken, in one call. */
const SPARED_AT_ONCE = 64

const NOT_PUSHED: Outcome = { done: 'The item was not pushed' }
const NOT_TAKEN: Outcome = { done: 'Nothing was taken out of the queue' }

export function closedError(): TophashError {
  return new TophashError('ERR_CLOSED', 'This queue was closed, by this thread or another: nothing can be pushed any more.')
}

function noItem(): Error {
  return typeError(
    'ERR_VALUE_TYPE',
    `${describe(undefined)} cannot be an item of a queue: it says that there is none. Push null.`,
  )
}
