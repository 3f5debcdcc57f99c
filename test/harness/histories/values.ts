// Values that prove themselves: each write has a number of its own, and from that its value follows to the last byte.
import type { Kind } from 'tophash'

/** Below a writer's own numbers there is room for what increments add. */
const SPAN = 2 ** 20
/** Threads that can write; the sorts of values of kind any take turns with the writes of one thread. */
const WRITERS = 16
const SORTS: readonly Kind[] = ['number', 'string', 'bigint', 'bytes', 'any']

/** The number of a thread's n-th write. */
export function numberOfWrite(thread: number, n: number): number {
  return ((n + 1) * WRITERS + thread) * SPAN
}

/** Who wrote a number and when, and what was added since. For people. */
export function nameOf(number: number): string {
  if (number < SPAN) return String(number)
  const write = Math.floor(number / SPAN)
  const added = number % SPAN
  return `${write % WRITERS}.${Math.floor(write / WRITERS) - 1}${added ? `+${added}` : ''}`
}

/** Whether the value of this number is one that `increment` adds to, in a map of kind any. */
export function isNumber(number: number): boolean {
  return sortOf(number) === 'number'
}

function sortOf(number: number): Kind {
  return SORTS[Math.floor(number / SPAN / WRITERS) % SORTS.length]!
}

/** How long strings and bytes are. Most are short; so they come from many size classes, and change it. */
export interface Lengths {
  readonly usual: number
  /** One of eight. */
  readonly longest: number
}

export class Values {
  readonly #kind: Kind
  readonly #lengths: Lengths

  constructor(kind: Kind, lengths: Lengths) {
    this.#kind = kind
    this.#lengths = lengths
  }

  /** The value of a number. */
  of(number: number): unknown {
    return this.#make(this.#kind, number)
  }

  /** The number of a value. @throws Error if it is no value of these, or not whole */
  numberOf(value: unknown): number {
    const number = guess(value)
    if (!isSame(value, this.of(number))) throw new Error(`No such value was ever made: ${short(value)}`)
    return number
  }

  #make(kind: Kind, number: number): unknown {
    switch (kind) {
      case 'number':
        return number
      case 'bigint':
        return BigInt(number)
      case 'string':
        return `${number}|${`${number % 977}.`.repeat(this.#lengthOf(number))}`
      case 'bytes': {
        const bytes = new Uint8Array(8 + this.#lengthOf(number)).fill(number % 251)
        new DataView(bytes.buffer).setFloat64(0, number)
        return bytes
      }
      default:
        return this.#makeAny(number)
    }
  }

  #makeAny(number: number): unknown {
    const sort = sortOf(number)
    if (sort === 'any') return { number, list: new Array<number>(this.#lengthOf(number) >> 4).fill(number) }
    return this.#make(sort, number)
  }

  #lengthOf(number: number): number {
    const random = Math.imul(number / SPAN, 0x9e3779b1) >>> 8
    return random % 8 ? random % this.#lengths.usual : random % this.#lengths.longest
  }
}

function guess(value: unknown): number {
  if (typeof value === 'string') return Number.parseInt(value, 10)
  if (value instanceof Uint8Array) return new DataView(value.buffer, value.byteOffset).getFloat64(0)
  return Number(typeof value === 'object' && value !== null ? (value as { number?: unknown }).number : value)
}

function isSame(given: unknown, expected: unknown): boolean {
  if (given instanceof Uint8Array && expected instanceof Uint8Array) return Buffer.compare(given, expected) === 0
  if (typeof given !== 'object' || given === null) return Object.is(given, expected)
  return typeof expected === 'object' && JSON.stringify(given) === JSON.stringify(expected)
}

function short(value: unknown): string {
  if (value instanceof Uint8Array) return `[${value.subarray(0, 16).join()}...] of ${value.length} bytes`
  const text = typeof value === 'bigint' ? `${value}n` : (JSON.stringify(value) ?? String(value))
  return text.length > 100 ? `${text.slice(0, 100)}... of ${text.length} characters` : text
}
