// Histories of iterations, scans and partitions while others write: what is there throughout is shown exactly once,
// nothing twice, and nothing that was not there. See visits.ts for how that becomes a history of single keys.
import { describe, expect, it } from 'vitest'
import { seedOf } from '../stress/random.js'
import { sized, some } from '../support/size.js'
import type { Plan } from '../harness/histories/job.js'
import { explain, record, seedsFrom } from '../harness/histories/recording.js'
import { PARTITION } from '../harness/structures/hashmap/histories.js'

const seed = seedOf()
const timeout = 600_000
const WRITES = ['set', 'delete', 'take', 'getOrInsert', 'exchange', 'set', 'getOrInsert']
const ACTS = [...WRITES, 'iterate', 'scan', 'retain', PARTITION]
const SET_WRITES = ['add', 'delete', 'addMany', 'add', 'iterate', 'scan', PARTITION]

/** Many keys that stay as they are, so that one that is left out, or shown twice, is missed or seen. */
const PLAN: Omit<Plan, 'collection' | 'key' | 'value' | 'acts'> = {
  threads: 4,
  checked: [1, 3],
  hot: 6,
  steady: 60,
  isColliding: false,
  filling: 400,
  fillEvery: 3,
  operations: 100,
  rounds: sized(3, 18),
  lengths: { usual: 60, longest: 3000 },
  least: { level: 5, overflow: 0 },
}
/** All in one chain of overflow buckets. */
const CHAINED: typeof PLAN = { ...PLAN, isColliding: true, filling: 20, least: { level: 0, overflow: 2 } }
const PLANS: readonly (readonly [string, Plan])[] = [
  ['a map of numbers that grows', { ...PLAN, collection: 'map', key: 'number', value: 'number', acts: ACTS }],
  ['a map of strings that grows', { ...PLAN, collection: 'map', key: 'string', value: 'string', acts: ACTS }],
  ['a map of anything, in one chain', { ...CHAINED, collection: 'map', key: 'any', value: 'any', acts: ACTS }],
  ['a set of bigints that grows', { ...PLAN, collection: 'set', key: 'bigint', value: 'none', acts: SET_WRITES }],
]

describe('what iterations show is what was there', () => {
  it.each(some(PLANS, 3))(`%s (seed ${seed})`, { timeout }, async (_, plan) => {
    for (const one of seedsFrom(seed)) {
      const { operations, visits, survey, specification } = await record(plan, one)
      expect(explain(operations, specification), `seed ${one}`).toBe(undefined)
      for (const [what, least] of Object.entries(plan.least)) expect(survey[what], what).toBeGreaterThanOrEqual(least)
      expect(visits.length).toBeGreaterThan(plan.rounds * plan.threads * 10)
    }
  })
})
