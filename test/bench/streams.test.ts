// What all contenders are fed with: random numbers, keys, plans, and what is expected of them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readPlan, writePlan } from '../../bench/streams/files.js'
import {
  KEY_KINDS,
  MOST_KEYS,
  lastingPartOf,
  makeKeys,
  newKeyMaker,
  nextVersionOf,
  valueOf,
  versionAt,
} from '../../bench/streams/keys.js'
import {
  GET,
  INCREMENT,
  MODIFY,
  REMOVE,
  SCAN,
  SET,
  type Plan,
  decodePlan,
  encodePlan,
  operationOf,
} from '../../bench/streams/plan.js'
import { drawFraction, newDraw, shuffledRanks } from '../../bench/streams/random.js'
import { replay } from '../../bench/streams/replay.js'
import { Latest, ScrambledZipfian, Zipfian, hashedBelow, newPicker } from '../../bench/streams/zipfian.js'

const SAMPLES = 400_000
const folder = mkdtempSync(path.join(tmpdir(), 'tophash-streams-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('random numbers', () => {
  it('are those of the seed', () => {
    const draw = newDraw(7)
    expect([draw(2 ** 32), draw(100), draw(100)]).toEqual([2_064_663_467, 17, 40])
    expect(newDraw(8)(2 ** 32)).not.toBe(newDraw(7)(2 ** 32))
  })

  it('fill the whole range of fractions', () => {
    const draw = newDraw(1)
    const fractions = Array.from({ length: 10_000 }, () => drawFraction(draw))
    expect(Math.min(...fractions)).toBeLessThan(0.001)
    expect(Math.max(...fractions)).toBeGreaterThan(0.999)
    expect(Math.max(...fractions)).toBeLessThan(1)
    expect(fractions.some((fraction) => (fraction * 2 ** 53) % 2 === 1)).toBe(true)
  })

  it('shuffle', () => {
    const ranks = shuffledRanks(1000, newDraw(1))
    expect(ranks.toSorted()).toEqual(Uint32Array.from({ length: 1000 }, (_, i) => i))
    expect(ranks.filter((rank, i) => rank === i).length).toBeLessThan(10)
  })
})

describe('zipfian ranks', () => {
  it('come as often as the formula says, but for what the approximation is off', () => {
    const counts = countsOf(1000, new Zipfian(1000, newDraw(3)))
    const weights = Array.from({ length: 1000 }, (_, rank) => 1 / (rank + 1) ** 0.99)
    const all = weights.reduce((sum, weight) => sum + weight)
    for (const [from, to] of [
      [0, 1],
      [1, 2],
      [2, 10],
      [10, 100],
      [100, 500],
      [500, 1000],
    ] as const) {
      const expected = sumOf(weights, from, to) / all
      expect(Math.abs(sumOf(counts, from, to) / SAMPLES / expected - 1), `ranks ${from} to ${to}`).toBeLessThan(0.1)
    }
  })

  it('are spread by chance as chance has it', () => {
    // The approximation of Gray et al. as a distribution: the chance of each rank, from the inverse of its formula.
    const [count, samples] = [50, 100_000]
    const counts = countsOf(count, new Zipfian(count, newDraw(11)), samples)
    const chances = chancesOf(count)
    const chiSquare = chances.reduce((sum, chance, rank) => sum + (counts[rank]! - chance * samples) ** 2 / (chance * samples), 0)
    expect(chiSquare).toBeLessThan(86) // exceeded once in a thousand seeds, with 49 degrees of freedom
  })

  it('are scrambled as those of YCSB', () => {
    expect(hashedBelow(0, MOST_KEYS)).toBe(hashOfYcsb(0n, MOST_KEYS))
    for (const number of [1, 255, 256, 123_456_789, 9_999_999_999]) {
      expect(hashedBelow(number, 1000)).toBe(hashOfYcsb(BigInt(number), 1000))
    }
    const counts = countsOf(100_000, new ScrambledZipfian(100_000, newDraw(5)))
    const hottest = hashOfYcsb(0n, 100_000)
    expect(counts.indexOf(Math.max(...counts))).toBe(hottest)
    expect(counts[hottest]! / SAMPLES).toBeCloseTo(1 / 26.469, 2)
    expect(counts.filter((count) => count > 0).length).toBeGreaterThan(50_000)
  })

  it('of the latest keys follow the inserts', () => {
    const latest = new Latest(10, newDraw(5))
    const before = Array.from({ length: 1000 }, () => latest.nextAge())
    for (let i = 0; i < 990; i++) latest.inserted()
    const after = Array.from({ length: 10_000 }, () => latest.nextAge())
    expect(Math.max(...before)).toBe(9)
    expect(Math.max(...after)).toBeGreaterThan(900)
    expect(Math.max(...after)).toBeLessThan(1000)
    expect(after.filter((age) => age === 0).length / 10_000).toBeCloseTo(1 / sumOf(weightsOf(1000), 0, 1000), 1)
  })

  it('or uniform ones', () => {
    const next = newPicker('uniform', 10, newDraw(5))
    const counts = countsOf(10, { next })
    for (const count of counts) expect(count / SAMPLES).toBeCloseTo(0.1, 2)
    expect(newPicker('zipfian', 10, newDraw(5))()).toBe(new ScrambledZipfian(10, newDraw(5)).next())
  })
})

describe('keys', () => {
  it.each([
    ['number', 12_345, 12_345],
    ['wide', 12_345, wideKeyByBigInt(12_345)],
    ['seen', 12_345, 'key_12345'],
    ['fresh', 12_345, 'key_12345'],
    ['long', 12_345, `key_${'0'.repeat(55)}12345`],
    ['padded', 12_345, 'key_000000012345'],
  ] as const)('of kind %s', (kind, rank, key) => {
    expect(newKeyMaker(kind)(rank)).toBe(key)
  })

  it.each(KEY_KINDS)('are all different: %s', (kind) => {
    const keys = makeKeys(kind, 20_000)
    expect(new Set(keys).size).toBe(20_000)
    if (kind === 'wide') expect(keys.every(Number.isSafeInteger)).toBe(true)
  })

  it('have values of which a part lasts', () => {
    expect(valueOf(MOST_KEYS, 63)).toBeLessThan(2 ** 30)
    expect([versionAt(0), versionAt(62), versionAt(63)]).toEqual([1, 63, 0])
    expect(nextVersionOf(valueOf(5, 63))).toBe(valueOf(5, 0))
    expect(nextVersionOf(valueOf(5, 1))).toBe(valueOf(5, 2))
    expect(lastingPartOf(valueOf(MOST_KEYS, 9))).toBe(MOST_KEYS)
  })
})

describe('a plan', () => {
  const plan: Plan = {
    keyKind: 'long',
    valueKind: 'boolean',
    keyCount: 9,
    prefill: 4,
    threads: 2,
    counters: true,
    background: false,
    presize: true,
    sampleEvery: 16,
    loops: 3,
    bound: 0,
    streams: [Uint32Array.of(operationOf(SCAN, 0)), Uint32Array.of(operationOf(SET, 8), operationOf(REMOVE, MOST_KEYS))],
  }

  it('lies in memory as other languages read it', () => {
    const words = [4, 1, 9, 4, 2, 2, 0b101, 16, 3, 0, 1, 2, 0x05000000, 0x01000008, 0x02ffffff]
    const bytes = words.flatMap((word) => [word & 255, (word >>> 8) & 255, (word >>> 16) & 255, word >>> 24])
    expect([...encodePlan(plan)]).toEqual([...new TextEncoder().encode('THPLAN01'), ...bytes])
    expect(encodePlan({ ...plan, background: true, presize: false, counters: false })[32]).toBe(2)
  })

  it('survives a file', () => {
    const file = path.join(folder, 'plan')
    writePlan(file, plan)
    expect(readPlan(file)).toEqual(plan)
  })

  it('is refused if it is none, or cut off', () => {
    expect(() => decodePlan(new Uint8Array(64))).toThrow('this is not a plan')
    expect(() => decodePlan(encodePlan(plan).slice(0, -4))).toThrow('cut off')
    const foreign = encodePlan(plan)
    foreign[8] = 99
    expect(() => decodePlan(foreign)).toThrow('another version')
  })
})

describe('what is expected of a plan', () => {
  const plan: Plan = {
    keyKind: 'number',
    valueKind: 'number',
    keyCount: 10,
    prefill: 3,
    threads: 1,
    counters: false,
    background: false,
    presize: false,
    sampleEvery: 1,
    loops: 1,
    bound: 0,
    streams: [],
  }
  const stream = (...operations: [kind: number, rank: number][]): Uint32Array =>
    Uint32Array.from(operations, ([kind, rank]) => operationOf(kind, rank))

  it('follows each kind of operation', () => {
    const streams = [
      stream([GET, 2], [GET, 9], [SET, 9], [GET, 9], [REMOVE, 1], [REMOVE, 1], [MODIFY, 2], [MODIFY, 8], [SCAN, 0]),
    ]
    expect(replay({ ...plan, streams })).toEqual({
      operations: 9,
      hits: 3,
      sum: 2 + 9 + (0 + 2 + 9),
      removed: 1,
      visited: 3,
      size: 3,
      content: 11,
    })
  })

  it('goes over all streams, so many times, up to the limit', () => {
    const streams = [stream([GET, 1], [GET, 2]), stream([SET, 5], [REMOVE, 5], [SET, 6])]
    expect(replay({ ...plan, loops: 2, streams })).toMatchObject({ operations: 10, hits: 4, removed: 2, size: 4 })
    expect(replay({ ...plan, loops: 2, streams }, 3)).toMatchObject({ operations: 6, hits: 3, sum: 4, removed: 1 })
    expect(replay({ ...plan, background: true, streams })).toMatchObject({ operations: 2, hits: 2, size: 3 })
  })

  it('counts', () => {
    const streams = [stream([INCREMENT, 7], [INCREMENT, 7], [GET, 7], [INCREMENT, 0])]
    expect(replay({ ...plan, counters: true, streams })).toMatchObject({ hits: 1, sum: 0, size: 4, content: 3 })
  })

  it('takes a boolean for one', () => {
    const streams = [stream([GET, 2], [SET, 9], [SCAN, 0])]
    expect(replay({ ...plan, valueKind: 'boolean', streams })).toMatchObject({ sum: 1 + 4, visited: 4, content: 4 })
  })
})

function countsOf(ranks: number, picker: { next(): number }, samples = SAMPLES): number[] {
  const counts = new Array<number>(ranks).fill(0)
  for (let i = 0; i < samples; i++) counts[picker.next()]!++
  return counts
}

function sumOf(numbers: number[], from: number, to: number): number {
  return numbers.slice(from, to).reduce((sum, number) => sum + number, 0)
}

function weightsOf(count: number): number[] {
  return Array.from({ length: count }, (_, rank) => 1 / (rank + 1) ** 0.99)
}

/** The ranks 0 and 1 have their weights; rank r begins at the fraction that the formula turns into r. */
function chancesOf(count: number): number[] {
  const weights = weightsOf(count)
  const zeta = sumOf(weights, 0, count)
  const eta = (1 - (2 / count) ** 0.01) / (1 - sumOf(weights, 0, 2) / zeta)
  const startOf = (rank: number): number => ((rank / count) ** 0.01 - 1 + eta) / eta
  const formula = (rank: number): number => Math.max(startOf(2), sumOf(weights, 0, 2) / zeta, startOf(rank))
  return weights.map((weight, rank) => (rank < 2 ? weight / zeta : startOf(rank + 1) - formula(rank)))
}

function hashOfYcsb(number: bigint, count: number): number {
  let hash = 0xcbf29ce484222325n
  for (let byte = 0; byte < 8; byte++, number >>= 8n) hash = BigInt.asUintN(64, (hash ^ (number & 255n)) * 1_099_511_628_211n)
  const signed = BigInt.asIntN(64, hash)
  return Number((signed < 0n ? -signed : signed) % BigInt(count))
}

function wideKeyByBigInt(rank: number): number {
  const word = (bits: bigint): bigint => BigInt.asUintN(32, bits)
  const mix = (bits: bigint): bigint => {
    bits = word((bits ^ (bits >> 16n)) * 0x85ebca6bn)
    bits = word((bits ^ (bits >> 13n)) * 0xc2b2ae35n)
    return bits ^ (bits >> 16n)
  }
  return Number((mix(word(~BigInt(rank))) >> 11n) * 2n ** 32n + mix(BigInt(rank)))
}
