import { INCREMENT } from '../streams/plan.js'
import { forEachThread, lengthOf, mixedStream, planOf } from './mixing.js'
import type { Workload } from './workload.js'

export const counters: Workload = {
  name: 'counters',
  title: 'Counting',
  about: 'every thread adds to the same counters, which are not there before: rate limiters, word counts',
  unit: 'operations',
  short: { size: [64, 1, 100_000], keys: ['seen'], threads: [2] },
  full: { size: [64, 1, 100_000], keys: ['seen'], threads: [2, 1] },
  field: (_, usual) => (usual ? 'all' : 'fast'),
  plan(variant, request) {
    const { length, loops } = lengthOf(request, variant)
    const streams = forEachThread(variant.threads, request.seed, (_, draw) => {
      return mixedStream(length, [[INCREMENT, 100]], draw, () => draw(variant.size))
    })
    return planOf(variant, { prefill: 0, counters: true, loops, streams })
  },
}
