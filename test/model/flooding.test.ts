// Keys that are made to collide, by somebody who knows the hash function and not the secrets. Until layout version 6 these did,
// whatever the seed: a difference in the highest bit of one word came out of the mixer as one in two bits, with certainty,
// and the next word took it back. So m words made 2^(m-1) keys of one hash.
import { describe, expect, it } from 'vitest'
import { randomOf, seedOf } from '../stress/random.js'
import { newMap } from '../support/untyped.js'

const WORDS = 12
const COUNT = 2 ** (WORDS - 1)
const [HIGHEST, TAKEN_BACK] = [1n << 63n, (1n << 63n) | (1n << 34n)]
/** Overflow buckets that no chain has of 2,048 keys which are where chance puts them: 33 entries or more. */
const LONGEST = 4

/** The keys, as words. */
function* family(random: (n: number) => number): Generator<bigint[]> {
  const begin = Array.from({ length: WORDS }, () => (BigInt(random(2 ** 32)) << 32n) | BigInt(random(2 ** 32)))
  for (let chosen = 0; chosen < COUNT; chosen++) {
    const words = [...begin]
    for (let i = 0; i < WORDS - 1; i++) {
      if (!((chosen >> i) & 1)) continue
      words[i]! ^= HIGHEST
      words[i + 1]! ^= TAKEN_BACK
    }
    yield words
  }
}

/** As keys were hashed then. */
function hashBefore(words: readonly bigint[], seed: bigint): bigint {
  const cut = (x: bigint): bigint => BigInt.asUintN(64, x)
  let x = seed ^ cut(BigInt(8 * words.length) * 0x9e3779b97f4a7c15n)
  for (const word of words) {
    x = cut((x ^ word) * 0xbf58476d1ce4e5b9n)
    x ^= x >> 29n
  }
  return cut((x ^ (x >> 32n)) * 0x94d049bb133111ebn) >> 32n
}

const bytesOf = (words: readonly bigint[]): Uint8Array => new Uint8Array(new BigUint64Array(words).buffer)
const bigintOf = (words: readonly bigint[]): bigint => words.reduceRight((sum, word) => (sum << 64n) | word, 0n)
const textOf = (words: readonly bigint[]): string => Buffer.from(bytesOf(words)).toString('latin1')
/** The same words of a text of 16-bit characters: those of its first word are never all below 256. */
const wideTextOf = (words: readonly bigint[]): string => Buffer.from(bytesOf(words)).toString('utf16le')

describe.each([
  ['texts of Latin-1', 'string', textOf],
  ['texts of UTF-16', 'string', wideTextOf],
  ['blocks', 'bytes', bytesOf],
  ['bigints', 'any', bigintOf],
] as const)('%s that once had one hash under every seed', (_, key, made) => {
  const seed = seedOf()

  it(`are spread over the buckets (seed ${seed})`, () => {
    const keys = [...family(randomOf(seed))]
    const secret = BigInt(seed) * 0x9e3779b97f4a7c15n
    expect(new Set(keys.map((words) => hashBefore(words, BigInt.asUintN(64, secret)))).size).toBe(1)
    using map = newMap([key, 'number'])
    for (const [n, words] of keys.entries()) map.set(made(words), n)
    expect(map.size).toBe(COUNT)
    const { chains } = map.inspect()
    expect(chains.findLastIndex((count) => count > 0)).toBeLessThan(LONGEST)
    map.check()
  })
})
