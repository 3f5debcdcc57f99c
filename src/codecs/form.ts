import { LENGTH_SHIFT, MAX_PAYLOAD, TYPE, TYPE_MASK } from '../core/exports.js'
import { type TophashErrorCode, describe, typeError } from '../errors.js'
import { measure } from './text.js'

/**
 * A key or value as the core keeps it, but in JavaScript's memory: what operations take that are not on the fastest
 * way, and what compareAndSet compares. `meta` is the meta word; the content is a number (NUMBER), 64 bits (WORD), a
 * string (LATIN1, UTF16), or the payload's bytes.
 */
export interface Form {
  readonly meta: number
  readonly content: number | bigint | string | Uint8Array
}

/** Whose error it is when something cannot be stored. */
export interface Subject {
  readonly code: TophashErrorCode
  /** As in 'keys of this map'. */
  readonly name: string
}

export function numberForm(content: number): Form {
  return { meta: TYPE.number, content }
}

export function wordForm(content: bigint): Form {
  return { meta: TYPE.word, content }
}

/** @throws the subject's error if the text is too long */
export function textForm(text: string, subject: Subject): Form {
  const meta = measure(text)
  if (meta >= 2 ** 32) throw tooLong(subject, Math.floor(meta / 2 ** LENGTH_SHIFT))
  return { meta, content: text }
}

/** @throws the subject's error if there are too many bytes */
export function bytesForm(type: number, bytes: Uint8Array, length: number, subject: Subject): Form {
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

/** Whether a form has a payload. */
export function isBlock(meta: number): boolean {
  return (meta & TYPE_MASK) < TYPE.number
}

/** Whether two keys or values are the same: numbers by SameValueZero, the rest by meta word and content. */
export function sameForm(a: Form, b: Form): boolean {
  if (a.meta !== b.meta) return false
  if (a.content === b.content) return true
  if (typeof a.content === 'number') return a.content !== a.content && b.content !== b.content
  if (typeof a.content !== 'object') return false
  const other = b.content as Uint8Array
  return a.content.every((byte, index) => byte === other[index])
}

/** A form that the program cannot change: for one that is kept while its code runs. */
export function ownForm(form: Form): Form {
  const { meta, content } = form
  return typeof content === 'object' ? { meta, content: new Uint8Array(content) } : form
}
