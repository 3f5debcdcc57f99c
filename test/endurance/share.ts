// One thread's share of one collection: the keys that it alone writes at the moment, and the model of what they hold.
import type { Kind } from 'tophash'
import { keyAt, numberOfKey } from './keys.js'
import { ABSENT, codeOf } from './values.js'

/**
 * The model of a collection: a plain array that says for each key, by its number, the code of its value. Threads that
 * hand keys over to each other share it.
 */
export type Book = Int32Array

/** Key numbers of a collection. */
export const KEYS = 1 << 16

export function newBook(): Book {
  return new Int32Array(new SharedArrayBuffer(KEYS * Int32Array.BYTES_PER_ELEMENT))
}

export class Share {
  readonly kind: Kind
  readonly random: (n: number) => number
  /** Of so many threads this is one, with every so-many-th key. */
  readonly parts: number
  readonly part: number
  /** The numbers of all its keys, used or not. */
  readonly numbers: readonly number[]
  /** How many of its keys are used at present: the first ones. */
  #span = 1
  #size: number
  readonly #book: Book
  /** Which keys a walk has met, by the walk's number. */
  readonly #seen = new Int32Array(KEYS)
  #walk = 0

  constructor(kind: Kind, book: Book, random: (n: number) => number, part = 0, parts = 1) {
    this.kind = kind
    this.random = random
    this.part = part
    this.parts = parts
    this.#book = book
    this.numbers = Array.from({ length: Math.ceil((KEYS - part) / parts) }, (_, i) => i * parts + part)
    this.#size = this.numbers.reduce((sum, n) => sum + Number(book[n] !== ABSENT), 0)
  }

  /** Keys of this thread's that are there. */
  get size(): number {
    return this.#size
  }

  get isAlone(): boolean {
    return this.parts === 1
  }

  /** That of the collection is no less; the same if all keys are this thread's. @throws */
  expectSize(size: number): void {
    const isRight = this.isAlone ? size === this.#size : size >= this.#size
    if (!isRight) throw new Error(`size is ${size}, there are ${this.#size}`)
  }

  /** From here on the keys are drawn from so many. */
  use(span: number): void {
    this.#span = Math.min(span, Math.floor(KEYS / this.parts))
  }

  /** The number of a key at random. */
  pick(): number {
    return this.random(this.#span) * this.parts + this.part
  }

  /** Numbers of `count` keys, all different, one after the other. */
  run(count: number): number[] {
    const length = Math.min(count, this.#span)
    const first = this.random(this.#span - length + 1)
    return Array.from({ length }, (_, i) => (first + i) * this.parts + this.part)
  }

  key(n: number): unknown {
    return keyAt(this.kind, n)
  }

  owns(n: number): boolean {
    return n % this.parts === this.part
  }

  /** The code of a value to be set. */
  draw(): number {
    return codeOf(this.random)
  }

  /** What is there, as the model has it. */
  at(n: number): number {
    return this.#book[n]!
  }

  /** Enters in the model what is there now. */
  put(n: number, code: number): void {
    this.#size += Number(code !== ABSENT) - Number(this.#book[n] !== ABSENT)
    this.#book[n] = code
  }

  /** Enters that nothing is there any more. */
  empty(): void {
    for (const n of this.numbers) this.put(n, ABSENT)
  }

  /** Begins to count the keys that a walk over the collection visits. */
  beginWalk(): void {
    this.#walk++
  }

  /**
   * A walk visits a key. Returns its number if it is this thread's, which must be there and not have been visited yet;
   * undefined if it is another's.
   */
  visit(key: unknown): number | undefined {
    const n = numberOfKey(this.kind, key)
    if (!this.owns(n)) return undefined
    if (this.#book[n] === ABSENT) throw new Error(`visited key ${n}, which is not there`)
    if (this.#seen[n] === this.#walk) throw new Error(`visited key ${n} twice`)
    this.#seen[n] = this.#walk
    return n
  }

  /** So many of its keys were visited in a walk: it must have been all. */
  endWalk(visited: number): void {
    if (visited !== this.#size) throw new Error(`visited ${visited} entries of ${this.#size}`)
  }
}

/** What is compared and is not a value. @throws */
export function expectEqual(what: string, given: unknown, expected: unknown): void {
  if (given !== expected) throw new Error(`${what}: got ${String(given)}, expected ${String(expected)}`)
}
