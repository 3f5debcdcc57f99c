// Histories of queues of five places: first in first out, whoever pushes and pops, in whatever way. (What is given back is not
// recorded: while somebody has it, others see a queue without it. test/queue/model.test.ts has that.)
import { describe, expect, it } from 'vitest'
import { seedOf } from '../stress/random.js'
import { sized } from '../support/size.js'
import type { Plan } from '../harness/histories/job.js'
import { explain, recordOverlapping, seedsFrom } from '../harness/histories/recording.js'

const seed = seedOf()
const timeout = 600_000

const PLAN: Omit<Plan, 'acts' | 'value'> = {
  collection: 'queue',
  key: 'number',
  threads: 4,
  checked: [1, 3],
  hot: 1,
  steady: 0,
  isColliding: false,
  filling: 0,
  fillEvery: 1,
  operations: 200,
  rounds: sized(5, 25),
  lengths: { usual: 30, longest: 9000 },
  least: { capacity: 5 },
}
const ONE_BY_ONE = ['tryPush', 'tryPop', 'push', 'pop']
const MANY = [...ONE_BY_ONE, 'pushMany', 'popMany', 'receive']
/** With each, how many of a hundred operations at least ran at the same time as another thread's. */
const PLANS: readonly (readonly [string, number, Plan])[] = [
  ['numbers, one by one', 5, { ...PLAN, value: 'number', acts: ONE_BY_ONE }],
  ['items of every kind', 5, { ...PLAN, value: 'any', acts: ONE_BY_ONE }],
  ['many at once', 5, { ...PLAN, value: 'string', acts: MANY }],
]

describe('recorded histories of queues are linearizable', () => {
  it.each(PLANS)(`%s (seed ${seed})`, { timeout }, async (_, leastOverlap, plan) => {
    for (const one of seedsFrom(seed)) {
      const recordings = await recordOverlapping(plan, one, leastOverlap)
      for (const { seed, operations, specification } of recordings) {
        expect(explain(operations, specification), `seed ${seed}`).toBe(undefined)
      }
      const { percentOverlapping } = recordings.at(-1)!
      expect(percentOverlapping, 'percent of operations that overlapped').toBeGreaterThanOrEqual(leastOverlap)
    }
  })
})
