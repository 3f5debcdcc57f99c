import type { CoreExports } from '../core/exports.js'
import type { Heap } from '../heap.js'
import type { Scan } from '../iterate.js'
import type { Kind } from '../options.js'
import type { KeyCodec, Reader, ValueCodec } from './codec.js'
import { NumberKeys, NumberReader, NumberValues } from './number.js'
import { StringKeys, StringReader, StringValues } from './string.js'

// The one place that knows which codec belongs to which kind.

export function keyCodec(kind: Kind, heap: Heap, stripe: number, valueKind: Kind): KeyCodec<unknown> {
  const Codec = kind === 'number' ? NumberKeys : StringKeys
  return new Codec(heap, stripe, valueKind === 'number') as KeyCodec<unknown>
}

export function valueCodec(kind: Kind, heap: Heap): ValueCodec<unknown> {
  return (kind === 'number' ? new NumberValues() : new StringValues(heap)) as ValueCodec<unknown>
}

export function readerOf(kind: Kind, heap: Heap): Reader<unknown> {
  return kind === 'number' ? new NumberReader(heap) : new StringReader(heap)
}

export function scanOf(core: CoreExports, key: Kind, value: Kind): Scan {
  if (key === 'number') return value === 'number' ? core.scanNumberNumber : core.scanNumberString
  return value === 'number' ? core.scanStringNumber : core.scanStringString
}
