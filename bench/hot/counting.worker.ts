// The second thread of counting.ts.
import { workerData } from 'node:worker_threads'
import { SharedMap } from 'tophash'
import { ENDED, ROUND } from './counting.js'

const { handle, key, times, state } = workerData
const map = SharedMap.attach<string, number>(handle)
for (let round = 1; ; round++) {
  while (Atomics.load(state, ROUND) < round) Atomics.wait(state, ROUND, round - 1)
  for (let i = 0; i < times; i++) map.increment(key)
  Atomics.store(state, ENDED, round)
  Atomics.notify(state, ENDED)
}
