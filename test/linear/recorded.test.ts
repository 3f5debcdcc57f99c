// Histories of maps and sets: every operation, on few keys, by several threads, while the table grows, is evacuated,
// overflows, is packed and cleared, and blocks of all sizes are used again. Each is checked key by key; what cannot be
// explained is printed, as short as it can be made. TOPHASH_HISTORIES=10 records ten times as much.
import { describe, expect, it } from 'vitest'
import { seedOf } from '../stress/random.js'
import type { Plan } from './job.js'
import { MAP_ACTS } from './map-acts.js'
import { MAP, explain, record } from './recording.js'
import { SET_ACTS } from './set-acts.js'

const seed = seedOf()
const timeout = 600_000
/** Of the operations at least so many of a hundred ran at the same time as another thread's on the same key. */
const LEAST_OVERLAP = 10

/** Iterations have a test of their own. */
const ITERATIONS = ['retain', 'iterate', 'forEach', 'scan']
const COUNTING = Object.keys(MAP_ACTS).filter((name) => !ITERATIONS.includes(name))
const ACTS = COUNTING.filter((name) => name !== 'increment')
const COMPARING = ['get', 'compareAndSet', 'compareAndSet', 'compareAndDelete', 'update', 'getOrInsert', 'set']
const READING = ['get', 'get', 'get', 'getMany', 'has', 'set', 'exchange', 'delete']
const CHANGING = ['get', 'set', 'delete', 'take', 'getOrInsert', 'increment', 'has', 'compareAndDelete']

const SPREAD: Omit<Plan, 'key' | 'value' | 'acts'> = {
  threads: 4, checked: [1, 3], hot: 3, steady: 0, isColliding: false, filling: 300, fillEvery: 6, operations: 400, rounds: 60,
}
/** All in one chain of overflow buckets, which gets longer and shorter at every moment. */
const CHAINED: typeof SPREAD = { ...SPREAD, isColliding: true, filling: 30, fillEvery: 3, hot: 4 }

const PLANS: readonly (readonly [string, Plan])[] = [
  ['numbers, in a table that grows', { ...SPREAD, key: 'number', value: 'number', acts: COUNTING }],
  ['numbers, in one chain', { ...CHAINED, key: 'number', value: 'number', acts: CHANGING }],
  ['bigints, in one chain', { ...CHAINED, key: 'bigint', value: 'bigint', acts: COUNTING }],
  ['strings, in a table that grows', { ...SPREAD, key: 'string', value: 'string', acts: ACTS }],
  ['strings that are compared', { ...SPREAD, hot: 2, key: 'string', value: 'string', acts: COMPARING }],
  ['numbers that are compared', { ...SPREAD, hot: 2, key: 'number', value: 'number', acts: COMPARING }],
  ['long bytes, in one chain', { ...CHAINED, key: 'bytes', value: 'bytes', acts: READING, longest: 30_000, filling: 20 }],
  ['anything, in a table that grows', { ...SPREAD, key: 'any', value: 'any', acts: COUNTING, longest: 70_000, filling: 100 }],
  ['a set of strings', { ...SPREAD, key: 'string', value: 'none', acts: Object.keys(SET_ACTS) }],
  ['a set of numbers, in one chain', { ...CHAINED, key: 'number', value: 'none', acts: Object.keys(SET_ACTS) }],
]

describe('recorded histories are linearizable', () => {
  it.each(PLANS)(`%s (seed ${seed})`, { timeout }, async (_, plan) => {
    const { operations, overlapping } = await record(plan, seed)
    console.log(_, operations.length, Math.round((100 * overlapping) / operations.length))
    expect(explain(operations, MAP), `seed ${seed}`).toBe(undefined)
    expect((100 * overlapping) / operations.length, 'percent of operations that overlapped').toBeGreaterThan(LEAST_OVERLAP)
  })
})
