import { KEY_ROOM, SCRATCH, VALUE_ROOM } from '../core/exports.js'
import { describe, typeError } from '../errors.js'
import type { Heap } from '../heap.js'
import type { KeyCodec, Reader, ValueCodec } from './codec.js'
import { measure } from './text.js'

// Operations on a key that lies in a block at `source`, with up to two more arguments.
type ByString = (stripe: number, source: number, meta: number) => number
type ByStringAnd1 = (stripe: number, source: number, meta: number, a: number) => number
type ByStringAnd2 = (stripe: number, source: number, meta: number, a: number, b: number) => number

/**
 * Keys that are strings, compared by their code units. A key is encoded into the scratch page; one that is too long
 * for it goes into a block of its own.
 */
export class StringKeys implements KeyCodec<string> {
  readonly #heap: Heap
  readonly #stripe: number
  readonly #scratch: number
  readonly #get: ByString
  readonly #has: ByString
  readonly #setNumber: ByStringAnd1
  readonly #setBlock: ByStringAnd2
  readonly #delete: ByString
  readonly #increment: ByStringAnd1

  constructor(heap: Heap, stripe: number, valuesAreNumbers: boolean) {
    const { core } = heap
    this.#heap = heap
    this.#stripe = stripe
    this.#scratch = heap.scratch + SCRATCH.key
    this.#get = valuesAreNumbers ? core.getNumberByString : core.getStringByString
    this.#has = core.hasString
    this.#setNumber = core.setNumberByString
    this.#setBlock = core.setStringByString
    this.#delete = core.deleteString
    this.#increment = core.incrementString
  }

  get(key: string): number {
    if (!isShort(key)) return this.#withBlock(key, this.#get)
    return this.#get(this.#stripe, this.#scratch, this.#encode(key))
  }

  has(key: string): number {
    if (!isShort(key)) return this.#withBlock(key, this.#has)
    return this.#has(this.#stripe, this.#scratch, this.#encode(key))
  }

  setNumber(key: string, value: number): number {
    if (!isShort(key)) return this.#withBlock(key, this.#setNumber, value)
    return this.#setNumber(this.#stripe, this.#scratch, this.#encode(key), value)
  }

  setBlock(key: string, block: number, blockMeta: number): number {
    if (!isShort(key)) return this.#withBlock(key, this.#setBlock, block, blockMeta)
    return this.#setBlock(this.#stripe, this.#scratch, this.#encode(key), block, blockMeta)
  }

  delete(key: string): number {
    if (!isShort(key)) return this.#withBlock(key, this.#delete)
    return this.#delete(this.#stripe, this.#scratch, this.#encode(key))
  }

  increment(key: string, by: number): number {
    if (!isShort(key)) return this.#withBlock(key, this.#increment, by)
    return this.#increment(this.#stripe, this.#scratch, this.#encode(key), by)
  }

  #encode(key: string): number {
    return this.#heap.text.encode(key, this.#scratch + 8)
  }

  /** Lays a long key into a block for the time of one operation. */
  #withBlock<A extends number[]>(
    key: string, operation: (stripe: number, source: number, meta: number, ...rest: A) => number, ...rest: A
  ): number {
    const meta = measure(key)
    const block = this.#heap.newBlock(key, meta)
    try {
      return operation(this.#stripe, block, meta, ...rest)
    } finally {
      this.#heap.core.dropBlock(block, meta)
    }
  }
}

/** Whether the key fits into the scratch page, whatever its characters. Throws if it is no string. */
function isShort(key: string): boolean {
  if (typeof key !== 'string') throw typeError('ERR_KEY_TYPE', `The keys of this map are strings; got ${describe(key)}.`)
  return key.length <= KEY_ROOM / 2
}

/** Values that are strings. */
export class StringValues implements ValueCodec<string> {
  readonly nan = undefined
  readonly #heap: Heap
  readonly #scratch: number

  constructor(heap: Heap) {
    this.#heap = heap
    this.#scratch = heap.scratch + SCRATCH.value
  }

  set<K>(keys: KeyCodec<K>, key: K, value: string): number {
    if (typeof value !== 'string') {
      throw typeError('ERR_VALUE_TYPE', `The values of this map are strings; got ${describe(value)}.`)
    }
    if (value.length <= VALUE_ROOM / 2) {
      return keys.setBlock(key, this.#scratch, this.#heap.text.encode(value, this.#scratch + 8))
    }
    return this.#setLong(keys, key, value)
  }

  /** A long value is written to its block at once; the table adopts the block unless the operation fails. */
  #setLong<K>(keys: KeyCodec<K>, key: K, value: string): number {
    const meta = measure(value)
    const block = this.#heap.newBlock(value, meta)
    let status = -1
    try {
      status = keys.setBlock(key, block, meta)
    } finally {
      if (status < 0) this.#heap.core.dropBlock(block, meta)
    }
    return status
  }

  decode(meta: number): string {
    if (meta >>> 1 <= VALUE_ROOM) return this.#heap.text.decode(meta, this.#scratch + 8)
    const text = this.#heap.decode(meta, this.#heap.resultAddress() + 8)
    this.#heap.core.dropResult()
    return text
  }
}

/** Strings in a batch: a block each. */
export class StringReader implements Reader<string> {
  end = 0
  readonly #heap: Heap

  constructor(heap: Heap) {
    this.#heap = heap
  }

  read(at: number): string {
    const meta = this.#heap.wordAt(at)
    this.end = at + 8 + (((meta >>> 1) + 7) & ~7)
    return this.#heap.decode(meta, at + 8)
  }
}
