import { VALUE_ROOM } from '../core/exports.js'
import { BLOCK_HEADER_BYTES, LENGTH_SHIFT, SCRATCH, TYPE } from '../core/layout.js'
import { typeError } from '../core/errors.js'
import type { Heap } from '../heap/heap.js'
import { type KeyCodec, ValueCodec } from './codec.js'
import { type Encoded, type Subject, encodedBytes, wrongType } from './encoded.js'
import { encodedResult, resultPayload, writePayload } from './payload.js'
import { setLong } from './operands.js'
import { arrayName, canChange, extentOf, isReadable, lengthOf } from './views.js'

/** Whether this is a Uint8Array, of whatever realm; Buffers are. */
export function isBytes(value: unknown): value is Uint8Array {
  return arrayName(value) === 'Uint8Array'
}

/** @throws the subject's error */
export function packBytes(value: unknown, subject: Subject): Encoded {
  if (!isBytes(value)) throw wrongType(subject, 'of type Uint8Array', value)
  const bytes = withFixedLength(value)
  const length = lengthOf(bytes)
  if (length === 0) checkReadable(value, subject)
  return encodedBytes(TYPE.bytes, bytes, length, subject)
}

/** Bytes that are not there any more look like none. @throws the subject's error */
export function checkReadable(bytes: Uint8Array, { code, name }: Subject): void {
  if (isReadable(bytes)) return
  throw typeError(
    code,
    `The ${name} can be Uint8Arrays, but the bytes of this one are gone: its buffer was transferred to another thread, ` +
      'or has shrunk. Store it before, or a copy: bytes.slice().',
  )
}

/** Another thread may let an array grow while it is copied, if it lies in memory that can: its length is read once. */
function withFixedLength(bytes: Uint8Array): Uint8Array {
  const { buffer, byteOffset, byteLength } = extentOf(bytes)
  return canChange(buffer) && isReadable(bytes) ? new Uint8Array(buffer, byteOffset, byteLength) : bytes
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
    return encodedResult(this.#heap).content as Uint8Array
  }

  pack(value: Uint8Array): Encoded {
    return packBytes(value, this.#subject)
  }

  override unpack({ content }: Encoded): Uint8Array {
    return new Uint8Array(content as Uint8Array) // a Buffer's slice() would be no copy
  }
}

/** Sets a value that is a block, by way of the value area if it fits there. */
export function setPacked<K>(heap: Heap, keys: KeyCodec<K>, key: K, encoded: Encoded): number {
  if (encoded.meta >>> LENGTH_SHIFT > VALUE_ROOM) return setLong(heap, keys, key, encoded)
  const area = heap.scratch + SCRATCH.value
  writePayload(heap, encoded, area + BLOCK_HEADER_BYTES)
  return keys.setBlock(key, area, encoded.meta)
}
