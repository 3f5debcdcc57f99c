// For tests of how threads notice that another one has ended: workers that do so, and what they end in.
import type { Worker } from 'node:worker_threads'
import { afterEach } from 'vitest'
import { SharedMap } from 'tophash'
import type { Ready, Task } from '../api/recovery.worker.js'
import { type Spawned, spawn } from './workers.js'

const started: Worker[] = []

/** Starts a worker, which is terminated after the test. */
export function start(task: Task): Spawned<Ready> {
  const spawned = spawn<Ready>('api/recovery', task)
  started.push(spawned.worker)
  return spawned
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((worker) => worker.terminate()))
})

/** A map with one bucket. */
export function scores(): SharedMap<string, number> {
  return new SharedMap([['ann', 1]], { key: 'string', value: 'number', capacity: 1 })
}

export function closedGate(): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(4))
}
