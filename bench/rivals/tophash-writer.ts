// The thread that writes: see tophash-queue.ts.
import { workerData } from 'node:worker_threads'
import { SharedHeap } from 'tophash'
import type { Key } from '../streams/keys.js'
import type { Value } from './rival.js'
import { type Change, type Handle, WRITTEN } from './tophash-queue.js'

const { heap: handle, map: mapName, queue: queueName, progress } = workerData as Handle
const heap = SharedHeap.attach(handle)
const map = heap.map<Key, Value>(mapName)
const queue = heap.queue<Change>(queueName)
const words = new Int32Array(progress)

for (let changes = queue.popMany(1_000); changes.length > 0; changes = queue.popMany(1_000)) {
  map.setMany(changes)
  Atomics.add(words, WRITTEN, changes.length)
  Atomics.notify(words, WRITTEN)
}
heap.dispose()
