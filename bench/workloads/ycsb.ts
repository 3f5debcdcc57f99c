// The core workloads of the Yahoo! Cloud Serving Benchmark but E, which scans ranges: hash maps have none.
import { GET, MODIFY, SET, type Plan, operationOf, rankOf } from '../streams/plan.js'
import type { Draw } from '../streams/random.js'
import { Latest, newPicker } from '../streams/zipfian.js'
import { type Mix, forEachThread, lengthOf, mixedStream, planOf } from './mixing.js'
import type { Request, Variant, Workload } from './workload.js'

const MIXES: Record<string, Mix> = {
  A: [
    [GET, 50],
    [SET, 50],
  ],
  B: [
    [GET, 95],
    [SET, 5],
  ],
  C: [[GET, 100]],
  F: [
    [GET, 50],
    [MODIFY, 50],
  ],
}
/** Of a hundred operations of D, the others read the latest keys. */
const INSERTS_OF_D = 5

export const ycsb: Workload = {
  name: 'ycsb',
  title: 'YCSB',
  about: 'A 50 % updates, B 5 %, C none, D reads the latest and inserts 5 %, F 50 % read-modify-write; zipfian 0.99',
  unit: 'operations',
  short: { case: ['A', 'B', 'C', 'D', 'F'], keys: ['seen'], size: [100_000], threads: [2] },
  full: { case: ['A', 'B', 'C', 'D', 'F'], keys: ['seen'], size: [100_000], threads: [2] },
  field: (_, usual) => (usual ? 'all' : 'fast'),
  plan(variant, request) {
    return variant.case === 'D' ? latestPlan(variant, request) : zipfianPlan(variant, request, MIXES[variant.case!]!)
  },
}

function zipfianPlan(variant: Variant, request: Request, mix: Mix): Plan {
  const { length, loops } = lengthOf(request, variant)
  const streams = forEachThread(variant.threads, request.seed, (_, draw) => {
    return mixedStream(length, mix, draw, newPicker('zipfian', variant.size, draw))
  })
  return planOf(variant, { loops, streams })
}

/** The latest keys are, for each thread, those that it has inserted itself, and before them those that were there. */
function latestPlan(variant: Variant, request: Request): Plan {
  const { size, threads } = variant
  const { length } = lengthOf(request, variant)
  const streams = forEachThread(threads, request.seed, (thread, draw) => {
    return latestStream(length, draw, size, (nth) => size + nth * threads + thread)
  })
  const highest = streams.reduce((rank, stream) => stream.reduce((rank, word) => Math.max(rank, rankOf(word)), rank), size - 1)
  return planOf(variant, { keyCount: highest + 1, streams })
}

function latestStream(length: number, draw: Draw, size: number, rankOfInsert: (nth: number) => number): Uint32Array {
  const latest = new Latest(size, draw)
  let inserts = 0
  return Uint32Array.from({ length }, () => {
    if (draw(100) < INSERTS_OF_D) {
      latest.inserted()
      return operationOf(SET, rankOfInsert(inserts++))
    }
    const age = latest.nextAge()
    return operationOf(GET, age < inserts ? rankOfInsert(inserts - 1 - age) : size - 1 - (age - inserts))
  })
}
