// A thread that does nothing but write one key. Posts how often it has.
import { parentPort, workerData } from 'node:worker_threads'
import { SharedMap } from 'tophash'
import type { Hot } from './hot.js'

const task = workerData as Hot
const map = SharedMap.attach<string, any>(task.handle)
const write = {
  increment: () => map.increment('count'),
  update: () => map.update('count', (n) => n + 1),
  'set objects': (n: number) => map.set('object', { n: n + 1, text: 'x'.repeat(n % 100) }),
}[task.do]

let done = 0
while (Atomics.load(task.gate, 0) === 0) write(done++)
parentPort!.postMessage(done)
