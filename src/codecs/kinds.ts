import type { Heap } from '../heap/heap.js'
import type { Kind, StoredKind } from '../core/kinds.js'
import { AnyKeys, AnyValues, packKey } from './any.js'
import { BoxReader, NothingReader, type Window } from './any-reader.js'
import { BigintReader, BigintValues, packWord } from './bigint.js'
import { BytesValues, packBytes } from './bytes.js'
import type { Item, KeyCodec, Reader, ValueCodec } from './codec.js'
import type { Encoded, Subject } from './encoded.js'
import { NumberKeys, NumberReader, NumberValues, packNumber } from './number.js'
import type { ObjectCodec } from './object-codec.js'
import { PackedKeys } from './packed.js'
import { StringKeys, StringValues, packText } from './string.js'

// The one place that knows which codec belongs to which kind.

const MAP_KEYS: Subject = { code: 'ERR_KEY_TYPE', name: 'keys of this map' }
export const MAP_VALUES: Subject = { code: 'ERR_VALUE_TYPE', name: 'values of this map' }
export const QUEUE_ITEMS: Subject = { code: 'ERR_VALUE_TYPE', name: 'items of this queue' }
/** The values of a set are keys to the core. */
const SET_VALUES: Subject = { code: 'ERR_VALUE_TYPE', name: 'values of this set' }

const PACK: Readonly<Record<Kind, (key: unknown, subject: Subject) => Encoded>> = {
  number: packNumber,
  string: packText,
  bigint: packWord,
  bytes: packBytes,
  any: packKey,
}

/** How keys of a kind cross the boundary, beside values of another; `'none'` are those of a set. */
export function keyCodec(kind: Kind, values: StoredKind, heap: Heap, stripe: number): KeyCodec<unknown> {
  const subject = values === 'none' ? SET_VALUES : MAP_KEYS
  const pack = PACK[kind]
  const packed = new PackedKeys<any>(heap, stripe, (key) => pack(key, subject))
  switch (kind) {
    case 'number':
      return new NumberKeys(heap, stripe, values, subject, packed) as KeyCodec<unknown>
    case 'string':
      return new StringKeys(heap, stripe, values, subject, packed) as KeyCodec<unknown>
    case 'any':
      return new AnyKeys(heap, stripe, values, subject, packed) as KeyCodec<unknown>
    default:
      return packed
  }
}

/** How values of a kind cross the boundary. `ensureOpen` throws if the table has been closed. */
export function valueCodec(
  kind: StoredKind,
  heap: Heap,
  codec: ObjectCodec | undefined,
  ensureOpen: () => void,
  subject: Subject = MAP_VALUES,
): ValueCodec<unknown> {
  switch (kind) {
    case 'string':
      return new StringValues(heap, subject)
    case 'bigint':
      return new BigintValues(heap, subject)
    case 'bytes':
      return new BytesValues(heap, subject)
    case 'any':
      return new AnyValues(heap, subject, codec, ensureOpen)
    default:
      return new NumberValues(heap, subject) // those of a set are the number 0, which the core does not keep
  }
}

/** Reads keys or values of a kind from a batch, of which both see one window. */
export function readerOf(kind: StoredKind, heap: Heap, window: Window): Reader<Item<unknown>> {
  switch (kind) {
    case 'number':
      return new NumberReader(heap)
    case 'bigint':
      return new BigintReader(heap)
    case 'none':
      return new NothingReader()
    default:
      return new BoxReader(heap, window)
  }
}
