// How long a program may stand still for one insert while the table grows from empty.
import { SET } from '../streams/plan.js'
import { newDraw, shuffledRanks } from '../streams/random.js'
import { planOf, shares } from './mixing.js'
import type { Workload } from './workload.js'

export const seedGrow: Workload = {
  name: 'seed-grow',
  title: 'The longest insert',
  about: 'new keys into an empty map; in rounds of their own every single insert is timed',
  unit: 'operations',
  latency: true,
  explain: true,
  short: { keys: ['number'], size: [1_000_000], threads: [1] },
  full: { keys: ['number', 'seen'], size: [1_000_000], threads: [1, 2] },
  operations: ({ size }) => size,
  field: ({ threads }, usual) => (usual ? 'all' : threads > 1 ? 'fast' : 'few'),
  plan(variant, { seed }) {
    const ranks = shuffledRanks(variant.size, newDraw(seed))
    return planOf(variant, { prefill: 0, sampleEvery: 1, streams: shares(ranks, variant.threads, SET) })
  },
}
