// What keys and values are filled up with: sizes and contents that follow from a number. Most are small, so that many
// operations go by; some are of every size class, and a few need pages of their own.
import { alike, isBytes } from '../support/values.js'

/** The longest filling, in characters or bytes. */
const LONGEST = 120_000
/** Patterns begin at one of so many places, so that what has the same length need not have the same content. */
const PLACES = 256

const BYTES = Uint8Array.from({ length: LONGEST + PLACES }, (_, i) => i * 7 + (i >>> 8))
const LATIN1 = textOf((i) => 0x20 + (BYTES[i]! % 0xd0))
/** Every sort of code unit: Latin-1, others, pairs, and halves of pairs that stand alone. */
const WIDE = textOf((i) => [0x61, 0x20ac, 0xd83d, 0xde00, 0xd800, 0xff, 0, 0xffff][(i + (i >>> 8)) % 8]!)

function textOf(unit: (i: number) => number): string {
  return Buffer.from(Uint16Array.from(BYTES, (_, i) => unit(i)).buffer).toString('utf16le')
}

/** A number that looks random and follows from `n`. */
export function scrambled(n: number): number {
  const x = Math.imul(n ^ (n >>> 15), 0x2c1b3c6d)
  return (x ^ (x >>> 12)) >>> 0
}

/** How long the filling of the n-th key or value is. */
export function lengthOf(n: number): number {
  const random = scrambled(n)
  const [kind, share] = [random % 16_384, (random >>> 14) / 2 ** 18]
  if (kind === 0) return 30_000 + Math.floor(share * 90_000)
  if (kind < 24) return 2000 + Math.floor(share * 30_000)
  if (kind < 400) return 100 + Math.floor(share * 2000)
  return Math.floor(share * 70)
}

/** A text of the n-th key or value, of so many code units. One of four needs two bytes a character. */
export function fillText(n: number, length: number): string {
  const place = n % PLACES
  return (n % 4 === 3 ? WIDE : LATIN1).slice(place, place + length)
}

/** Bytes of the n-th key or value: its number, then so many more. */
export function fillBytes(n: number, length: number): Uint8Array {
  const place = n % PLACES
  const bytes = BYTES.slice(place, place + 4 + length)
  bytes[0] = n
  bytes[1] = n >>> 8
  bytes[2] = n >>> 16
  bytes[3] = n >>> 24
  return bytes
}

/** The number that such bytes begin with. */
export function numberIn(bytes: Uint8Array): number {
  return bytes[0]! | (bytes[1]! << 8) | (bytes[2]! << 16) | (bytes[3]! << 24)
}

/** Whether two keys or two values are the same. Bytes that came out are a Uint8Array with a buffer of their own. */
export function isSame(given: unknown, expected: unknown): boolean {
  if (!isBytes(expected)) return alike(given, expected)
  return isBytes(given) && given.constructor === Uint8Array && Buffer.compare(given, expected) === 0
}
