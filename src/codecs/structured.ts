import { type ParseOperations, type StringifyOperations, parse, stringify } from 'devalue'
import { RUNS, SAMPLES } from '../core/compiled.js'
import type { OwnCodec, Written } from './object-codec.js'
import { MARK, type Memory, OwnMemory } from './plain-format.js'
import { PlainReader } from './plain-reader.js'
import { PlainWriter, type Readings } from './plain-writer.js'
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
//
// Most values need nothing of that. What is made of plain objects, arrays and primitives only is written as words instead
// (plain-format.ts), several times as fast. The first byte says which way it was.

/**
 * Copies objects as structuredClone does: the default codec of kind `'any'`.
 *
 * Beyond that it keeps: the lack of a prototype (`Object.create(null)`), the cause and name of errors, the errors of an
 * AggregateError, URLs. It does not keep: properties of arrays that are no elements; the buffer that views of different
 * parts of it share (each gets one of its own, with the bytes that it shows). Instances of classes that have a
 * `Symbol.toStringTag` are refused, where structuredClone would copy some of them as plain objects.
 */
export const structuredCodec: OwnCodec = { name: 'structured', encode, decode, write, read }

/** What was read already of the value that is being written: a getter is asked once. */
let readings: Readings | undefined

const READING: Partial<StringifyOperations> = {
  tagOf: values.tagOf,
  shapeOf: values.shapeOf,
  viewInfo: values.viewInfo,
  unbox: values.unbox,
  get: (source, key) => readings!.get(source as object, values.nameOf(key)),
  valuesOf: values.elementsOf,
  entriesOf: values.entriesOf,
  toISOString: values.dateText,
  isThenable: () => false, // promises are refused by their tag; what else has a `then` is an object like any
}

const BUILDING: Partial<ParseOperations> = { set: values.setProperty }

// devalue's regular expressions are in how it writes texts, and the path to what it refuses: see compiled.ts.
for (let run = 0; run < RUNS; run++) for (const text of SAMPLES) refuse({ [text]: [text, Symbol()] })

function refuse(value: unknown): void {
  try {
    stringify(value)
  } catch {
    // as it has to
  }
}

const toUtf8 = new TextEncoder()
const fromUtf8 = new TextDecoder('utf-8', { fatal: true })

function encode(value: unknown): Uint8Array {
  const written = write(value)
  if (written instanceof Uint8Array) return written
  const memory = written.mostBytes <= staging.bytes.length ? staging : new OwnMemory(written.mostBytes)
  const bytes = memory.bytes.slice(0, written.place(memory, 0))
  written.done()
  return bytes
}

/** Where short values are on their way: nothing of the program's runs while they are. */
const staging = new OwnMemory(1024)

// One of each is kept. Who comes by way of a getter or a setter of the value finds none, and makes one.
let idleWriter: PlainWriter | undefined
let idleReader: PlainReader | undefined

/** An object that has been taken in, or its bytes if it is not plain. */
function write(value: unknown): Written | Uint8Array {
  try {
    const writer = idleWriter ?? new PlainWriter(giveBack)
    idleWriter = undefined
    if (writer.write(value)) return writer
    const seen = writer.readings()
    writer.done()
    return encodeAny(value, seen)
  } catch (error) {
    throw explainEncoding(error)
  }
}

function giveBack(writer: PlainWriter): void {
  idleWriter = writer
}

/** @param seen what was read of the value already */
function encodeAny(value: unknown, seen: Readings): Uint8Array {
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
  const outer = readings // if a getter of another value has called
  readings = seen
  try {
    const text = toUtf8.encode(stringify(value, reducers, { operations: READING }))
    return parts.length === 0 ? text : join(text, parts, end)
  } finally {
    readings = outer
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
  if (bytes[0] !== MARK) return decodeAny(bytes)
  const memory = bytes.length <= staging.bytes.length ? staging : new OwnMemory(bytes.length)
  memory.bytes.set(bytes)
  return readPlain(memory, 0, bytes.length)
}

function read(memory: Memory, at: number, byteLength: number): unknown {
  const isPlain = byteLength >= 4 && (memory.words[at >>> 2]! & 0xff) === MARK
  return isPlain ? readPlain(memory, at, byteLength) : undefined
}

function readPlain(memory: Memory, at: number, byteLength: number): unknown {
  try {
    const reader = idleReader ?? new PlainReader()
    idleReader = undefined
    const value = reader.read(memory, at, byteLength)
    idleReader = reader
    return value
  } catch (error) {
    throw explainDecoding(error)
  }
}

function decodeAny(bytes: Uint8Array): unknown {
  const zero = bytes.indexOf(0)
  const [text, parts] = zero < 0 ? [bytes, bytes.subarray(0, 0)] : [bytes.subarray(0, zero), bytes.subarray(zero + 1)]
  const revivers = {
    ArrayBuffer: ([begin, length]: [number, number]) => cut(parts, begin, length),
    Error: errorOf,
  }
  try {
    const json = fromUtf8.decode(text)
    return parse(json, revivers, isInherited(json) ? { operations: BUILDING } : undefined) // without, it is much faster
  } catch (error) {
    throw explainDecoding(error)
  }
}

/** Whether a property in this text may have the name of one that all objects inherit. */
function isInherited(json: string): boolean {
  return json.includes('__proto__') || Object.getOwnPropertyNames(Object.prototype).some((name) => json.includes(name))
}

/** The bytes of a part in a buffer of their own: in here they need not be aligned. */
function cut(parts: Uint8Array, begin: number, length: number): ArrayBuffer {
  const part = parts.subarray(begin, begin + length)
  if (!(begin >= 0) || part.length !== length) throw new RangeError('a buffer lies outside')
  return new Uint8Array(part).buffer
}
