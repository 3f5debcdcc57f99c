import { BLOCK_HEADER_BYTES, LENGTH_SHIFT, SCRATCH, TYPE, VALUE_ROOM } from '../core/exports.js'
import type { Heap } from '../heap.js'
import { type KeyCodec, ValueCodec } from './codec.js'
import { type Form, type Subject, bytesForm, wrongType } from './form.js'
import { resultForm, resultPayload, writePayload } from './payload.js'
import { setLong } from './operands.js'

// The getters of typed arrays themselves: a subclass may have others, and so may whoever wants to be taken for one.
const Prototype = Object.getPrototypeOf(Uint8Array.prototype) as object
const getterOf = (name: string | symbol): ((this: unknown) => unknown) =>
  Object.getOwnPropertyDescriptor(Prototype, name)!.get!
const nameOf = getterOf(Symbol.toStringTag)
const lengthOf = getterOf('length') as (this: unknown) => number
const offsetOf = getterOf('byteOffset') as (this: unknown) => number
const bufferOf = getterOf('buffer') as (this: unknown) => ArrayBufferLike & { growable?: boolean; resizable?: boolean }

/** Whether this is a Uint8Array, of whatever realm; Buffers are. */
export function isBytes(value: unknown): value is Uint8Array {
  return nameOf.call(value) === 'Uint8Array'
}

/** @throws the subject's error */
export function packBytes(value: unknown, subject: Subject): Form {
  if (!isBytes(value)) throw wrongType(subject, 'of type Uint8Array', value)
  const bytes = withFixedLength(value)
  return bytesForm(TYPE.bytes, bytes, lengthOf.call(bytes), subject)
}

/** Another thread may let an array grow while it is copied, if it lies in memory that can: its length is read once. */
function withFixedLength(bytes: Uint8Array): Uint8Array {
  const buffer = bufferOf.call(bytes)
  if (!buffer.growable && !buffer.resizable) return bytes
  return new Uint8Array(buffer, offsetOf.call(bytes), lengthOf.call(bytes))
}

/** Values that are bytes. What comes out is a copy. */
export class BytesValues extends ValueCodec<Uint8Array> {
  readonly #heap: Heap
  readonly #scratch: number
  readonly #subject: Subject

  constructor(heap: Heap, subject: Subject) {
    super()
    this.#heap = heap
    this.#scratch = heap.scratch + SCRATCH.value
    this.#subject = subject
  }

  set<K>(keys: KeyCodec<K>, key: K, value: Uint8Array): number {
    return setPacked(this.#heap, keys, key, this.pack(value))
  }

  decode(meta: number): Uint8Array {
    const at = this.#scratch + BLOCK_HEADER_BYTES
    const length = meta >>> LENGTH_SHIFT
    if (length <= VALUE_ROOM) return this.#heap.bytes.slice(at, at + length)
    return resultPayload(this.#heap, meta) as Uint8Array
  }

  result(): Uint8Array {
    return resultForm(this.#heap).content as Uint8Array
  }

  pack(value: Uint8Array): Form {
    return packBytes(value, this.#subject)
  }

  override unpack({ content }: Form): Uint8Array {
    return new Uint8Array(content as Uint8Array) // a Buffer's slice() would be no copy
  }
}

/** Sets a value that is a block, by way of the value area if it fits there. */
export function setPacked<K>(heap: Heap, keys: KeyCodec<K>, key: K, form: Form): number {
  if (form.meta >>> LENGTH_SHIFT > VALUE_ROOM) return setLong(heap, keys, key, form)
  const area = heap.scratch + SCRATCH.value
  writePayload(heap, form, area + BLOCK_HEADER_BYTES)
  return keys.setBlock(key, area, form.meta)
}
