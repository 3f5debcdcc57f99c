import type { CoreExports } from '../core/exports.js'
import { SCRATCH } from '../core/layout.js'
import type { Heap } from '../heap/heap.js'
import type { StoredKind } from '../core/kinds.js'
import { type KeyCodec, type Reader, ValueCodec } from './codec.js'
import { type Encoded, type Subject, encodedNumber, wrongType } from './encoded.js'
import type { PackedKeys } from './packed.js'

type ByNumber = (stripe: number, key: number) => number
type ByNumberAnd1 = (stripe: number, key: number, a: number) => number
type ByNumberAnd2 = (stripe: number, key: number, a: number, b: number) => number

/** Keys that are numbers, compared as Map does: NaN is NaN, -0 is 0. */
export class NumberKeys implements KeyCodec<number> {
  readonly #stripe: number
  readonly #get: ByNumber
  readonly #has: ByNumber
  readonly #setNumber: ByNumberAnd1
  readonly #setBlock: ByNumberAnd2
  readonly #delete: ByNumber
  readonly #increment: ByNumberAnd1
  readonly #subject: Subject
  readonly #rest: PackedKeys<number>

  /** @param rest what to do where there is no export for numbers alone */
  constructor({ core }: Heap, stripe: number, values: StoredKind, subject: Subject, rest: PackedKeys<number>) {
    this.#stripe = stripe
    this.#get = numberGetter(core, values, rest)
    this.#has = core.hasNumber
    this.#setNumber = core.setNumberByNumber
    this.#setBlock = core.setBlockByNumber
    this.#delete = core.deleteNumber
    this.#increment = core.incrementNumber
    this.#subject = subject
    this.#rest = rest
  }

  get(key: number): number {
    if (typeof key !== 'number') throw this.#wrong(key)
    return this.#get(this.#stripe, key)
  }

  has(key: number): number {
    if (typeof key !== 'number') throw this.#wrong(key)
    return this.#has(this.#stripe, key)
  }

  setNumber(key: number, value: number): number {
    if (typeof key !== 'number') throw this.#wrong(key)
    return this.#setNumber(this.#stripe, key, value)
  }

  setBlock(key: number, source: number, meta: number): number {
    if (typeof key !== 'number') throw this.#wrong(key)
    return this.#setBlock(this.#stripe, key, source, meta)
  }

  setWord(key: number, value: bigint): number {
    return this.#rest.setWord(key, value)
  }

  delete(key: number): number {
    if (typeof key !== 'number') throw this.#wrong(key)
    return this.#delete(this.#stripe, key)
  }

  increment(key: number, by: number): number {
    if (typeof key !== 'number') throw this.#wrong(key)
    return this.#increment(this.#stripe, key, by)
  }

  pack(key: number): Encoded {
    return packNumber(key, this.#subject)
  }

  #wrong(key: unknown): Error {
    return wrongType(this.#subject, 'numbers', key)
  }
}

/** The export that reads values of a kind by a number; the universal one where there is none. */
function numberGetter(core: CoreExports, values: StoredKind, rest: PackedKeys<number>): ByNumber {
  const { getByNumber, getBlockByNumber } = core
  if (values === 'number' || values === 'any') return getByNumber
  return values === 'string' || values === 'bytes' ? getBlockByNumber : (_, key) => rest.get(key)
}

/** @throws the subject's error */
export function packNumber(value: unknown, subject: Subject): Encoded {
  if (typeof value !== 'number') throw wrongType(subject, 'numbers', value)
  return encodedNumber(value)
}

/** Values that are numbers. */
export class NumberValues extends ValueCodec<number> {
  readonly #heap: Heap
  readonly #subject: Subject

  constructor(heap: Heap, subject: Subject) {
    super()
    this.#heap = heap
    this.#subject = subject
  }

  set<K>(keys: KeyCodec<K>, key: K, value: number): number {
    if (typeof value !== 'number') throw wrongType(this.#subject, 'numbers', value)
    return keys.setNumber(key, value)
  }

  decode(raw: number): number {
    return raw
  }

  result(): number {
    return this.#heap.floatAt(this.#heap.scratch + SCRATCH.word)
  }

  pack(value: number): Encoded {
    return packNumber(value, this.#subject)
  }
}

/** Numbers in a batch: 8 bytes each. */
export class NumberReader implements Reader<number> {
  end = 0
  readonly bytes = 8
  /** Doubles: in an array of anything each would be looked at, whether it is a small integer, and most of the others made an object. */
  readonly columnOf = (buffer: ArrayBufferLike): number[] => new Float64Array(buffer) as unknown as number[]
  readonly #heap: Heap

  constructor(heap: Heap) {
    this.#heap = heap
  }

  read(at: number): number {
    this.end = at + 8
    return this.#heap.floatAt(at)
  }

  skip(at: number): number {
    return at + 8
  }

  readColumn(column: number[], at: number, count: number, stride: number): void {
    this.#heap.floatAt(at + count * stride) // a long batch may lie in memory that is new
    const { floats } = this.#heap
    const words = stride >>> 3
    for (let i = 0, place = at >>> 3; i < count; i++, place += words) column[i] = floats[place]!
  }
}
