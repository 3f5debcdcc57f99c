// The parts of the benchmark that its figures rest on.
import { describe, expect, it } from 'vitest'
import { interleave } from '../../bench/harness/interleave.js'
import { freshStrings, makeOrders, numberKeys, stringBytes, sumOfValues, valuesOf } from '../../bench/harness/keys.js'
import type { Contender, Measurement } from '../../bench/harness/measurement.js'
import { percentileOf, spreadOf } from '../../bench/harness/statistics.js'

const COUNT = 100_000

describe('keys', () => {
  const { inserts, lookups } = makeOrders(COUNT)

  it('come in two different orders, the same in every run', () => {
    expect(inserts.toSorted()).toEqual(Uint32Array.from({ length: COUNT }, (_, i) => i))
    expect(lookups.toSorted()).toEqual(inserts.toSorted())
    expect(makeOrders(COUNT)).toEqual({ inserts, lookups })
    const samePlace = inserts.filter((rank, i) => rank === lookups[i]).length
    expect(samePlace).toBeLessThan(20) // one is expected
  })

  it('are dense, or spread over all 53 bits', () => {
    expect(new Float64Array(numberKeys(inserts, 'dense')).sort().at(-1)).toBe(COUNT - 1)
    const wide = numberKeys(inserts, 'wide')
    expect(new Set(wide).size).toBe(COUNT)
    expect(wide.every(Number.isSafeInteger)).toBe(true)
    expect(Math.min(...wide.subarray(0, 1000))).toBeLessThan(2 ** 46)
    expect(Math.max(...wide.subarray(0, 1000))).toBeGreaterThan(2 ** 52)
    expect(numberKeys(lookups, 'wide').toSorted()).toEqual(wide.toSorted())
  })

  it('are different strings of 16 characters, the same for the same ranks', () => {
    const strings = freshStrings(stringBytes(inserts), 0, COUNT)
    expect(new Set(strings).size).toBe(COUNT)
    expect(strings.every((string) => /^[0-9a-f]{16}$/.test(string))).toBe(true)
    expect(freshStrings(stringBytes(lookups), 0, COUNT).sort()).toEqual(strings.toSorted())
    expect(freshStrings(stringBytes(inserts), 10, 12)).toEqual(strings.slice(10, 12))
  })

  it('have values whose sum is known', () => {
    expect(valuesOf(inserts).reduce((sum, value) => sum + value)).toBe(sumOfValues(COUNT))
    expect(valuesOf(inserts, 7).reduce((sum, value) => sum + value)).toBe(sumOfValues(COUNT, 7))
    expect(valuesOf(inserts).some(Number.isInteger)).toBe(false)
    expect(valuesOf(inserts, 0).every(Number.isInteger)).toBe(true)
  })
})

describe('statistics', () => {
  it.each([
    [[5], { median: 5, min: 5, max: 5, deviation: 0 }],
    [[9, 1, 2], { median: 2, min: 1, max: 9, deviation: 1 }],
    [[4, 1, 10, 2], { median: 3, min: 1, max: 10, deviation: 1.5 }],
  ])('of %j', (samples, spread) => {
    expect(spreadOf(samples)).toEqual(spread)
  })

  it('take percentiles by nearest rank', () => {
    const sorted = Float64Array.from({ length: 1000 }, (_, i) => i + 1)
    expect([0, 0.5, 0.99, 0.999, 1].map((share) => percentileOf(sorted, share))).toEqual([1, 500, 990, 999, 1000])
  })
})

describe('interleave', () => {
  it('lets the contenders take turns, and compares them within each round', async () => {
    const log: string[] = []
    const row = await interleave(measurementOf(log, [10, 20, 30], [40, 20, 90]), 3)
    expect(log.slice(-6)).toEqual(['b1', 'a1', 'a2', 'b2', 'b3', 'a3'])
    expect(log.slice(0, -6).every((turn) => turn.endsWith('0'))).toBe(true)
    expect(row.results.map((result) => result.samples)).toEqual([[10, 20, 30], [40, 20, 90]])
    expect(row.ratio).toEqual({ median: 3, min: 1, max: 4, deviation: 1 })
    expect(row).toMatchObject({ name: 'race', target: 2, met: true, checksum: 101 + 102 + 103 })
  })

  it('refuses a wrong checksum', async () => {
    const measurement = measurementOf([], [10, 10], [10, 10])
    const expected = (round: number): number => (round === 2 ? 0 : 100 + round)
    await expect(interleave({ ...measurement, expected }, 2)).rejects.toThrow(
      'race, round 2: the checksum of a is 102, not 0',
    )
  })
})

function measurementOf(log: string[], a: number[], b: number[]): Measurement {
  const contender = (name: string, samples: number[]): Contender => ({
    name,
    sample(round) {
      log.push(`${name}${round}`)
      return { nanoseconds: samples[round - 1] ?? 0, checksum: 100 + round }
    },
  })
  return { name: 'race', target: 2, expected: (round) => 100 + round, contenders: [contender('a', a), contender('b', b)] }
}
