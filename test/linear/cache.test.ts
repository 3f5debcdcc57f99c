// Histories of caches, in which there is room for all: they do to a key what a map does.
import { describe, expect, it } from 'vitest'
import { seedOf } from '../stress/random.js'
import { sized } from '../support/size.js'
import type { Plan } from '../harness/histories/job.js'
import { explain, recordOverlapping, seedsFrom } from '../harness/histories/recording.js'

const seed = seedOf()
const timeout = 600_000
const CHANGING = ['get', 'set', 'delete', 'take', 'getOrInsert', 'has', 'compareAndDelete', 'compareAndSet', 'exchange', 'update']

const PLAN: Omit<Plan, 'key' | 'value' | 'acts'> = {
  collection: 'cache',
  threads: 4,
  checked: [1, 3],
  hot: 3,
  steady: 0,
  isColliding: false,
  filling: 200,
  fillEvery: 4,
  operations: 300,
  rounds: sized(4, 18),
  lengths: { usual: 60, longest: 3000 },
  least: { level: 3, overflow: 0 },
}
const PLANS: readonly (readonly [string, Plan])[] = [
  ['numbers', { ...PLAN, key: 'number', value: 'number', acts: [...CHANGING, 'increment', 'increment'] }],
  [
    'strings',
    { ...PLAN, key: 'string', value: 'string', acts: [...CHANGING, 'getMany', 'setMany', 'getOrInsertMany', 'deleteMany'] },
  ],
]

describe('recorded histories of caches are linearizable', () => {
  it.each(PLANS)(`%s (seed ${seed})`, { timeout }, async (_, plan) => {
    for (const one of seedsFrom(seed)) {
      const recordings = await recordOverlapping(plan, one, 1)
      for (const { seed, operations, survey, specification } of recordings) {
        expect(explain(operations, specification), `seed ${seed}`).toBe(undefined)
        for (const [what, least] of Object.entries(plan.least)) expect(survey[what], what).toBeGreaterThanOrEqual(least)
      }
      expect(recordings.at(-1)!.percentOverlapping, 'percent of operations that overlapped').toBeGreaterThanOrEqual(1)
    }
  })
})
