// A thousand tasks keep the state of a hundred thousand users: an article claims that sync.Map does it 3.7 times as fast as
// a locked map.
import { READS_AND_UPDATES, forEachThread, mixedStream, planOf } from './mixing.js'
import type { Workload } from './workload.js'

const TASKS = 1_000

export const seedState: Workload = {
  name: 'seed-state',
  title: 'State of users',
  about: `${TASKS.toLocaleString('en-US')} tasks update the state of users, 5 % of the operations read it`,
  unit: 'operations',
  short: { keys: ['seen'], size: [100_000], reads: [5], threads: [2] },
  full: { keys: ['seen'], size: [100_000], reads: [5], threads: [2, 1] },
  also: ['tophash-queue'],
  field: (_, usual) => (usual ? 'all' : 'few'),
  plan(variant, { operations, seed }) {
    const tasks = Math.max(variant.threads + 1, Math.min(TASKS, Math.floor(operations / 10)))
    const streams = forEachThread(tasks, seed, (_, draw) => {
      return mixedStream(Math.ceil(operations / tasks), READS_AND_UPDATES(variant.reads!), draw, () => draw(variant.size))
    })
    return planOf(variant, { streams })
  },
}
