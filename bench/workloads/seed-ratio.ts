// Reads and writes of keys that are there, in any proportion: the workload that tells most about a map in daily use.
import { newPicker } from '../streams/zipfian.js'
import { READS_AND_UPDATES, forEachThread, lengthOf, mixedStream, planOf } from './mixing.js'
import type { Workload } from './workload.js'

export const seedRatio: Workload = {
  name: 'seed-ratio',
  title: 'Reads and writes',
  about: 'gets and sets of existing keys, in proportions; single operations are timed as well',
  unit: 'operations',
  latency: true,
  short: {
    keys: ['seen', 'number', 'fresh'],
    size: [100_000],
    reads: [90, 100, 50, 0],
    threads: [2, 1],
    distribution: ['uniform'],
  },
  full: {
    keys: ['seen', 'number', 'wide', 'fresh', 'long'],
    size: [100_000, 1_000, 1_000_000],
    reads: [90, 100, 50, 0],
    threads: [2, 1],
    distribution: ['uniform', 'zipfian'],
  },
  field: ({ reads }, usual) => (usual ? 'all' : reads === 90 ? 'few' : 'fast'),
  plan(variant, request) {
    const { size, threads } = variant
    const { length, loops } = lengthOf(request, variant)
    const streams = forEachThread(threads, request.seed, (_, draw) => {
      return mixedStream(length, READS_AND_UPDATES(variant.reads!), draw, newPicker(variant.distribution!, size, draw))
    })
    return planOf(variant, { loops, streams })
  },
}
