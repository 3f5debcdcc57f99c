// What keeps keys apart: SipHash against published values, and both hashes against a search for differences that nobody
// should find. docs/design/hashmap.md, section 2, has the argument.
import { beforeAll, describe, expect, it } from 'vitest'
import { seedOf } from '../stress/random.js'
import { sized } from '../support/size.js'
import { FUNCTIONS, SEARCH } from './hash-search.js'
import { compile } from './probe.js'
import { SECRETS } from '../../src/core/layout.js'

interface Probe {
  readonly memory: WebAssembly.Memory
  sipHash(address: number, bytes: number, key0: bigint, key1: bigint): bigint
  hashNumber(bits: bigint): number
  drawSecrets(random0: bigint, random1: bigint): void
  seed(to: bigint): void
  search(which: number, bytes: number, first: number, lowestEnd: number, step: number, end: number): number
}

const seed = seedOf()
/** So many of 64 keys may keep their bucket, of 4096: of millions of differences some have two or three by chance. */
const MOST = 5
let probe: Probe
const memory = new WebAssembly.Memory({ initial: 4, maximum: 65536, shared: true })

beforeAll(async () => {
  const module = new WebAssembly.Module(await compile(SEARCH, '-O3', '--noAssert'))
  probe = new WebAssembly.Instance(module, { env: { memory, recoverIfDead: () => 0, clock: () => 1 } })
    .exports as unknown as Probe
  probe.seed(BigInt(seed))
})

describe('SipHash-1-3', () => {
  /** Of the key 00 01 ... 0f and as many bytes 00 01 ..., by OpenSSL: openssl mac -macopt c-rounds:1 -macopt d-rounds:3 -macopt size:8. */
  const PUBLISHED = [
    [0, 0xabac0158050fc4dcn],
    [1, 0xc9f49bf37d57ca93n],
    [7, 0xd3927d989bb11140n],
    [8, 0x369095118d299a8en],
    [9, 0x25a48eb36c063de4n],
    [15, 0xd320d86d2a519956n],
    [16, 0xcc4fdd1a7d908b66n],
    [63, 0x9d199062b7bbb3a8n],
  ] as const

  it.each(PUBLISHED)('of %d bytes is as published', (bytes, expected) => {
    const key = new Uint8Array(memory.buffer, 4096, 512).fill(0)
    for (let i = 0; i < bytes; i++) key[i] = i
    expect(BigInt.asUintN(64, probe.sipHash(4096, bytes, 0x0706050403020100n, 0x0f0e0d0c0b0a0908n))).toBe(expected)
  })

  it('keys a heap with five words of 64 bits, other ones for each bit of what they are drawn from', () => {
    const draw = (random0: bigint, random1: bigint): string => {
      probe.drawSecrets(random0, random1)
      return new BigUint64Array(memory.buffer, SECRETS.first, 5).join()
    }
    const all = Array.from({ length: 64 }, (_, bit) => 1n << BigInt(bit)).flatMap((word) => [draw(word, 0n), draw(0n, word)])
    const words = [...all, draw(0n, 0n)].flatMap((one) => one.split(','))
    expect(new Set(words).size).toBe(129 * 5)
  })
})

describe(`a search for differences that keep keys together (seed ${seed})`, () => {
  const LENGTHS = Array.from({ length: 64 }, (_, i) => i + 1)
  const STEP = sized(16, 4)
  /** Differences in two words that follow each other, other ones for each length; some bits of the first, other ones again. */
  const searchAt = (which: number, bytes: number, words: number, lowest = bytes % STEP, step = STEP): number => {
    const pair = bytes % Math.max(1, words - 1)
    const [first, end] = [64 * pair, Math.min(8 * bytes, 64 * pair + 128)]
    return probe.search(which, bytes, first + lowest, Math.min(end, first + 64), step, end)
  }

  it('finds none in the hash of bytes: texts of both widths, blocks, large bigints', () => {
    expect(LENGTHS.filter((bytes) => searchAt(FUNCTIONS.bytes, bytes, Math.ceil(bytes / 8)) > MOST)).toEqual([])
  })

  it('finds none in the hash of words', () => {
    expect(probe.search(FUNCTIONS.word, 8, 0, 64, 1, 64)).toBeLessThanOrEqual(MOST)
  })

  it.each([16, 17, 24, 31, 40, 64])('would find what was wrong with the hash of bytes before, in %d bytes', (bytes) => {
    expect(searchAt(FUNCTIONS.bytesBefore, bytes, Math.floor(bytes / 8), 0, 1)).toBe(64) // of 64 keys, each under other secrets
  })
})
