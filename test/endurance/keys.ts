// Keys by number, of every kind: the model knows a key by its number alone, and what comes out of a map tells it.
import type { Kind } from 'tophash'
import { isBytes, short } from '../support/values.js'
import { fillBytes, fillText, isSame, lengthOf, numberIn } from './fillings.js'

/** The first keys of each kind are those that tend to be mistaken for others. None of them is a regular one. */
const SPECIAL: Readonly<Record<Kind, readonly unknown[]>> = {
  number: [NaN, 0, Infinity, -Infinity, 5e-324, Number.MAX_VALUE, 2 ** 53, -(2 ** 53)],
  bigint: [0n, -1n, 1n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n), -(2n ** 63n) + 1n, 3n],
  string: ['', '\0', '\0\0', '\ud800', '\udc00\ud800', '😀', 'NaN', '__proto__'],
  bytes: [[], [0], [0, 0], [0, 0, 0], [1], [255], [255, 255], [1, 0, 0]].map((bytes) => Uint8Array.from(bytes)),
  any: [undefined, null, true, false, NaN, '', 0n, new Uint8Array(0)],
}
const SPECIALS = 8

/** Where the keys are that a Map can find; the others are bytes. */
const SPECIAL_NUMBERS = new Map(Object.entries(SPECIAL).map(([kind, keys]) => [kind, new Map(keys.map((key, n) => [key, n]))]))

/** The n-th key of a kind: a new value each time. */
export function keyAt(kind: Kind, n: number): unknown {
  if (n < SPECIALS) {
    const key = SPECIAL[kind][n]
    return isBytes(key) ? key.slice() : key
  }
  return kind === 'any' ? regular(SORTS[n % 4]!, n) : regular(kind, n)
}

/** What keys of kind any are, in turn; bigints among them are such as take a block. */
const SORTS = ['number', 'string', 'huge', 'bytes'] as const

function regular(sort: Exclude<Kind, 'any'> | 'huge', n: number): unknown {
  switch (sort) {
    case 'number':
      return n & 1 ? -n - 0.5 : n
    case 'bigint':
      return n & 1 ? -(BigInt(n) << 40n) : BigInt(n)
    case 'huge':
      return BigInt(n) << 70n
    case 'string':
      return `${n}|${fillText(n, lengthOf(n))}`
    case 'bytes':
      return fillBytes(n, lengthOf(n))
  }
}

/** The number of a key that came out of a collection. @throws if it is no key of this kind, whole */
export function numberOfKey(kind: Kind, key: unknown): number {
  const n = guess(kind, key)
  if (!(n >= 0) || !isSame(key, keyAt(kind, n))) throw new Error(`${short(key)} is no key, or not a whole one`)
  return n
}

function guess(kind: Kind, key: unknown): number {
  if (isBytes(key)) return key.length < 4 ? SPECIAL[kind].findIndex((one) => isSame(key, one)) : numberIn(key)
  const special = SPECIAL_NUMBERS.get(kind)!.get(key)
  if (special !== undefined) return special
  if (typeof key === 'number') return Math.floor(Math.abs(key))
  if (typeof key === 'string') return parseInt(key, 10)
  if (typeof key !== 'bigint') return NaN
  if (kind === 'any') return Number(key >> 70n)
  return Number(key < 0n ? -key >> 40n : key)
}
