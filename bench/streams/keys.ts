// Keys and values. Everything follows from a key's rank, 0 to keyCount - 1: so processes and threads in any language make
// the same keys for themselves, and what a run must have found is known without any map.
import { mix } from './random.js'

/** Their places in this list are what plans say. */
export const KEY_KINDS = ['number', 'wide', 'seen', 'fresh', 'long', 'padded'] as const
export type KeyKind = (typeof KEY_KINDS)[number]
export type Key = number | string

export const ABOUT_KEYS: Record<KeyKind, string> = {
  number: 'numbers from 0 to n - 1',
  wide: 'numbers anywhere in 53 bits, where most of those of V8 are boxed',
  seen: 'the very strings that were inserted, of which V8 knows the hashes',
  fresh: 'strings that were built a moment ago, as by a parser; building them is not timed',
  long: 'strings of 64 bytes, built before',
  padded: 'strings of 16 bytes, built before',
}

/** A rank, and the operation on it, share 32 bits. */
export const RANK_BITS = 24
export const RANK_MASK = 2 ** RANK_BITS - 1
export const MOST_KEYS = 2 ** RANK_BITS - 1

const LONG_DIGITS = 60
const PADDED_DIGITS = 12
const decoder = new TextDecoder()

export function isNumberKind(kind: KeyKind): boolean {
  return kind === 'number' || kind === 'wide'
}

/** Returns a function that makes the key of a rank. Strings are new and flat each time. */
export function newKeyMaker(kind: KeyKind): (rank: number) => Key {
  switch (kind) {
    case 'number':
      return (rank) => rank
    case 'wide':
      return wideKey
    case 'seen':
    case 'fresh':
      return (rank) => `key_${rank}` // V8 makes a rope of 13 characters and more only; these are 12 at most
    case 'long':
      return newPaddedMaker(LONG_DIGITS)
    case 'padded':
      return newPaddedMaker(PADDED_DIGITS)
  }
}

/** The keys of all ranks below a count. */
export function makeKeys(kind: KeyKind, count: number): Key[] {
  const keys = new Array<Key>(count)
  const make = newKeyMaker(kind)
  for (let rank = 0; rank < count; rank++) keys[rank] = make(rank)
  return keys
}

/** The low 32 bits alone tell any two keys apart. */
function wideKey(rank: number): number {
  return (mix(~rank) >>> 11) * 2 ** 32 + mix(rank)
}

/** Decoded from bytes, because a long string that is put together from parts is a rope at first. */
function newPaddedMaker(digits: number): (rank: number) => string {
  const bytes = new TextEncoder().encode(`key_${'0'.repeat(digits)}`)
  return (rank) => {
    for (let at = bytes.length - 1; at >= 4; at--, rank = Math.floor(rank / 10)) bytes[at] = 48 + (rank % 10)
    return decoder.decode(bytes)
  }
}

const VERSIONS = 64

/** Below 2^30: V8 keeps it without a box, so the maps are measured, not the collector. */
export function valueOf(rank: number, version: number): number {
  return rank + (version % VERSIONS) * 2 ** RANK_BITS
}

/** What the SET at a place of its stream writes. */
export function versionAt(place: number): number {
  return (place + 1) % VERSIONS
}

/** What MODIFY writes in place of a value. */
export function nextVersionOf(value: number): number {
  return valueOf(value & RANK_MASK, (value >>> RANK_BITS) + 1)
}

/** The part of a value that is the same whatever the order in which threads wrote. */
export function lastingPartOf(value: number): number {
  return value & RANK_MASK
}
