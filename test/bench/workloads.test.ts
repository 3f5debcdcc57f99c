// The plans of all workloads: what they ask for, and that what they lead to does not depend on which thread is faster.
import { describe, expect, it } from 'vitest'
import { kindsIn } from '../../bench/harness/measure.js'
import { GET, MODIFY, REMOVE, SCAN, SET, type Plan, encodePlan, kindOf, rankOf } from '../../bench/streams/plan.js'
import { replay } from '../../bench/streams/replay.js'
import { WORKLOADS } from '../../bench/workloads/index.js'
import { describeVariant, isUsual, variantsOf } from '../../bench/workloads/variants.js'
import type { Variant, Workload } from '../../bench/workloads/workload.js'

const REQUEST = { operations: 3_000, seed: 1 }

const planned = WORKLOADS.filter(({ plan }) => plan).flatMap((workload) => {
  return variantsOf(workload, true, { size: [500], threads: [1, 3] }).map((variant) => ({ workload, variant }))
})
const named = planned.map(
  ({ workload, variant }) => [`${workload.name}: ${describeVariant(variant)}`, workload, variant] as const,
)

describe('a plan', () => {
  it.each(named)('of %s leads to the same in whatever order threads work', (_, workload, variant) => {
    const plan = planFor(workload, variant)
    const forwards = replay(plan)
    if (!plan.background) expect(replay({ ...plan, streams: plan.streams.toReversed() })).toEqual(forwards)
    expect(forwards.operations).toBeGreaterThan(0)
    const ranks = plan.streams.flatMap((stream) => Array.from(stream, rankOf))
    expect(ranks.every((rank) => rank < plan.keyCount)).toBe(true)
  })

  it.each(named)('of %s follows from the seed', (_, workload, variant) => {
    const plan = planFor(workload, variant)
    const other = workload.plan!(variant, { ...requestFor(workload, variant), seed: 2 })
    expect(isSame(planFor(workload, variant), plan)).toBe(true)
    expect(isSame(other, plan)).toBe(plan.streams.every((stream) => kindOf(stream[0]!) === SCAN))
  })

  it.each([
    ['seed-ratio', { reads: 90 }, { [GET]: 0.9, [SET]: 0.1 }],
    ['seed-state', {}, { [GET]: 0.05, [SET]: 0.95 }],
    ['read-heavy', {}, { [GET]: 0.98, [SET]: 0.01, [REMOVE]: 0.01 }],
    ['exchange', {}, { [GET]: 0.1, [SET]: 0.5, [REMOVE]: 0.4 }],
    ['rapid-grow', {}, { [GET]: 0.05, [SET]: 0.9, [REMOVE]: 0.05 }],
    ['ycsb', { case: 'A' }, { [GET]: 0.5, [SET]: 0.5 }],
    ['ycsb', { case: 'C' }, { [GET]: 1 }],
    ['ycsb', { case: 'D' }, { [GET]: 0.95, [SET]: 0.05 }],
    ['ycsb', { case: 'F' }, { [GET]: 0.5, [MODIFY]: 0.5 }],
    ['hot', { updates: 50 }, { [GET]: 0.5, [SET]: 0.5 }],
  ] as const)('of %s with %j mixes %j', (name, given, shares) => {
    const workload = WORKLOADS.find((one) => one.name === name)!
    const variant = { ...variantsOf(workload, true, { size: [2_000], threads: [2] })[0]!, ...given }
    const plan = workload.plan!(variant, { operations: 20_000, seed: 1 })
    expect(sharesOf(plan)).toEqual(
      expect.objectContaining(
        Object.fromEntries(Object.entries(shares).map(([kind, share]) => [kind, expect.closeTo(share, 1.5)])),
      ),
    )
    expect(kindsIn(plan).size).toBe(Object.keys(shares).length)
  })

  it('of latest reads finds every key', () => {
    const workload = WORKLOADS.find(({ name }) => name === 'ycsb')!
    const [variant] = variantsOf(workload, true, { case: ['D'], size: [500], threads: [2] })
    const plan = planFor(workload, variant!)
    const { hits, size } = replay(plan)
    const kinds = plan.streams.flatMap((stream) => Array.from(stream, kindOf))
    expect(hits).toBe(kinds.filter((kind) => kind === GET).length)
    expect(size).toBe(500 + kinds.filter((kind) => kind === SET).length)
  })
})

describe('variants', () => {
  const workload = WORKLOADS.find(({ name }) => name === 'seed-ratio')!

  it('differ from the usual one in one thing', () => {
    const [usual, ...others] = variantsOf(workload, true)
    expect(isUsual(workload, usual!)).toBe(true)
    for (const other of others) {
      expect(Object.entries(other).filter(([name, value]) => usual![name as keyof Variant] !== value)).toHaveLength(1)
    }
    expect(others.length).toBe(Object.values(workload.full).reduce((sum, values) => sum + values.length - 1, 0))
  })

  it('take all that is asked for, in all combinations', () => {
    const variants = variantsOf(workload, false, { keys: ['long', 'wide'], size: [7], reads: [1, 2], threads: [5] })
    expect(variants.map(({ keys, size, reads, threads }) => [keys, size, reads, threads])).toEqual([
      ['long', 7, 1, 5],
      ['wide', 7, 1, 5],
      ['long', 7, 2, 5],
      ['wide', 7, 2, 5],
    ])
  })

  it('are none where a workload does not have what is asked for', () => {
    const memory = WORKLOADS.find(({ name }) => name === 'memory')!
    expect(variantsOf(memory, true, { reads: [90] })).toEqual([])
    expect(variantsOf(workload, true, { case: ['A'] })).toEqual([])
  })
})

function planFor(workload: Workload, variant: Variant): Plan {
  return workload.plan!(variant, requestFor(workload, variant))
}

function requestFor({ operations }: Workload, variant: Variant) {
  return { ...REQUEST, operations: operations?.(variant) ?? REQUEST.operations }
}

function isSame(one: Plan, other: Plan): boolean {
  return Buffer.compare(encodePlan(one), encodePlan(other)) === 0
}

function sharesOf({ streams }: Plan): Record<number, number> {
  const counts: Record<number, number> = {}
  let all = 0
  for (const stream of streams) {
    for (const operation of stream) counts[kindOf(operation)] = (counts[kindOf(operation)] ?? 0) + 1
    all += stream.length
  }
  return Object.fromEntries(Object.entries(counts).map(([kind, count]) => [kind, count / all]))
}
