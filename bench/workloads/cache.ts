// Caches: what a program does with one, over many more keys than it has entries; and reads of what is there.
import { GET, LOAD, operationOf } from '../streams/plan.js'
import { newDraw, shuffledRanks } from '../streams/random.js'
import { Zipfian } from '../streams/zipfian.js'
import { forEachThread, planOf } from './mixing.js'
import type { Workload } from './workload.js'

/** Keys that are asked for, for each entry that there is room for. */
const KEYS_PER_ENTRY = 10
/** The keys of all threads have the same popularity. */
const POPULARITY_SEED = 77

const shape = { keys: ['number', 'seen', 'fresh'], size: [100_000], threads: [1, 2] } as const

/** All kinds of keys on one thread and on two. */
export const cache: Workload = {
  name: 'cache',
  title: 'A cache: get, and set on a miss',
  about: 'get, then set on a miss: Zipf 0.99 over ten times as many keys as entries; single operations are timed as well',
  unit: 'operations',
  latency: true,
  short: shape,
  full: shape,
  field: () => 'caches',
  plan(variant, { operations, seed }) {
    const { size, threads } = variant
    const keyCount = size * KEYS_PER_ENTRY
    const ranks = shuffledRanks(keyCount, newDraw(POPULARITY_SEED))
    const streams = forEachThread(threads, seed, (_, draw) => {
      const zipfian = new Zipfian(keyCount, draw)
      return Uint32Array.from({ length: Math.ceil(operations / threads) }, () => operationOf(LOAD, ranks[zipfian.next()]!))
    })
    return planOf(variant, { keyCount, prefill: size, bound: size, streams })
  },
}

export const cacheHits: Workload = {
  name: 'cache-hits',
  title: 'A cache: hits only',
  about: 'gets of what is in a cache, beside a SharedMap: Zipf 0.99 over half as many keys as entries',
  unit: 'operations',
  short: shape,
  full: shape,
  field: () => 'hits',
  plan(variant, { operations, seed }) {
    const { size, threads } = variant
    const keyCount = Math.ceil(size / 2)
    const ranks = shuffledRanks(keyCount, newDraw(POPULARITY_SEED))
    const streams = forEachThread(threads, seed, (_, draw) => {
      const zipfian = new Zipfian(keyCount, draw)
      return Uint32Array.from({ length: Math.ceil(operations / threads) }, () => operationOf(GET, ranks[zipfian.next()]!))
    })
    return planOf(variant, { keyCount, prefill: keyCount, bound: size, streams })
  },
}

export const cacheMemory: Workload = {
  name: 'cache-memory',
  title: 'Memory of a cache',
  about: 'what an entry of a full cache costs: the growth of the process when it is filled, value = a whole number',
  unit: 'bytes',
  bounded: true,
  short: { keys: ['number', 'padded'], size: [1_000_000], threads: [1] },
  full: { keys: ['number', 'padded'], size: [1_000_000], threads: [1] },
  rounds: () => 3,
  field: () => 'in memory',
}
