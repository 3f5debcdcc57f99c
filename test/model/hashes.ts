import type { Kind, SharedMapHandle } from 'tophash'
import { wordsOf as memoryOf } from '../support/memory.js'

// The hash function of assembly/hash/mix.ts backwards: keys that all have one hash. Nobody outside can make them,
// because the seed is secret; tests read it from the heap.

const [GOLDEN, MIX_1, MIX_2] = [0x9e3779b97f4a7c15n, 0xbf58476d1ce4e5b9n, 0x94d049bb133111ebn]
const [UNMIX_1, UNMIX_2] = [inverse(MIX_1), inverse(MIX_2)]
const SEED_AT = 16

/** Keys of a kind that all have this hash. Those of kind any are of all sorts in turn, three of them of the same bytes. */
export function* keysOf(kind: Kind, hash: number, handle: SharedMapHandle): Generator<unknown> {
  const numbers = numbersOf(hash, handle)
  const words = wordsOf(hash, handle)
  for (const text of textsOf(hash, handle)) {
    const bytes = Buffer.from(text, 'latin1')
    if (kind === 'any' || kind === 'number') yield numbers.next().value
    if (kind === 'any' || kind === 'string') yield text
    if (kind === 'any' || kind === 'bytes') yield new Uint8Array(bytes)
    if (kind === 'any') yield BigInt.asIntN(128, bytes.readBigUInt64LE(0) | (bytes.readBigUInt64LE(8) << 64n))
    if (kind === 'bigint') yield BigInt.asIntN(64, words.next().value as bigint)
  }
}

/** Numbers of this hash: as many as there are low words. */
function* numbersOf(hash: number, handle: SharedMapHandle): Generator<number> {
  for (const word of wordsOf(hash, handle)) {
    const number = new Float64Array(new BigUint64Array([word]).buffer)[0]!
    if (number === number) yield number // all NaN are one key
  }
}

/** Words of 64 bits of this hash. */
function* wordsOf(hash: number, handle: SharedMapHandle): Generator<bigint> {
  const seed = seedOf(handle)
  for (let low = 0n; ; low++) {
    const mixed = unshift29(cut(((BigInt(hash) << 32n) | low) * UNMIX_2))
    yield unshift32(cut(mixed * UNMIX_1)) ^ seed
  }
}

/** Texts of 16 Latin-1 characters of this hash that begin alike: only their last words differ. */
export function* textsOf(hash: number, handle: SharedMapHandle): Generator<string> {
  const begin = 0x2e68736168706f74n // "tophash."
  const state = shift29(cut((seedOf(handle) ^ cut(16n * GOLDEN) ^ begin) * MIX_1))
  for (let low = 0n; ; low++) {
    const mixed = unshift32(cut(((BigInt(hash) << 32n) | low) * UNMIX_2))
    const end = cut(unshift29(mixed) * UNMIX_1) ^ state
    yield Buffer.from(new BigUint64Array([begin, end]).buffer).toString('latin1')
  }
}

function seedOf(handle: SharedMapHandle): bigint {
  const words = memoryOf(handle)
  return (BigInt(words[SEED_AT / 4 + 1]! >>> 0) << 32n) | BigInt(words[SEED_AT / 4]! >>> 0)
}

function cut(x: bigint): bigint {
  return BigInt.asUintN(64, x)
}

function shift29(x: bigint): bigint {
  return x ^ (x >> 29n)
}

/** Undoes x ^= x >> 29. */
function unshift29(x: bigint): bigint {
  return x ^ (x >> 29n) ^ (x >> 58n)
}

/** Undoes x ^= x >> 32. */
function unshift32(x: bigint): bigint {
  return x ^ (x >> 32n)
}

/** The number that an odd number has to be multiplied by to give 1, by Newton's method. */
function inverse(odd: bigint): bigint {
  let x = odd
  for (let bits = 3; bits < 64; bits *= 2) x = cut(x * (2n - odd * x))
  return x
}
