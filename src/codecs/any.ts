import { BLOCK_HEADER_BYTES, LENGTH_SHIFT, TYPE, TYPE_MASK } from '../core/exports.js'
import { describe, typeError } from '../errors.js'
import type { Heap } from '../heap.js'
import type { Key, StoredKind } from '../kinds.js'
import { packBigint, unpackBigint } from './bigint.js'
import { isBytes, packBytes, setPacked } from './bytes.js'
import { type Item, type KeyCodec, type Reader, Sealed, ValueCodec } from './codec.js'
import {
  type Form, type Subject, bytesForm, isBlock, numberForm, ownForm, textForm, wordForm, wrongType,
} from './form.js'
import { resultForm } from './payload.js'
import { NumberKeys } from './number.js'
import type { ObjectCodec } from './object-codec.js'
import type { PackedKeys } from './packed.js'
import { StringKeys, StringValues } from './string.js'

// What is neither a number nor a block, as a word of 64 bits.
const wordOf = (code: bigint): bigint => BigInt.asIntN(64, (0xfff8_0000n << 32n) | code)
const [UNDEFINED, NULL, FALSE, TRUE] = [wordOf(1n), wordOf(2n), wordOf(3n), wordOf(4n)] as const
const FIRST_WORD = UNDEFINED
const WORDS = [undefined, null, false, true] as const

/** A primitive that is neither a number nor a string, or bytes; undefined: it is something else. */
function packPlain(value: unknown, subject: Subject): Form | undefined {
  switch (typeof value) {
    case 'undefined':
      return wordForm(UNDEFINED)
    case 'boolean':
      return wordForm(value ? TRUE : FALSE)
    case 'bigint':
      return packBigint(value, subject)
    case 'object':
      if (value === null) return wordForm(NULL)
      return isBytes(value) ? packBytes(value, subject) : undefined
    case 'number':
      return numberForm(value)
    case 'string':
      return textForm(value, subject)
    default:
      return undefined
  }
}

/** What a form that is no object stands for; bytes as they are, not as a copy. */
function unpackPlain({ meta, content }: Form): Key {
  if (meta === TYPE.word) return WORDS[Number((content as bigint) - FIRST_WORD)]
  return (meta & TYPE_MASK) === TYPE.bigint && isBlock(meta) ? unpackBigint(content as Uint8Array) : content
}

/** @throws the subject's error */
export function packKey(value: unknown, subject: Subject): Form {
  const form = packPlain(value, subject)
  if (form) return form
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

  pack(key: Key): Form {
    return this.#rest.pack(key)
  }
}

/** Values of every kind. Objects are turned into bytes by the codec; they come back as copies. */
export class AnyValues extends ValueCodec<unknown> {
  readonly #heap: Heap
  readonly #subject: Subject
  readonly #codec: ObjectCodec | undefined
  readonly #ensureOpen: () => void
  readonly #strings: StringValues

  /** @param ensureOpen throws if the table was closed, which code of the program's can do while an object is encoded */
  constructor(heap: Heap, subject: Subject, codec: ObjectCodec | undefined, ensureOpen: () => void) {
    super()
    this.#heap = heap
    this.#subject = subject
    this.#codec = codec
    this.#ensureOpen = ensureOpen
    this.#strings = new StringValues(heap, subject)
  }

  set<K>(keys: KeyCodec<K>, key: K, value: unknown): number {
    if (typeof value === 'number') return keys.setNumber(key, value)
    if (typeof value === 'string') return this.#strings.set(keys, key, value)
    const form = this.pack(value)
    if (!isBlock(form.meta)) return keys.setWord(key, form.content as bigint)
    return setPacked(this.#heap, keys, key, form)
  }

  decode(raw: number): unknown {
    return raw
  }

  result(): unknown {
    return this.#unpackOwn(resultForm(this.#heap))
  }

  pack(value: unknown): Form {
    return packPlain(value, this.#subject) ?? this.#packObject(value)
  }

  override unpack(form: Form): unknown {
    if (typeof form.content !== 'object') return unpackPlain(form)
    return this.#unpackOwn(ownForm(form))
  }

  override item(form: Form): Item<unknown> {
    return itemOf(form)
  }

  override open(item: Item<unknown>): unknown {
    return item instanceof Sealed ? this.unpack(item.form) : item
  }

  override seal(item: Item<unknown>): Form {
    return item instanceof Sealed ? item.form : this.pack(item)
  }

  /** The value of a form that is not needed any more. */
  #unpackOwn(form: Form): unknown {
    return isObject(form.meta) ? this.#unpackObject(form.content as Uint8Array) : unpackPlain(form)
  }

  /** What the codec returns is copied: it may use its bytes again for the next object. What it throws is its own. */
  #packObject(value: unknown): Form {
    if (typeof value !== 'object' || !this.#codec) throw this.#refusal(value)
    const bytes: unknown = this.#codec.encode(value)
    this.#ensureOpen()
    if (!isBytes(bytes)) throw this.#noBytes(bytes)
    const own = new Uint8Array(bytes)
    return bytesForm(TYPE.object, own, own.length, this.#subject)
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

function isObject(meta: number): boolean {
  return (meta & TYPE_MASK) === TYPE.object
}

function itemOf(form: Form): Item<unknown> {
  return isObject(form.meta) ? new Sealed(form) : unpackPlain(form)
}

/** Keys or values of kind string, bytes or any in a batch: a header, then a word or a payload. Objects stay sealed. */
export class BoxReader implements Reader<unknown> {
  end = 0
  readonly #heap: Heap

  constructor(heap: Heap) {
    this.#heap = heap
  }

  read(at: number): unknown {
    const meta = this.#heap.wordAt(at)
    const payload = at + BLOCK_HEADER_BYTES
    if (meta === TYPE.number) {
      this.end = payload + 8
      return this.#heap.floatAt(payload)
    }
    if (meta === TYPE.word) {
      this.end = payload + 8
      return unpackPlain({ meta, content: this.#heap.bigintAt(payload) })
    }
    this.end = payload + (((meta >>> LENGTH_SHIFT) + 7) & ~7)
    return itemOf({ meta, content: this.#heap.payloadAt(meta, payload) })
  }
}

/** Values of a set in a batch: nothing. */
export class NothingReader implements Reader<undefined> {
  end = 0

  read(at: number): undefined {
    this.end = at
    return undefined
  }
}
