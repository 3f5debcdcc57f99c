import { GET, REMOVE, SET } from '../streams/plan.js'
import { INSERT, changingPlan, type Mix } from './mixing.js'
import type { Workload } from './workload.js'

const MIX: Mix = [
  [GET, 5],
  [INSERT, 80],
  [REMOVE, 5],
  [SET, 10],
]
/** What an operation adds on average. */
const GROWTH = 0.75

export const rapidGrow: Workload = {
  name: 'rapid-grow',
  title: 'Growing fast',
  about: '5 % get, 80 % insert, 5 % remove, 10 % update, from empty, as in conc-map-bench; each thread has keys of its own',
  unit: 'operations',
  short: { keys: ['seen'], size: [500_000], threads: [2] },
  full: { keys: ['seen', 'number'], size: [500_000], threads: [2, 1] },
  operations: ({ size }) => Math.ceil(size / GROWTH),
  field: (_, usual) => (usual ? 'all' : 'few'),
  plan: (variant, request) => {
    return changingPlan(variant, request, MIX, 0, Math.ceil(request.operations / variant.threads))
  },
}
