import type { ObjectCodec, TophashError } from '../../index.js'
import { typeError } from './type-error.js'

// How values are written on the server. As JSON, other languages read them; else a letter says what follows:
//
//   s text in UTF-8    w text in UTF-16 (which has no UTF-8)    n number    i bigint    b bytes    t f z: true, false, null
//   o length of the codec's name, its name, and what the codec has made of an object
//
// They outlive the process, and are read by other versions of the library: what is written here must be read for ever, and what
// the library's own codec writes as well (test/redis/format.test.ts has samples).

/** How values become bytes, and bytes values. */
export interface Format {
  /** @throws ERR_VALUE_TYPE */
  encode(value: unknown): Uint8Array
  /** @throws ERR_VALUE_TYPE for what was not written so */
  decode(bytes: Uint8Array): any
}

const toUtf8 = new TextEncoder()
const fromUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export const JSON_TEXT: Format = {
  encode(value) {
    const text = attempt('cannot be written as JSON', () => JSON.stringify(value))
    if (text === undefined) throw refused('cannot be written as JSON: it is undefined, a function or a symbol')
    return toUtf8.encode(text)
  },
  decode: (bytes) => attempt('on the server is no JSON', () => JSON.parse(fromUtf8.decode(bytes))),
}

/** The letters, by their codes. */
const [TEXT, WIDE, NUMBER, BIGINT, BYTES, TRUE, FALSE, NULL, OBJECT] = [...'swnibtfzo'].map((letter) => letter.charCodeAt(0)) as [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
]

export class Letters implements Format {
  readonly #codec: ObjectCodec
  readonly #head: Uint8Array

  /** @throws ERR_OPTIONS */
  constructor(codec: ObjectCodec) {
    this.#codec = codec
    const name = toUtf8.encode(codec.name)
    if (name.length > 255) throw typeError('ERR_OPTIONS', 'the name of the codec takes more than 255 bytes.')
    this.#head = Uint8Array.of(OBJECT, name.length, ...name)
  }

  encode(value: unknown): Uint8Array {
    switch (typeof value) {
      case 'string':
        return isWellFormed(value) ? joined([TEXT], toUtf8.encode(value)) : joined([WIDE], wide(value))
      case 'number':
        return joined([NUMBER], toUtf8.encode(Object.is(value, -0) ? '-0' : String(value)))
      case 'bigint':
        return joined([BIGINT], toUtf8.encode(String(value)))
      case 'boolean':
        return Uint8Array.of(value ? TRUE : FALSE)
      case 'object':
        if (value === null) return Uint8Array.of(NULL)
        if (value instanceof Uint8Array) return joined([BYTES], value)
        return joined(this.#head, this.#codec.encode(value))
      default:
        throw refused(`cannot be stored: it is ${typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`}`)
    }
  }

  decode(bytes: Uint8Array): any {
    const rest = bytes.subarray(1)
    switch (bytes[0]) {
      case TEXT:
        return attempt('on the server is no text', () => fromUtf8.decode(rest))
      case WIDE:
        return narrow(rest)
      case NUMBER:
        return Number(fromUtf8.decode(rest))
      case BIGINT:
        return attempt('on the server is no bigint', () => BigInt(fromUtf8.decode(rest)))
      case BYTES:
        return new Uint8Array(rest) // a Buffer's slice() would be a part of it
      case TRUE:
      case FALSE:
        return bytes[0] === TRUE
      case NULL:
        return null
      case OBJECT:
        return this.#object(bytes)
      default:
        throw refused('on the server was not written by tophash/redis, or as JSON: then give the option json')
    }
  }

  #object(bytes: Uint8Array): unknown {
    const head = this.#head
    if (bytes.length >= head.length && head.every((byte, index) => byte === bytes[index])) {
      return this.#codec.decode(new Uint8Array(bytes.subarray(head.length)))
    }
    const name = new TextDecoder().decode(bytes.subarray(2, 2 + bytes[1]!))
    throw refused(`on the server was written by the codec '${name}', and this cache has '${this.#codec.name}'`)
  }
}

/** Whether a text has a UTF-8: no half of a surrogate pair is alone. */
export function isWellFormed(text: string): boolean {
  return (text as string & { isWellFormed(): boolean }).isWellFormed()
}

function joined(head: ArrayLike<number>, rest: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(head.length + rest.length)
  bytes.set(head)
  bytes.set(rest, head.length)
  return bytes
}

function wide(text: string): Uint8Array {
  const bytes = new Uint8Array(2 * text.length)
  const view = new DataView(bytes.buffer)
  for (let index = 0; index < text.length; index++) view.setUint16(2 * index, text.charCodeAt(index), true)
  return bytes
}

function narrow(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: bytes.length >> 1 }, (_, index) => String.fromCharCode(view.getUint16(2 * index, true))).join('')
}

function attempt<T>(what: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    throw refused(`${what} (${error instanceof Error ? error.message : String(error)})`, error)
  }
}

function refused(what: string, cause?: unknown): TophashError {
  return typeError('ERR_VALUE_TYPE', `the value ${what}.`, cause)
}
