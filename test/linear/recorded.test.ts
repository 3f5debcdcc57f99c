// Histories of maps and sets: every operation, on few keys, by several threads, while the table grows, is evacuated,
// overflows, is packed and cleared, and blocks of all sizes are used again. Each is checked key by key; what cannot be
// explained is printed, as short as it can be made. TOPHASH_HISTORIES=10 records ten times as much.
import { describe, expect, it } from 'vitest'
import { seedOf } from '../stress/random.js'
import { sized, some } from '../support/size.js'
import type { Plan } from '../harness/histories/job.js'
import { MAP_ACTS } from '../harness/structures/hashmap/map-acts.js'
import { explain, recordOverlapping, seedsFrom } from '../harness/histories/recording.js'

const seed = seedOf()
const timeout = 600_000
/** In the last recording at least so many of a hundred operations ran at the same time as another thread's on the same key. */
const LEAST_OVERLAP = 3

/** Iterations have a test of their own. */
const ITERATIONS = ['retain', 'iterate', 'forEach', 'scan']
const ONCE = Object.keys(MAP_ACTS).filter((name) => !ITERATIONS.includes(name))
/** clear() removes all: now and then. */
const COUNTING = [...ONCE, ...ONCE, ...ONCE, ...ONCE].filter((name, index) => name !== 'clear' || index < ONCE.length)
const ACTS = COUNTING.filter((name) => name !== 'increment')
const SETTING = ['add', 'has', 'delete', 'add', 'has', 'delete', 'hasMany', 'addMany', 'deleteMany', 'clear', 'scan']
const COMPARING = ['get', 'compareAndSet', 'compareAndSet', 'compareAndDelete', 'update', 'getOrInsert', 'set']
const READING = ['get', 'get', 'get', 'get', 'getMany', 'set', 'set', 'exchange', 'take', 'set']
const CHANGING = ['get', 'set', 'delete', 'take', 'getOrInsert', 'increment', 'has', 'compareAndDelete']

const SPREAD: Omit<Plan, 'collection' | 'key' | 'value' | 'acts'> = {
  threads: 4,
  checked: [1, 3],
  hot: 3,
  steady: 0,
  isColliding: false,
  filling: 300,
  fillEvery: 6,
  operations: 400,
  rounds: sized(3, 18),
  lengths: { usual: 60, longest: 3000 },
  least: { level: 4, overflow: 0 },
}
/** All in one chain of overflow buckets, which gets longer and shorter at every moment. */
const CHAINED: typeof SPREAD = {
  ...SPREAD,
  isColliding: true,
  filling: 30,
  fillEvery: 3,
  hot: 4,
  least: { level: 0, overflow: 2 },
}
/** Nearly as long as what goes through a scratch page: copying one takes a while. */
const LONG = { acts: READING, lengths: { usual: 20_000, longest: 30_000 }, least: { level: 0, overflow: 0 } }
/** In a map of kind any, some are longer than that. */
const LONGER = { acts: COUNTING, lengths: { usual: 300, longest: 70_000 }, least: { level: 3, overflow: 0 } }

/** Short lives: all of the time the table is growing, and the keys' chains are being split. */
const SPLIT: typeof SPREAD = { ...SPREAD, hot: 2, filling: 150, fillEvery: 2, operations: 100, rounds: sized(8, 75) }

const PLANS: readonly (readonly [string, Plan])[] = [
  ['numbers, in a table that grows', { ...SPREAD, collection: 'map', key: 'number', value: 'number', acts: COUNTING }],
  ['numbers, in one chain', { ...CHAINED, collection: 'map', key: 'number', value: 'number', acts: CHANGING }],
  ['numbers, while chains are split', { ...SPLIT, collection: 'map', key: 'number', value: 'number', acts: CHANGING }],
  ['bigints, in one chain', { ...CHAINED, collection: 'map', key: 'bigint', value: 'bigint', acts: COUNTING }],
  ['strings, in a table that grows', { ...SPREAD, collection: 'map', key: 'string', value: 'string', acts: ACTS }],
  ['strings that are compared', { ...SPREAD, hot: 2, collection: 'map', key: 'string', value: 'string', acts: COMPARING }],
  ['numbers that are compared', { ...SPREAD, hot: 2, collection: 'map', key: 'number', value: 'number', acts: COMPARING }],
  ['long bytes, in one chain', { ...CHAINED, collection: 'map', key: 'bytes', value: 'bytes', ...LONG, hot: 2, filling: 12 }],
  ['long strings', { ...SPREAD, collection: 'map', key: 'string', value: 'string', ...LONG, hot: 1, filling: 6 }],
  ['anything, in a table that grows', { ...SPREAD, collection: 'map', key: 'any', value: 'any', ...LONGER, filling: 100 }],
  ['a set of strings', { ...SPREAD, collection: 'set', key: 'string', value: 'none', acts: SETTING }],
  ['a set of numbers, in one chain', { ...CHAINED, collection: 'set', key: 'number', value: 'none', acts: SETTING }],
]

describe('recorded histories are linearizable', () => {
  it.each(some(PLANS, 7))(`%s (seed ${seed})`, { timeout }, async (_, plan) => {
    for (const one of seedsFrom(seed)) {
      const recordings = await recordOverlapping(plan, one, LEAST_OVERLAP)
      for (const { seed, operations, survey, specification } of recordings) {
        expect(explain(operations, specification), `seed ${seed}`).toBe(undefined)
        for (const [what, least] of Object.entries(plan.least)) expect(survey[what], what).toBeGreaterThanOrEqual(least)
      }
      const { percentOverlapping } = recordings.at(-1)!
      expect(percentOverlapping, 'percent of operations that overlapped').toBeGreaterThanOrEqual(LEAST_OVERLAP)
    }
  })
})
