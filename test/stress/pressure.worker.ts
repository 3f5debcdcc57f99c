// A thread that has many free blocks at hand when another one finds no memory: it works meanwhile, or waits for messages.
import { parentPort, workerData } from 'node:worker_threads'
import { SharedMap } from 'tophash'
import type { PressureJob } from './jobs.js'

const { handle, gate, works } = workerData as PressureJob
const map = SharedMap.attach<string, Uint8Array>(handle)
const SIZES = [20, 60, 100, 200, 400, 800, 1500, 3000, 6000]

for (let n = 0; n < 450; n++) map.set(`theirs ${n}`, new Uint8Array(SIZES[n % SIZES.length]!))
for (let n = 0; n < 450; n++) map.delete(`theirs ${n}`)
parentPort!.postMessage('ready')

if (works) {
  // Inserts and removals of one small size: none of them needs what it has at hand of the others.
  while (Atomics.load(gate, 0) === 0) {
    for (let n = 0; n < 100; n++) map.set(`w${n}`, new Uint8Array(0))
    for (let n = 0; n < 100; n++) map.delete(`w${n}`)
  }
} else {
  const timer = setInterval(() => {
    if (Atomics.load(gate, 0) !== 0) clearInterval(timer)
  }, 5)
}
