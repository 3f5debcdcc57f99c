import { GET, REMOVE } from '../streams/plan.js'
import { INSERT, changingLength, changingPlan, type Mix } from './mixing.js'
import type { Workload } from './workload.js'

const MIX: Mix = [
  [GET, 98],
  [INSERT, 1],
  [REMOVE, 1],
]

export const readHeavy: Workload = {
  name: 'read-heavy',
  title: 'Mostly reads',
  about: '98 % get, 1 % insert, 1 % remove, as in conc-map-bench; each thread has keys of its own',
  unit: 'operations',
  short: { keys: ['seen'], size: [100_000], threads: [2] },
  full: { keys: ['seen'], size: [100_000], threads: [2, 1] },
  field: (_, usual) => (usual ? 'all' : 'few'),
  plan: (variant, request) => changingPlan(variant, request, MIX, variant.size, changingLength(request, variant)),
}
