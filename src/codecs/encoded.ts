import { LENGTH_SHIFT, MAX_PAYLOAD, TYPE, TYPE_MASK } from '../core/layout.js'
import { type TophashErrorCode, describe, typeError } from '../core/errors.js'
import { measure } from '../core/text.js'

/**
 * A key or value as the core keeps it, but in JavaScript's memory: what operations take that are not on the fastest
 * way, and what compareAndSet compares. `meta` is the meta word; the content is a number (NUMBER), 64 bits (WORD), a
 * string (LATIN1, UTF16), or the payload's bytes.
 */
export interface Encoded {
  readonly meta: number
  readonly content: number | bigint | string | Uint8Array
}

/** Whose error it is when something cannot be stored. */
export interface Subject {
  readonly code: TophashErrorCode
  /** As in 'keys of this map'. */
  readonly name: string
}

export function encodedNumber(content: number): Encoded {
  return { meta: TYPE.number, content }
}

export function encodedWord(content: bigint): Encoded {
  return { meta: TYPE.word, content }
}

/** @throws the subject's error if the text is too long */
export function encodedText(text: string, subject: Subject): Encoded {
  const meta = measure(text)
  if (meta >= 2 ** 32) throw tooLong(subject, Math.floor(meta / 2 ** LENGTH_SHIFT))
  return { meta, content: text }
}

/** @throws the subject's error if there are too many bytes */
export function encodedBytes(type: number, bytes: Uint8Array, length: number, subject: Subject): Encoded {
  if (length > MAX_PAYLOAD) throw tooLong(subject, length)
  return { meta: ((length << LENGTH_SHIFT) | type) >>> 0, content: bytes }
}

/** The error for a key or value that is too long. */
export function tooLong(subject: Subject, byteLength: number): Error {
  return typeError(
    subject.code,
    `The ${subject.name} take ${MAX_PAYLOAD} bytes each at most; this one takes ${byteLength}. Store it in parts.`,
  )
}

/** The error for a key or value of another type; `wanted` is what they are. */
export function wrongType(subject: Subject, wanted: string, given: unknown): Error {
  return typeError(subject.code, `The ${subject.name} are ${wanted}; got ${describe(given)}.`)
}

/** Whether something encoded has a payload. */
export function isBlock(meta: number): boolean {
  return (meta & TYPE_MASK) < TYPE.number
}

/** Whether something encoded is that of an object, which code of the program's may have to read. */
export function isObject(meta: number): boolean {
  return (meta & TYPE_MASK) === TYPE.object
}

/** Whether two keys or values are the same: numbers by SameValueZero, the rest by meta word and content. */
export function sameEncoded(a: Encoded, b: Encoded): boolean {
  if (a.meta !== b.meta) return false
  if (a.content === b.content) return true
  if (typeof a.content === 'number') return a.content !== a.content && b.content !== b.content
  if (typeof a.content !== 'object') return false
  const other = b.content as Uint8Array
  return a.content.every((byte, index) => byte === other[index])
}

/** Something encoded that the program cannot change: for one that is kept while its code runs. */
export function ownEncoded(encoded: Encoded): Encoded {
  const { meta, content } = encoded
  return typeof content === 'object' ? { meta, content: new Uint8Array(content) } : encoded
}
