// Another thread of what is traced: it holds a lock until somebody waits for it, or traces, and stays.
import { parentPort, workerData } from 'node:worker_threads'
import { SharedMap, type SharedMapHandle } from 'tophash'
import { attachAs, lockFirstBucket, lockWordOf } from '../support/slots.js'
import { wordsOf } from '../support/memory.js'

export interface Task {
  readonly handle: SharedMapHandle
  readonly do: 'hold' | 'trace' | 'fill'
  /** So long it lets others wait, in milliseconds. */
  readonly holdMs?: number
}

const task = workerData as Task
const [thread, map] = attachAs(task.handle, () => SharedMap.attach<number, number>(task.handle))

switch (task.do) {
  case 'hold':
    pin()
    break
  case 'trace':
    map.trace({ events: 100 })
    parentPort!.postMessage(thread)
    parentPort!.on('message', () => map.size) // stays, with the map open
    break
  default:
    for (let n = 0; n < 1000; n++) map.set(1000 + n, n)
    parentPort!.postMessage(thread)
}

function pin(): void {
  const words = wordsOf(task.handle)
  const lock = lockWordOf(task.handle)
  const unlock = lockFirstBucket(task.handle, thread)
  parentPort!.postMessage(thread)
  while ((Atomics.load(words, lock) & 4) === 0); // until somebody sleeps
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, task.holdMs)
  unlock()
}
