// Values by code, of every kind: the model of a map is the code of the value of each key. Different codes are different
// values, and what an increment makes of a number has a code too.
import type { Kind } from 'tophash'
import { isBytes, short } from '../support/values.js'
import { fillBytes, fillText, isSame, lengthOf } from './fillings.js'

/** The code of no value. */
export const ABSENT = 0

/** Values of the first codes. */
const SPECIAL: Readonly<Record<Kind, readonly unknown[]>> = {
  number: [NaN, -0, Infinity, -Infinity, 5e-324, Number.MAX_VALUE, -(2 ** 53)],
  bigint: [1n, -1n, 2n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n), -(2n ** 63n) + 1n],
  string: ['', '\0', '\0\0', '\ud800', '\udc00\ud800', '😀', 'NaN'],
  bytes: [[], [0], [0, 0], [0, 0, 0], [1], [255], [255, 255]].map((bytes) => Uint8Array.from(bytes)),
  any: [undefined, null, true, false, NaN, '', -0],
}
const FIRST_REGULAR = 8

/** Codes lie below this; increments may lead somewhat beyond. */
const CODES = 2 ** 30
/** A value of kind any is of the sort that its code's remainder says. Objects are few: they take long. */
const SORTS = [
  'number',
  'string',
  'bytes',
  'huge',
  'number',
  'string',
  'bytes',
  'huge',
  'number',
  'string',
  'bytes',
  'object',
  'number',
  'string',
  'number',
  'map',
] as const
/** Sums differ by multiples of this from what was added to, so they are of the same sort. */
const STEP = SORTS.length

/** A code at random. One of 64 is that of a special value. */
export function codeOf(random: (n: number) => number): number {
  return random(64) === 0 ? 1 + random(FIRST_REGULAR - 1) : FIRST_REGULAR + random(CODES - FIRST_REGULAR)
}

/** The value of a code: a new one each time. Not for ABSENT. */
export function valueAt(kind: Kind, code: number): unknown {
  if (code < FIRST_REGULAR) {
    const value = SPECIAL[kind][code - 1]
    return isBytes(value) ? value.slice() : value
  }
  return regular(kind === 'any' ? SORTS[code % STEP]! : kind, code)
}

function regular(sort: Exclude<Kind, 'any'> | 'huge' | 'object' | 'map', code: number): unknown {
  switch (sort) {
    case 'number':
      return code * 0.25
    case 'bigint':
      return BigInt(code) << 32n
    case 'huge':
      return BigInt(code) << 70n
    case 'string':
      return textOf(code)
    case 'bytes':
      return fillBytes(code, lengthOf(code))
    case 'object':
      return { code, list: [code, null, -0], text: textOf(code) }
    case 'map':
      return new Map<unknown, unknown>([
        [code, new Set([code, 'text'])],
        ['bytes', fillBytes(code, code % 40)],
      ])
  }
}

function textOf(code: number): string {
  return `${code}|${fillText(code, lengthOf(code))}`
}

/** What has been read has to be the value of this code, whole; undefined for ABSENT. @throws */
export function expectValue(kind: Kind, given: unknown, code: number): void {
  const expected = code === ABSENT ? undefined : valueAt(kind, code)
  if (!isSame(given, expected)) throw new Error(`got ${short(given)}, expected ${short(expected)} (code ${code})`)
}

// ---- Increments ----

/** What can be added to a value. */
export interface Increment {
  readonly by: unknown
  /** The code of the sum. */
  readonly code: number
}

/** Something that can be added to the value of a code; undefined if that is no number, or one that would not change. */
export function incrementOf(kind: Kind, code: number, random: (n: number) => number): Increment | undefined {
  const sort = kind === 'any' ? SORTS[code % STEP]! : kind
  if (sort !== 'number' && sort !== 'bigint' && sort !== 'huge') return undefined
  if (code !== ABSENT && code < FIRST_REGULAR) return undefined
  const steps = (1 + random(1000)) * STEP
  const by = code > CODES / 2 ? -steps : steps
  return { by: sort === 'number' ? by * 0.25 : BigInt(by) << (sort === 'huge' ? 70n : 32n), code: code + by }
}

/** Whether an increment of such a value is refused. */
export function isNoNumber(kind: Kind, code: number): boolean {
  if (kind !== 'any') return kind === 'string' || kind === 'bytes'
  return code >= FIRST_REGULAR && !['number', 'huge'].includes(SORTS[code % STEP]!)
}
