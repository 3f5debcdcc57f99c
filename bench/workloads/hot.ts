import { newPicker } from '../streams/zipfian.js'
import { READS_AND_UPDATES, forEachThread, lengthOf, mixedStream, planOf } from './mixing.js'
import type { Workload } from './workload.js'

export const hot: Workload = {
  name: 'hot',
  title: 'A few hot keys',
  about: 'all threads want the same few keys: zipfian 0.99 over a small table, as in parlayhash',
  unit: 'operations',
  short: { updates: [10], keys: ['number'], size: [10_000], threads: [2], distribution: ['zipfian'] },
  full: { updates: [10, 0, 50], keys: ['number'], size: [10_000], threads: [2], distribution: ['zipfian'] },
  field: (_, usual) => (usual ? 'all' : 'fast'),
  plan(variant, request) {
    const { length, loops } = lengthOf(request, variant)
    const streams = forEachThread(variant.threads, request.seed, (_, draw) => {
      const pick = newPicker(variant.distribution!, variant.size, draw)
      return mixedStream(length, READS_AND_UPDATES(100 - variant.updates!), draw, pick)
    })
    return planOf(variant, { loops, streams })
  },
}
