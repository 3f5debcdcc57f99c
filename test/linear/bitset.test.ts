// Histories of bitsets: bits of two words on both sides of a border of pages, which come with the first bit, while others near them
// come and go. Each bit is checked by itself; what changes or reads many of them does so to each at a moment of its own. (That two
// make one page at once is over too soon to be met here: test/schedule/bitset.test.ts.)
import { describe, expect, it } from 'vitest'
import { seedOf } from '../stress/random.js'
import { sized } from '../support/size.js'
import type { Plan } from '../harness/histories/job.js'
import { explain, recordOverlapping, seedsFrom } from '../harness/histories/recording.js'

const seed = seedOf()
const timeout = 600_000
const SINGLE = ['add', 'delete', 'flip', 'has']
const RANGES = [...SINGLE, ...SINGLE, 'addRange', 'deleteRange', 'iterate', 'toUint32Array']
const COMBINED = [...SINGLE, ...SINGLE, 'or', 'and', 'andNot', 'xor', 'clear']

const PLAN: Omit<Plan, 'acts'> = {
  collection: 'bitset',
  key: 'number',
  value: 'none',
  threads: 4,
  checked: [1, 3],
  hot: 4,
  steady: 0,
  isColliding: false,
  filling: 40,
  fillEvery: 6,
  operations: 300,
  rounds: sized(6, 25),
  lengths: { usual: 0, longest: 0 },
  least: { pages: 10 },
}
/** With each, how many of a hundred operations at least ran at the same time as another thread's on the same bit: they are short. */
const PLANS: readonly (readonly [string, number, Plan])[] = [
  ['single bits', 2, { ...PLAN, hot: 2, operations: 600, acts: SINGLE }],
  ['ranges and iterations', 0.2, { ...PLAN, hot: 6, operations: 2000, rounds: sized(3, 12), acts: RANGES }],
  ['with other bitsets', 5, { ...PLAN, hot: 6, operations: 120, acts: COMBINED }],
]

describe('recorded histories of bitsets are linearizable', () => {
  it.each(PLANS)(`%s (seed ${seed})`, { timeout }, async (_, leastOverlap, plan) => {
    for (const one of seedsFrom(seed)) {
      const recordings = await recordOverlapping(plan, one, leastOverlap)
      for (const { seed, operations, survey, specification } of recordings) {
        expect(explain(operations, specification), `seed ${seed}`).toBe(undefined)
        for (const [what, least] of Object.entries(plan.least)) expect(survey[what], what).toBeGreaterThanOrEqual(least)
      }
      const { percentOverlapping } = recordings.at(-1)!
      expect(percentOverlapping, 'percent of operations that overlapped').toBeGreaterThanOrEqual(leastOverlap)
    }
  })
})
