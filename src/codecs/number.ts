import { describe, typeError } from '../errors.js'
import type { Heap } from '../heap.js'
import type { KeyCodec, Reader, ValueCodec } from './codec.js'

/** Keys that are numbers, compared as Map does: NaN is NaN, -0 is 0. */
export class NumberKeys implements KeyCodec<number> {
  readonly #stripe: number
  readonly #get: (stripe: number, key: number) => number
  readonly #has: (stripe: number, key: number) => number
  readonly #setNumber: (stripe: number, key: number, value: number) => number
  readonly #setBlock: (stripe: number, key: number, source: number, meta: number) => number
  readonly #delete: (stripe: number, key: number) => number
  readonly #increment: (stripe: number, key: number, by: number) => number

  constructor({ core }: Heap, stripe: number, valuesAreNumbers: boolean) {
    this.#stripe = stripe
    this.#get = valuesAreNumbers ? core.getNumberByNumber : core.getStringByNumber
    this.#has = core.hasNumber
    this.#setNumber = core.setNumberByNumber
    this.#setBlock = core.setStringByNumber
    this.#delete = core.deleteNumber
    this.#increment = core.incrementNumber
  }

  get(key: number): number {
    if (typeof key !== 'number') throw wrongKey(key)
    return this.#get(this.#stripe, key)
  }

  has(key: number): number {
    if (typeof key !== 'number') throw wrongKey(key)
    return this.#has(this.#stripe, key)
  }

  setNumber(key: number, value: number): number {
    if (typeof key !== 'number') throw wrongKey(key)
    return this.#setNumber(this.#stripe, key, value)
  }

  setBlock(key: number, source: number, meta: number): number {
    if (typeof key !== 'number') throw wrongKey(key)
    return this.#setBlock(this.#stripe, key, source, meta)
  }

  delete(key: number): number {
    if (typeof key !== 'number') throw wrongKey(key)
    return this.#delete(this.#stripe, key)
  }

  increment(key: number, by: number): number {
    if (typeof key !== 'number') throw wrongKey(key)
    return this.#increment(this.#stripe, key, by)
  }
}

function wrongKey(key: unknown): Error {
  return typeError('ERR_KEY_TYPE', `The keys of this map are numbers; got ${describe(key)}.`)
}

/** Values that are numbers. */
export class NumberValues implements ValueCodec<number> {
  readonly nan = NaN

  set<K>(keys: KeyCodec<K>, key: K, value: number): number {
    if (typeof value !== 'number') throw wrongValue(value)
    return keys.setNumber(key, value)
  }

  decode(raw: number): number {
    return raw
  }
}

/** The error for a value that is not a number. */
export function wrongValue(value: unknown): Error {
  return typeError('ERR_VALUE_TYPE', `The values of this map are numbers; got ${describe(value)}.`)
}

/** Numbers in a batch: 8 bytes each. */
export class NumberReader implements Reader<number> {
  end = 0
  readonly #heap: Heap

  constructor(heap: Heap) {
    this.#heap = heap
  }

  read(at: number): number {
    this.end = at + 8
    return this.#heap.floatAt(at)
  }
}
