import { SCRATCH, TYPE } from '../core/layout.js'
import { describe, typeError } from '../core/errors.js'
import type { Heap } from '../heap/heap.js'
import { type KeyCodec, type Reader, ValueCodec } from './codec.js'
import { type Encoded, type Subject, encodedBytes, tooLong, encodedWord, wrongType } from './encoded.js'

/** @throws the subject's error unless this is a bigint that fits into 64 bits, signed */
export function packWord(value: unknown, subject: Subject): Encoded {
  if (typeof value !== 'bigint') throw wrongType(subject, 'bigints of 64 bits', value)
  if (BigInt.asIntN(64, value) !== value) throw outOf64Bits(subject, describe(value))
  return encodedWord(value)
}

/** The error for what leaves the 64 bits of a 'bigint' collection. */
export function outOf64Bits(subject: Subject, given: string): Error {
  return typeError(
    subject.code,
    `The ${subject.name} are bigints of 64 bits, from -(2n ** 63n) to 2n ** 63n - 1n; got ${given}. For larger ones ` +
      `use the kind 'any'.`,
  )
}

const WORD_BITS = 64
const WORD_DIGITS = WORD_BITS / 4

/** A bigint of any size: two's complement, little-endian, in as few words of 64 bits as hold it. */
export function packBigint(value: bigint, subject: Subject): Encoded {
  const words = wordsFor(value)
  if (words >= 2 ** 26) throw tooLong(subject, words * 8)
  const numbers = new BigUint64Array(words)
  if (words === 1) numbers[0] = BigInt.asUintN(WORD_BITS, value)
  else fillWords(numbers, BigInt.asUintN(words * WORD_BITS, value))
  return encodedBytes(TYPE.bigint, new Uint8Array(numbers.buffer), numbers.byteLength, subject)
}

/** How many words of two's complement a bigint takes. */
function wordsFor(value: bigint): number {
  if (BigInt.asIntN(WORD_BITS, value) === value) return 1
  const digits = (value < 0n ? -value : value).toString(16).length
  const words = Math.ceil((digits * 4 + 1) / WORD_BITS) // enough; one less may do
  return BigInt.asIntN((words - 1) * WORD_BITS, value) === value ? words - 1 : words
}

/** By way of its hexadecimal digits, which takes time in proportion to the size; shifts would take its square. */
function fillWords(words: BigUint64Array, value: bigint): void {
  const digits = value.toString(16).padStart(words.length * WORD_DIGITS, '0')
  for (let i = 0, end = digits.length; i < words.length; i++, end -= WORD_DIGITS) {
    words[i] = BigInt(`0x${digits.slice(end - WORD_DIGITS, end)}`)
  }
}

/** The bigint of a payload. */
export function unpackBigint(bytes: Uint8Array): bigint {
  const words = new BigUint64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8)
  if (words.length === 1) return BigInt.asIntN(WORD_BITS, words[0]!)
  let digits = ''
  for (let i = words.length - 1; i >= 0; i--) digits += words[i]!.toString(16).padStart(WORD_DIGITS, '0')
  return BigInt.asIntN(words.length * WORD_BITS, BigInt(`0x${digits}`))
}

/** Values that are bigints of 64 bits. */
export class BigintValues extends ValueCodec<bigint> {
  readonly #heap: Heap
  readonly #subject: Subject

  constructor(heap: Heap, subject: Subject) {
    super()
    this.#heap = heap
    this.#subject = subject
  }

  set<K>(keys: KeyCodec<K>, key: K, value: bigint): number {
    packWord(value, this.#subject)
    return keys.setWord(key, value)
  }

  decode(): bigint {
    return this.result()
  }

  result(): bigint {
    return this.#heap.bigintAt(this.#heap.scratch + SCRATCH.word)
  }

  pack(value: bigint): Encoded {
    return packWord(value, this.#subject)
  }
}

/** Bigints of 64 bits in a batch. */
export class BigintReader implements Reader<bigint> {
  end = 0
  readonly bytes = 8
  readonly columnOf = (buffer: ArrayBufferLike): bigint[] => new BigInt64Array(buffer) as unknown as bigint[]
  readonly #heap: Heap

  constructor(heap: Heap) {
    this.#heap = heap
  }

  read(at: number): bigint {
    this.end = at + 8
    return this.#heap.bigintAt(at)
  }

  skip(at: number): number {
    return at + 8
  }

  readColumn(column: bigint[], at: number, count: number, stride: number): void {
    for (let i = 0; i < count; i++) column[i] = this.#heap.bigintAt(at + i * stride)
  }
}
