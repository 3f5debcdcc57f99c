import { type ParseOperations, type StringifyOperations, parse, stringify } from 'devalue'
import type { ObjectCodec } from './object-codec.js'
import { errorOf, isError, recordOf } from './structured-errors.js'
import { explainDecoding, explainEncoding } from './structured-refusals.js'
import * as values from './structured-values.js'

// The library devalue writes values as JSON, in which each object has a number, so that shared and cyclic references
// survive. Around it: what is refused, errors, keys named __proto__, and bytes, for which JSON has no good form.
//
//   { a: 1, b: Uint8Array [7, 8] }   ->   [{"a":1,"b":2},1,["Uint8Array",3],["ArrayBuffer",4],[5,6],0,2] \0 7 8
//
// The bytes of all buffers follow one another behind a zero byte, which JSON text never contains; in the text each
// buffer names its place among them: begin and length.

/**
 * Copies objects as structuredClone does: the default codec of kind `'any'`.
 *
 * Beyond that it keeps: the lack of a prototype (`Object.create(null)`), the cause and name of errors, the errors of an
 * AggregateError, URLs. It does not keep: properties of arrays that are no elements; the buffer that views of different
 * parts of it share (each gets one of its own, with the bytes that it shows). Instances of classes that have a
 * `Symbol.toStringTag` are refused, where structuredClone would copy some of them as plain objects.
 */
export const structuredCodec: ObjectCodec = { name: 'structured', encode, decode }

const READING: Partial<StringifyOperations> = {
  tagOf: values.tagOf,
  shapeOf: values.shapeOf,
  viewInfo: values.viewInfo,
  unbox: values.unbox,
  get: values.propertyOf,
  valuesOf: values.elementsOf,
  entriesOf: values.entriesOf,
  toISOString: values.dateText,
  isThenable: () => false, // promises are refused by their tag; what else has a `then` is an object like any
}

const BUILDING: Partial<ParseOperations> = { set: values.setProperty }

const toUtf8 = new TextEncoder()
const fromUtf8 = new TextDecoder('utf-8', { fatal: true })

function encode(value: unknown): Uint8Array {
  const parts: Uint8Array[] = []
  let end = 0
  const place = (buffer: unknown): [begin: number, length: number] | undefined => {
    const bytes = values.bytesOf(buffer)
    if (!bytes) return undefined
    parts.push(bytes)
    end += bytes.length
    return [end - bytes.length, bytes.length]
  }
  const reducers = { ArrayBuffer: place, Error: (error: unknown) => isError(error) && recordOf(error) }
  try {
    const text = toUtf8.encode(stringify(value, reducers, { operations: READING }))
    return parts.length === 0 ? text : join(text, parts, end)
  } catch (error) {
    throw explainEncoding(error)
  }
}

function join(text: Uint8Array, parts: readonly Uint8Array[], partsLength: number): Uint8Array {
  const bytes = new Uint8Array(text.length + 1 + partsLength)
  bytes.set(text)
  let at = text.length + 1
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

function decode(bytes: Uint8Array): unknown {
  const zero = bytes.indexOf(0)
  const [text, parts] = zero < 0 ? [bytes, bytes.subarray(0, 0)] : [bytes.subarray(0, zero), bytes.subarray(zero + 1)]
  const revivers = {
    ArrayBuffer: ([begin, length]: [number, number]) => cut(parts, begin, length),
    Error: errorOf,
  }
  try {
    const json = fromUtf8.decode(text)
    const options = json.includes('__proto__') ? { operations: BUILDING } : undefined // without, it is much faster
    return parse(json, revivers, options)
  } catch (error) {
    throw explainDecoding(error)
  }
}

/** The bytes of a part in a buffer of their own: in here they need not be aligned. */
function cut(parts: Uint8Array, begin: number, length: number): ArrayBuffer {
  const part = parts.subarray(begin, begin + length)
  if (!(begin >= 0) || part.length !== length) throw new RangeError('a buffer lies outside')
  return new Uint8Array(part).buffer
}
