// Keys and values. Everything follows from a key's rank, 0 to n - 1: so threads make the same keys for themselves, and
// the sum of all values is known without any map.
import { Buffer } from 'node:buffer'
import { mix, newDraw, shuffledRanks } from '../streams/random.js'

/** dense: 0 to n - 1. wide: anywhere in 0 to 2^53 - 1, where most of V8's numbers are boxed. */
export type KeyRange = 'dense' | 'wide'
export const KEY_RANGES: readonly KeyRange[] = ['dense', 'wide']

export const STRING_LENGTH = 16
const SEED = 20_240_229

/** The orders of a run: in one the keys are inserted, in another, independent one they are looked up. */
export interface Orders {
  inserts: Uint32Array
  lookups: Uint32Array
}

export function makeOrders(count: number): Orders {
  const draw = newDraw(SEED)
  return { inserts: shuffledRanks(count, draw), lookups: shuffledRanks(count, draw) }
}

export function numberKeys(ranks: Uint32Array, range: KeyRange): Float64Array {
  return range === 'dense' ? Float64Array.from(ranks) : Float64Array.from(ranks, wideKey)
}

/** The low 32 bits alone tell any two keys apart. */
function wideKey(rank: number): number {
  return (mix(~rank) >>> 11) * 2 ** 32 + mix(rank)
}

/** The text of string keys, 16 hexadecimal digits each, not yet made into strings. */
export function stringBytes(ranks: Uint32Array): Buffer {
  const bytes = Buffer.alloc(ranks.length * STRING_LENGTH)
  for (const [i, rank] of ranks.entries()) {
    writeHex(bytes, i * STRING_LENGTH, mix(~rank))
    writeHex(bytes, i * STRING_LENGTH + 8, mix(rank))
  }
  return bytes
}

function writeHex(bytes: Buffer, at: number, word: number): void {
  for (let i = 7; i >= 0; i--, word >>>= 4) bytes[at + i] = '0123456789abcdef'.charCodeAt(word & 15)
}

/**
 * Makes strings of a part of the bytes. Each is a new flat string, as a parser or a socket would give: V8 has not
 * computed its hash, and it is not the string of the same characters that some map already holds.
 */
export function freshStrings(bytes: Buffer, from: number, to: number): string[] {
  const strings: string[] = []
  for (let at = from * STRING_LENGTH; at < to * STRING_LENGTH; at += STRING_LENGTH) {
    strings.push(bytes.toString('latin1', at, at + STRING_LENGTH))
  }
  return strings
}

/**
 * Numbers with a fraction, unless `base` is whole. It makes a difference to the Map: V8 keeps whole numbers below 2^31
 * in the table itself, and each other number in a box of its own.
 */
export function valuesOf(ranks: Uint32Array, base = 0.5): Float64Array {
  return Float64Array.from(ranks, (rank) => base + rank)
}

/** Exact: all partial sums are multiples of 0.5 far below 2^52, whatever the order. */
export function sumOfValues(count: number, base = 0.5): number {
  return count * base + (count * (count - 1)) / 2
}
