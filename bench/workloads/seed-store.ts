// A million new keys in batches: the question with which the article began that this project answers. Go 1.22 had
// sync.Map at 1.82 s and a locked map at 2.05 s.
import { SET } from '../streams/plan.js'
import { newDraw, shuffledRanks } from '../streams/random.js'
import { planOf, shares } from './mixing.js'
import type { Workload } from './workload.js'

const BATCHES = 100

export const seedStore: Workload = {
  name: 'seed-store',
  title: 'A million new keys',
  about: `${BATCHES} batches of new keys, spread over the threads: into an empty map`,
  unit: 'operations',
  short: { keys: ['seen'], size: [1_000_000], threads: [2] },
  full: { keys: ['seen', 'number', 'fresh'], size: [1_000_000], threads: [2, 1] },
  operations: ({ size }) => size,
  field: (_, usual) => (usual ? 'all' : 'few'),
  plan(variant, { seed }) {
    const streams = shares(shuffledRanks(variant.size, newDraw(seed)), Math.min(BATCHES, variant.size), SET)
    return planOf(variant, { prefill: 0, streams })
  },
}
