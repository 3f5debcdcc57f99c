// Adds 1 to shared counters as fast as it can.
import { parentPort, workerData } from 'node:worker_threads'
import { SharedMap } from 'tophash'
import { type MixJob, meet } from './jobs.js'
import { randomOf } from './random.js'

const { handle, index, threads, seed, operations, keys, gate } = workerData as MixJob
const map = SharedMap.attach<number | string, number>(handle)
const random = randomOf(seed + index)
const isText = handle.key === 'string'

meet(gate, threads, 1)
for (let i = 0; i < operations; i++) {
  const n = random(keys)
  map.increment(isText ? `counter ${n}` : n)
}
parentPort!.postMessage(operations)
map.dispose()
