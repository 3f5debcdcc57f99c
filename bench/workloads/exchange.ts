import { GET, REMOVE, SET } from '../streams/plan.js'
import { INSERT, changingLength, changingPlan, type Mix } from './mixing.js'
import type { Workload } from './workload.js'

const MIX: Mix = [
  [GET, 10],
  [INSERT, 40],
  [REMOVE, 40],
  [SET, 10],
]

export const exchange: Workload = {
  name: 'exchange',
  title: 'Coming and going',
  about: '10 % get, 40 % insert, 40 % remove, 10 % update, as in conc-map-bench; each thread has keys of its own',
  unit: 'operations',
  short: { keys: ['seen'], size: [100_000], threads: [2] },
  full: { keys: ['seen'], size: [100_000], threads: [2, 1] },
  field: (_, usual) => (usual ? 'all' : 'few'),
  plan: (variant, request) => changingPlan(variant, request, MIX, variant.size, changingLength(request, variant)),
}
