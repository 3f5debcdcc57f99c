// A thread with a larger stack: sets a deeply nested value, and takes it out again when it is told to.
import { Worker, parentPort, workerData } from 'node:worker_threads'
import { SharedMap } from 'tophash'
import { type Nested, depthOf, nested } from './nested.js'

const task = workerData as Nested & { readonly isLarge?: boolean }

if (task.isLarge) play()
else enlarge()

/** spawn() starts workers with the usual stack, so this one starts another and passes on what it says. */
function enlarge(): void {
  const worker = new Worker(new URL(import.meta.url), {
    workerData: { ...task, isLarge: true },
    resourceLimits: { stackSizeMb: 64 },
  })
  worker.on('message', (message) => parentPort!.postMessage(message))
  worker.on('error', (error) => {
    throw error
  })
}

function play(): void {
  const map = SharedMap.attach<string, unknown>(task.handle)
  map.set('job', nested(4000))
  parentPort!.postMessage(depthOf(map.get('job')))
  while (Atomics.load(task.gate, 0) === 0) Atomics.wait(task.gate, 0, 0)
  parentPort!.postMessage(depthOf(map.take('job')))
}
