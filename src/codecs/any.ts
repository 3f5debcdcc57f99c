import { VALUE_ROOM } from '../core/exports.js'
import { BLOCK_HEADER_BYTES, LENGTH_SHIFT, SCRATCH, TYPE, TYPE_MASK } from '../core/layout.js'
import { describe, typeError } from '../core/errors.js'
import type { Heap } from '../heap/heap.js'
import type { Key, StoredKind } from '../core/kinds.js'
import { packBigint, unpackBigint } from './bigint.js'
import { checkReadable, isBytes, packBytes, setPacked } from './bytes.js'
import { type Item, type KeyCodec, Sealed, ValueCodec } from './codec.js'
import {
  type Encoded,
  type Subject,
  encodedBytes,
  isBlock,
  isObject,
  encodedNumber,
  ownEncoded,
  encodedText,
  encodedWord,
  wrongType,
} from './encoded.js'
import { ownCodec } from './default.js'
import { encodedResult } from './payload.js'
import { NumberKeys } from './number.js'
import type { ObjectCodec, OwnCodec, Written } from './object-codec.js'
import type { PackedKeys } from './packed.js'
import { OwnMemory } from './plain-format.js'
import { StringKeys, StringValues } from './string.js'

// What is neither a number nor a block, as a word of 64 bits.
const wordOf = (code: bigint): bigint => BigInt.asIntN(64, (0xfff8_0000n << 32n) | code)
const [UNDEFINED, NULL, FALSE, TRUE] = [wordOf(1n), wordOf(2n), wordOf(3n), wordOf(4n)] as const
const FIRST_WORD = UNDEFINED
const WORDS = [undefined, null, false, true] as const

/** A primitive that is neither a number nor a string, or bytes; undefined: it is something else. */
function packPlain(value: unknown, subject: Subject): Encoded | undefined {
  switch (typeof value) {
    case 'undefined':
      return encodedWord(UNDEFINED)
    case 'boolean':
      return encodedWord(value ? TRUE : FALSE)
    case 'bigint':
      return packBigint(value, subject)
    case 'object':
      if (value === null) return encodedWord(NULL)
      return isBytes(value) ? packBytes(value, subject) : undefined
    case 'number':
      return encodedNumber(value)
    case 'string':
      return encodedText(value, subject)
    default:
      return undefined
  }
}

/** What something encoded that is no object stands for; bytes as they are, not as a copy. */
export function unpackPlain({ meta, content }: Encoded): Key {
  if (meta === TYPE.word) return WORDS[Number((content as bigint) - FIRST_WORD)]
  return (meta & TYPE_MASK) === TYPE.bigint && isBlock(meta) ? unpackBigint(content as Uint8Array) : content
}

/** @throws the subject's error */
export function packKey(value: unknown, subject: Subject): Encoded {
  const encoded = packPlain(value, subject)
  if (encoded) return encoded
  throw wrongType(subject, 'numbers, strings, bigints, booleans, null, undefined or Uint8Arrays', value)
}

/** Keys of every kind: numbers and strings go the fast ways. */
export class AnyKeys implements KeyCodec<Key> {
  readonly #numbers: NumberKeys
  readonly #strings: StringKeys
  readonly #rest: PackedKeys<Key>

  constructor(heap: Heap, stripe: number, values: StoredKind, subject: Subject, rest: PackedKeys<Key>) {
    this.#numbers = new NumberKeys(heap, stripe, values, subject, rest as PackedKeys<number>)
    this.#strings = new StringKeys(heap, stripe, values, subject, rest as PackedKeys<string>)
    this.#rest = rest
  }

  get(key: Key): number {
    if (typeof key === 'number') return this.#numbers.get(key)
    return typeof key === 'string' ? this.#strings.get(key) : this.#rest.get(key)
  }

  has(key: Key): number {
    if (typeof key === 'number') return this.#numbers.has(key)
    return typeof key === 'string' ? this.#strings.has(key) : this.#rest.has(key)
  }

  setNumber(key: Key, value: number): number {
    if (typeof key === 'number') return this.#numbers.setNumber(key, value)
    return typeof key === 'string' ? this.#strings.setNumber(key, value) : this.#rest.setNumber(key, value)
  }

  setBlock(key: Key, source: number, meta: number): number {
    if (typeof key === 'number') return this.#numbers.setBlock(key, source, meta)
    return typeof key === 'string' ? this.#strings.setBlock(key, source, meta) : this.#rest.setBlock(key, source, meta)
  }

  setWord(key: Key, value: bigint): number {
    return this.#rest.setWord(key, value)
  }

  delete(key: Key): number {
    if (typeof key === 'number') return this.#numbers.delete(key)
    return typeof key === 'string' ? this.#strings.delete(key) : this.#rest.delete(key)
  }

  increment(key: Key, by: number): number {
    if (typeof key === 'number') return this.#numbers.increment(key, by)
    return typeof key === 'string' ? this.#strings.increment(key, by) : this.#rest.increment(key, by)
  }

  pack(key: Key): Encoded {
    return this.#rest.pack(key)
  }

  forget(key: Encoded): void {
    this.#strings.forget(key)
  }

  end(): void {
    this.#strings.end()
  }
}

/** Bytes up to which an object is read without a copy: what it is read from may be wanted again for what is longer. */
const LONGEST_READ = 1024

/** Values of every kind. Objects are turned into bytes by the codec; they come back as copies. */
export class AnyValues extends ValueCodec<unknown> {
  readonly #heap: Heap
  readonly #subject: Subject
  readonly #codec: ObjectCodec | undefined
  readonly #own: OwnCodec | undefined
  readonly #ensureOpen: () => void
  readonly #strings: StringValues

  /** @param ensureOpen throws if the table was closed, which code of the program's can do while an object is encoded */
  constructor(heap: Heap, subject: Subject, codec: ObjectCodec | undefined, ensureOpen: () => void) {
    super()
    this.#heap = heap
    this.#subject = subject
    this.#codec = codec
    this.#own = ownCodec(codec)
    this.#ensureOpen = ensureOpen
    this.#strings = new StringValues(heap, subject)
  }

  set<K>(keys: KeyCodec<K>, key: K, value: unknown): number {
    if (typeof value === 'number') return keys.setNumber(key, value)
    if (typeof value === 'string') return this.#strings.set(keys, key, value)
    if (typeof value === 'object' && value !== null && this.#own && !ArrayBuffer.isView(value)) {
      return this.#setObject(this.#own, keys, key, value)
    }
    const encoded = this.pack(value)
    if (!isBlock(encoded.meta)) return keys.setWord(key, encoded.content as bigint)
    return setPacked(this.#heap, keys, key, encoded)
  }

  decode(raw: number): unknown {
    return raw
  }

  result(): unknown {
    return this.#own ? this.#resultOf(this.#own) : this.#unpackOwn(encodedResult(this.#heap))
  }

  /** A short object is read where it lies, in this thread's own page. */
  #resultOf(codec: OwnCodec): unknown {
    const heap = this.#heap
    const { scratch } = heap
    const meta = heap.wordAt(scratch + SCRATCH.meta)
    const area = scratch + SCRATCH.value
    if (isObject(meta) && meta >>> LENGTH_SHIFT <= LONGEST_READ && heap.wordAt(scratch + SCRATCH.address) === area) {
      const value = codec.read(heap, area + BLOCK_HEADER_BYTES, meta >>> LENGTH_SHIFT)
      if (value !== undefined) return value
    }
    return this.#unpackOwn(encodedResult(heap))
  }

  /** One that is short is written where it has to be. */
  #setObject<K>(codec: OwnCodec, keys: KeyCodec<K>, key: K, value: object): number {
    const written = codec.write(value)
    this.#ensureOpen()
    const heap = this.#heap
    if (written instanceof Uint8Array) {
      return setPacked(heap, keys, key, encodedBytes(TYPE.object, written, written.length, this.#subject))
    }
    if (written.mostBytes > VALUE_ROOM) return setPacked(heap, keys, key, this.#copyOf(written))
    const area = heap.scratch + SCRATCH.value
    const length = written.place(heap, area + BLOCK_HEADER_BYTES)
    written.done()
    return keys.setBlock(key, area, (length << LENGTH_SHIFT) | TYPE.object)
  }

  #copyOf(written: Written): Encoded {
    const memory = new OwnMemory(written.mostBytes)
    const length = written.place(memory, 0)
    written.done()
    return encodedBytes(TYPE.object, memory.bytes.subarray(0, length), length, this.#subject)
  }

  pack(value: unknown): Encoded {
    return packPlain(value, this.#subject) ?? this.#packObject(value)
  }

  override unpack(encoded: Encoded): unknown {
    if (typeof encoded.content !== 'object') return unpackPlain(encoded)
    return this.#unpackOwn(ownEncoded(encoded))
  }

  override item(encoded: Encoded): Item<unknown> {
    return itemOf(encoded)
  }

  override open(item: Item<unknown>): unknown {
    return item instanceof Sealed ? this.unpack(item.encoded) : item
  }

  override seal(item: Item<unknown>): Encoded {
    return item instanceof Sealed ? item.encoded : this.pack(item)
  }

  /** The value of something encoded that is not needed any more. */
  #unpackOwn(encoded: Encoded): unknown {
    return isObject(encoded.meta) ? this.#unpackObject(encoded.content as Uint8Array) : unpackPlain(encoded)
  }

  /** What the codec returns is copied: it may use its bytes again for the next object. What it throws is its own. */
  #packObject(value: unknown): Encoded {
    if (typeof value !== 'object' || !this.#codec) throw this.#refusal(value)
    const bytes: unknown = this.#codec.encode(value)
    this.#ensureOpen()
    if (!isBytes(bytes)) throw this.#noBytes(bytes)
    checkReadable(bytes, this.#subject)
    const own = new Uint8Array(bytes)
    return encodedBytes(TYPE.object, own, own.length, this.#subject)
  }

  #unpackObject(bytes: Uint8Array): unknown {
    if (this.#codec) return this.#codec.decode(bytes)
    throw typeError(
      this.#subject.code,
      `This value is an object, which a thread without a codec cannot read. Import 'tophash' instead of ` +
        `'tophash/lite', or attach with { codec }.`,
    )
  }

  #refusal(value: unknown): Error {
    const { code, name } = this.#subject
    if (typeof value !== 'object') return wrongType(this.#subject, 'primitives and objects that can be copied', value)
    return typeError(
      code,
      `The ${name} can be objects only with a codec; got ${describe(value)}. Import 'tophash' instead of ` +
        `'tophash/lite', or give the option { codec }.`,
    )
  }

  #noBytes(given: unknown): Error {
    const { name } = this.#codec!
    return typeError(this.#subject.code, `The codec '${name}' must encode to a Uint8Array; got ${describe(given)}.`)
  }
}

/** Something encoded that nobody else uses, as an item of a batch: objects stay sealed. */
export function itemOf(encoded: Encoded): Item<unknown> {
  return isObject(encoded.meta) ? new Sealed(encoded) : unpackPlain(encoded)
}
