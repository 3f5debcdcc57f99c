import { BLOCK_HEADER_BYTES, LENGTH_SHIFT, SCRATCH, STATUS, TYPE } from '../core/layout.js'
import { MANY_BYTES, type CoreExports } from '../core/exports.js'
import { TophashError, describe, typeError } from '../core/errors.js'
import type { Outcome } from '../core/failure.js'
import { setPacked } from '../codecs/bytes.js'
import type { Item, KeyCodec } from '../codecs/codec.js'
import { type Encoded, isBlock, ownEncoded } from '../codecs/encoded.js'
import { writePayload } from '../codecs/payload.js'
import { soon } from '../recovery/exceptions.js'
import { type Received, receive } from './received.js'
import { type Items, NO_ROOM, Tail } from './tail.js'

// The two ends of a queue as they are without waiting.

export type { Items } from './tail.js'

/** What stands for no item, or no room. */
export const NOTHING: unique symbol = Symbol('nothing')

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

  /** Whether these can be pushed as pushNumbers() does: if not all of them are, or may be, numbers they have to be encoded. */
  areNumbers(items: readonly T[]): boolean {
    const { value } = this.table.schema
    if (value !== 'any' && value !== 'number') return false
    for (const item of items) if (typeof item !== 'number') return false
    return true
  }

  /** Pushes numbers, from `from` on, as far as there is room. Returns how many. */
  pushNumbers(numbers: readonly number[], from: number): number {
    const { heap } = this.table
    const { floats } = heap
    const count = Math.min(numbers.length - from, MANY_BYTES / 8)
    const at = (heap.scratch + SCRATCH.value) >>> 3
    for (let i = 0; i < count; i++) floats[at + i] = numbers[from + i]!
    return this.#pushedMany(heap.core.pushNumbers(this.#stripe, count))
  }

  /** Pushes what is encoded, from `from` on, as far as there is room. Returns how many. */
  pushManyEncoded(encoded: readonly Encoded[], from: number): number {
    const count = this.#layOut(encoded, from)
    if (count === 0) return this.pushEncoded(encoded[from]!) ? 1 : 0 // too long for the scratch page
    return this.#pushedMany(this.table.heap.core.pushMany(this.#stripe, count))
  }

  #pushedMany(pushed: number): number {
    if (pushed > 0) return pushed
    const { heap } = this.table
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
    return heap.wordAt(heap.scratch + SCRATCH.meta) === 0 ? this.#popSpared() : this.#popSeen()
  }

  /** An object: it is decoded, and taken if it is the first still. Else another was quicker, and it is made sure of before it is decoded. */
  #popSeen(): T | typeof NOTHING {
    const { table } = this
    const { heap } = table
    const position = heap.floatAt(heap.scratch + SCRATCH.word)
    const item = table.values.result()
    const status = heap.core.takeSeen(this.#stripe, position)
    if (status === STATUS.removed) return item
    if (status < 0) throw table.failure(status, NOT_TAKEN)
    return this.#popSpared()
  }

  /** An item is received, decoded, and only then taken. */
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
      while (items.length < most && this.#takeSome(items, most - items.length));
    } catch (error) {
      if (items.length === 0) throw error
    }
    return items
  }

  /** Returns whether there may be more. */
  #takeSome(items: T[], most: number): boolean {
    const { table } = this
    const { heap } = table
    const count = heap.core.popMany(this.#stripe, most)
    if (count < 0) throw table.failure(count, NOT_TAKEN)
    const status = heap.wordAt(heap.scratch + SCRATCH.status) | 0
    if (count === 0) return status === STATUS.spared && this.#takeSpared(items, most) > 0
    if (heap.wordAt(heap.scratch + SCRATCH.meta) === TYPE.number) {
      const at = (heap.scratch + SCRATCH.value) >>> 3
      for (let i = 0; i < count; i++) items.push(heap.floats[at + i] as T)
    } else {
      this.#readSome(items, count)
    }
    return status !== STATUS.absent
  }

  #readSome(items: T[], count: number): void {
    const { heap, values, valueReader } = this.table
    valueReader.begin?.()
    if (valueReader.readColumn) {
      const column: Item<T>[] = new Array(count)
      valueReader.readColumn(column, heap.scratch + SCRATCH.value, count, valueReader.bytes!)
      for (const item of column) items.push(item as T) // bigints
      return
    }
    for (let i = 0, at = heap.scratch + SCRATCH.value; i < count; i++, at = valueReader.end) {
      items.push(values.open(valueReader.read(at) as Item<T>))
    }
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
