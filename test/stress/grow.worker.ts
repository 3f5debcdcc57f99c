// Inserts its share of the keys from an empty table on, and afterwards looks for everybody's.
import { parentPort, workerData } from 'node:worker_threads'
import { attach } from '../support/untyped.js'
import { numbered } from '../support/values.js'
import { type GrowJob, meet } from './jobs.js'

const { handle, kind, index, threads, total, gate } = workerData as GrowJob
const map = attach(handle)
const count = total / threads

meet(gate, threads, 1)
for (let i = 0; i < count; i++) {
  const n = i * threads + index // neighbours go to different threads: they meet in the same buckets
  map.set(numbered(kind, n), n)
}
meet(gate, threads, 2)

let missing = 0
for (let n = 0; n < total; n++) if (map.get(numbered(kind, n)) !== n) missing++
parentPort!.postMessage({ missing, size: map.size })
map.dispose()
