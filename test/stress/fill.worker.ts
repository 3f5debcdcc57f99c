// Fills a table with keys of its own and empties it again, so that it grows under those who work on other keys.
import { parentPort, workerData } from 'node:worker_threads'
import { SharedMap } from 'tophash'
import type { FillJob } from './jobs.js'
import { prove } from './proof.js'

const { handle, index, adds, turn, parts = [adds] } = workerData as FillJob
const map = SharedMap.attach<string, string>(handle)
if (turn) parentPort!.postMessage('ready')
let i = 0
for (const [part, end] of parts.entries()) {
  for (let now = 0; turn && (now = Atomics.load(turn, 0)) <= part; ) Atomics.wait(turn, 0, now)
  for (; i < end; i++) map.set(`fill:${index}:${i}`, prove(`fill:${index}:${i}`, index, i, i % 50))
}
let removed = 0
for (let i = 0; i < adds; i += 2) if (map.delete(`fill:${index}:${i}`)) removed++
parentPort!.postMessage({ removed })
map.dispose()
