// One thread adds an entry, another one removes it, again and again: the size is 0 or 1.
import { parentPort, workerData } from 'node:worker_threads'
import { SharedMap } from 'tophash'
import type { FlickerJob } from '../harness/histories/job.js'

const { handle, adds, stop } = workerData as FlickerJob
const map = SharedMap.attach<number, number>(handle)
parentPort!.postMessage('attached')
while (Atomics.load(stop, 0) === 0) {
  if (!adds) map.delete(1)
  else if (!map.has(1)) map.set(1, 1)
}
map.dispose()
