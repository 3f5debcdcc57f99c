// Ten million strings to booleans: which have been seen? Beside the maps a bitset, which asks for small numbers as keys.
import { GET, SET } from '../streams/plan.js'
import { newDraw, shuffledRanks } from '../streams/random.js'
import { planOf, shares } from './mixing.js'
import type { Workload } from './workload.js'

export const seed10m: Workload = {
  name: 'seed-10m',
  title: 'Ten million keys',
  about: 'strings to booleans: insert all into an empty map; look all up. With a bitset beside the maps',
  unit: 'operations',
  short: { case: ['insert', 'look up'], keys: ['seen'], size: [1_000_000], threads: [2] },
  full: { case: ['insert', 'look up'], keys: ['seen'], size: [10_000_000], threads: [2] },
  operations: ({ size }) => size,
  rounds: () => 1,
  field: () => 'few',
  plan(variant, { seed }) {
    const isInsert = variant.case === 'insert'
    const ranks = shuffledRanks(variant.size, newDraw(seed + (isInsert ? 0 : 1)))
    return planOf(variant, {
      valueKind: 'boolean',
      prefill: isInsert ? 0 : variant.size,
      streams: shares(ranks, variant.threads, isInsert ? SET : GET),
    })
  },
}
