// Fills a table with keys of its own and empties it again, so that it grows under those who work on other keys.
import { parentPort, workerData } from 'node:worker_threads'
import { SharedMap } from 'tophash'
import type { FillJob } from './jobs.js'
import { prove } from './proof.js'

const { handle, index, adds } = workerData as FillJob
const map = SharedMap.attach<string, string>(handle)
for (let i = 0; i < adds; i++) map.set(`fill:${index}:${i}`, prove(`fill:${index}:${i}`, index, i, i % 50))
let removed = 0
for (let i = 0; i < adds; i += 2) if (map.delete(`fill:${index}:${i}`)) removed++
parentPort!.postMessage({ removed })
map.dispose()
