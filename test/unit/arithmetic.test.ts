// Small pure pieces of the core, each against a plain restatement of what it promises.
import { beforeAll, describe, expect, it } from 'vitest'
import { run } from './probe.js'
import { some } from '../support/size.js'

type Unary = (a: number) => number
type Binary = (a: number, b: number) => number

let core: Record<string, unknown>
const MOST_BYTES = 8160

beforeAll(async () => {
  core = await run(`
    export { classOf, classBytes, batchSize, slabLog2, slabBytes, slabHeaderBytes, slabBlocks } from './assembly/memory/classes'
    export { orderOf, intervalEnd } from './assembly/hash/order'
    export { matchTag, tagPattern, emptySlots, firstSlot, withTag, withoutTag, withoutTags, tagAt } from './assembly/structures/hashmap/layout/bucket'
    export { parentOf } from './assembly/structures/hashmap/layout/table'
    export { hashNumber, drawSecrets } from './assembly/hash/mix'
    export { keyOfNumber, wordOfNumber, wordOfBlock, keyOfBlock, isBlock, isBoxed, looksLikeNaN, addressOf, hasHash, hashBitOf } from './assembly/layout/word'
    export { MAX_CLASS_BYTES } from './assembly/layout/limits'
  `)
})

const range = (first: number, last: number, step: number): number[] =>
  Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, i) => first + i * step)
const unary =
  (name: string): Unary =>
  (a) =>
    (core[name] as Unary)(a) >>> 0
const binary =
  (name: string): Binary =>
  (a, b) =>
    (core[name] as Binary)(a, b) >>> 0

describe('size classes', () => {
  it('hold what was asked for, with at most a quarter to spare', () => {
    const wrong = range(16, MOST_BYTES, 1).filter((bytes) => {
      const spare = unary('classBytes')(unary('classOf')(bytes)) - bytes
      return spare < 0 || spare >= Math.max(8, bytes * 0.27)
    })
    expect(wrong).toEqual([])
  })

  it('are multiples of 8, rise, and are their own class', () => {
    let before = 8
    for (let sizeClass = 0; sizeClass < 39; sizeClass++) {
      const size = unary('classBytes')(sizeClass)
      expect(size % 8).toBe(0)
      expect(size).toBeGreaterThan(before)
      expect(unary('classOf')(size)).toBe(sizeClass)
      before = size
    }
    expect(before).toBe(MOST_BYTES)
    expect([39, 40, 41].map(unary('classBytes'))).toEqual([160, 128, 1024]) // overflow buckets, stripes, records
  })

  it('fill their slabs, which are runs of units that fit into a page, but for 6 percent', () => {
    for (let sizeClass = 0; sizeClass < 42; sizeClass++) {
      const [bytes, blocks] = [unary('slabBytes')(sizeClass), unary('slabBlocks')(sizeClass)]
      const used = unary('slabHeaderBytes')(sizeClass) + blocks * unary('classBytes')(sizeClass)
      expect(bytes).toBe(1024 * 2 ** unary('slabLog2')(sizeClass))
      expect(bytes).toBeLessThanOrEqual(65_536)
      expect(used).toBeLessThanOrEqual(bytes)
      if (sizeClass < 41) expect(used / bytes, `class ${sizeClass}`).toBeGreaterThan(0.94)
    }
  })
})

describe('order of iteration', () => {
  const samples = [0, 1, 2, 3, 0x80000000, 0xffffffff, 0x12345678, 0xdeadbeef]

  it('reverses the bits', () => {
    for (const hash of samples) {
      const bits = hash.toString(2).padStart(32, '0')
      expect(unary('orderOf')(hash)).toBe(parseInt([...bits].reverse().join(''), 2))
    }
  })

  it('gives each bucket, at each depth, an interval of its own', () => {
    for (const depth of [0, 1, 3, 8]) {
      let next = 0
      for (let i = 0; i < 2 ** depth; i++) {
        const end = binary('intervalEnd')(next, depth)
        const index = unary('orderOf')(next) & (2 ** depth - 1)
        expect(unary('orderOf')(end) & (2 ** depth - 1)).toBe(index)
        expect(end - next + 1).toBe(2 ** (32 - depth))
        next = end + 1
      }
      expect(next).toBe(2 ** 32)
    }
  })
})

describe('tophash word', () => {
  const match = (word: bigint, pattern: bigint): bigint =>
    BigInt.asUintN(64, (core.matchTag as (a: bigint, b: bigint) => bigint)(word, pattern))
  const pattern = (hash: number): bigint => BigInt.asUintN(64, (core.tagPattern as (a: number) => bigint)(hash))

  it('never misses a tag, and never takes an empty slot for one', () => {
    const bytes = [0, 0x80, 0x81, 0xff, 0x80, 0, 0xfe, 0x81]
    const word = bytes.reduce((sum, byte, i) => sum | (BigInt(byte) << BigInt(8 * i)), 0n)
    for (const tag of [0x80, 0x81, 0xfe, 0xff]) {
      const found = match(word, pattern((tag & 0x7f) << 25))
      bytes.forEach((byte, i) => {
        const bit = (found >> BigInt(8 * i + 7)) & 1n
        if (byte === tag) expect(bit).toBe(1n)
        if (byte === 0) expect(bit).toBe(0n)
      })
    }
  })

  it('sets and clears single bytes', () => {
    const call = core as Record<string, (...args: unknown[]) => bigint>
    const word = 0x8182838485868788n
    expect(BigInt.asUintN(64, call.withTag!(word, 2, 0xffn))).toBe(0x8182838485ff8788n)
    expect(BigInt.asUintN(64, call.withoutTag!(word, 7))).toBe(0x0082838485868788n)
    expect(BigInt.asUintN(64, call.withoutTags!(word, 0x8000000000800080n))).toBe(0x0082838485008700n)
    expect(call.tagAt!(word, 0)).toBe(0x88n)
  })
})

describe('number keys', () => {
  const probe = (key: number): bigint => BigInt.asUintN(64, (core.keyOfNumber as (key: number) => bigint)(key))

  it('are equal exactly when SameValueZero says so', () => {
    expect(probe(-0)).toBe(probe(0))
    const view = new DataView(new ArrayBuffer(8))
    view.setBigUint64(0, 0xfff8000000000001n) // another NaN
    expect(probe(view.getFloat64(0))).toBe(probe(NaN))
    const others = [0, 1, -1, 0.1, 5e-324, Infinity, -Infinity, 2 ** 53, NaN].map(probe)
    expect(new Set(others).size).toBe(others.length)
  })

  it.each(some([1n, 2n, 3n, 4n], 2))(
    'hash evenly into buckets and tags, with secrets drawn from %d: integers, multiples, fractions',
    (random) => {
      ;(core.drawSecrets as (...random: bigint[]) => void)(random, 0n)
      const hash = (key: number): number => (core.hashNumber as (bits: bigint) => number)(probe(key)) >>> 0
      const streams: ((i: number) => number)[] = [
        (i) => i,
        (i) => i * 4096,
        (i) => -i,
        (i) => i + 0.5,
        (i) => 2 ** 40 + i,
        (i) => i / 7,
      ]
      for (const stream of streams) {
        for (const part of [(h: number) => h & 1023, (h: number) => h >>> 25]) {
          const counts = new Map<number, number>()
          for (let i = 1; i <= 65536; i++) {
            const p = part(hash(stream(i)))
            counts.set(p, (counts.get(p) ?? 0) + 1)
          }
          const parts = part(0xffffffff) + 1
          const mean = 65536 / parts
          const chiSquare = [...Array(parts).keys()].reduce((sum, p) => sum + ((counts.get(p) ?? 0) - mean) ** 2 / mean, 0)
          // Mean parts - 1, deviation sqrt(2 parts): six deviations would be one failure in a thousand million.
          expect(chiSquare).toBeLessThan(parts + 6 * Math.sqrt(2 * parts))
        }
      }
    },
  )
})

describe('words of any kind', () => {
  type Wasm = (...args: (number | bigint)[]) => number | bigint
  const call = (name: string, ...args: (number | bigint)[]): number | bigint => (core[name] as Wasm)(...args)
  const u64 = (value: number | bigint): bigint => BigInt.asUintN(64, BigInt(value))
  const FIRST_BLOCK = 196608
  const addresses = [FIRST_BLOCK, FIRST_BLOCK + 8, 0x7ffffff8, 0x80000000, 0xfffefff8]

  it('tell blocks from numbers and from the four that are neither', () => {
    for (const address of addresses) {
      for (const word of [
        call('wordOfBlock', address),
        call('keyOfBlock', address, 0xffffffff),
        call('keyOfBlock', address, 0),
      ]) {
        expect(call('isBlock', word)).toBe(1)
        expect(call('isBoxed', word)).toBe(1)
        expect(call('looksLikeNaN', word)).toBe(1)
        expect((call('addressOf', word) as number) >>> 0).toBe(address)
      }
    }
    for (let code = 1n; code <= 4n; code++) {
      const word = (0xfff80000n << 32n) | code
      expect([call('isBlock', word), call('isBoxed', word), call('looksLikeNaN', word)]).toEqual([0, 1, 1])
    }
    for (const value of [0, -0, 1, -1, 5e-324, -5e-324, Number.MAX_VALUE, -Number.MAX_VALUE, Infinity, -Infinity]) {
      const word = call('wordOfNumber', value)
      expect([call('isBlock', word), call('isBoxed', word), call('looksLikeNaN', word)]).toEqual([0, 0, 0])
    }
  })

  it('have one NaN, whatever its bits were', () => {
    const view = new DataView(new ArrayBuffer(8))
    for (const bits of [
      0x7ff8000000000000n,
      0xfff8000000000001n,
      0xffffffffffffffffn,
      0x7ff0000000000001n,
      0xfff8000010000000n,
    ]) {
      view.setBigUint64(0, bits)
      for (const name of ['wordOfNumber', 'keyOfNumber']) {
        const word = u64(call(name, view.getFloat64(0)))
        expect(word).toBe(0x7ff8000000000000n)
        expect([call('isBoxed', word), call('looksLikeNaN', word)]).toEqual([0, 1])
      }
    }
  })

  it('hold the lowest 22 bits of the hash of a key that is a block', () => {
    for (const hash of [0, 1, 0x3fffff, 0x400000, 0xffffffff, 0x12345678]) {
      const word = call('keyOfBlock', 0xfffefff8, hash)
      expect(call('hasHash', word, hash)).toBe(1)
      expect(call('hasHash', word, hash ^ 0xffc00000)).toBe(1)
      for (let bit = 0; bit < 22; bit++) {
        expect(call('hashBitOf', word, bit)).toBe((hash >>> bit) & 1)
        expect(call('hasHash', word, hash ^ (1 << bit))).toBe(0)
      }
    }
    for (const number of [0, 1, NaN, -Infinity]) expect(call('hasHash', call('wordOfNumber', number), 0)).toBe(0)
  })
})

describe('parents', () => {
  it('are the index without its highest bit', () => {
    expect([1, 2, 3, 5, 8, 0xffffff].map(unary('parentOf'))).toEqual([0, 0, 1, 1, 0, 0x7fffff])
  })
})
