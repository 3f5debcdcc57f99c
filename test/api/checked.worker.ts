// Writes to a map until it comes to a step of an operation; there it ends, or stands still.
import { workerData } from 'node:worker_threads'
import { type Checkpoint, SharedMap, type SharedMapHandle, onCheckpoint } from 'tophash/checked'

export interface Task {
  readonly handle: SharedMapHandle
  readonly step: Checkpoint
  /** Whether the worker ends itself there; else it waits until it is terminated. */
  readonly exits: boolean
  /** Word that counts the entries that are certainly set, and one that says that the step has come. */
  readonly words: Int32Array
}

const { handle, step, exits, words } = workerData as Task
const map = SharedMap.attach<number, number>(handle)
onCheckpoint((checkpoint) => {
  if (checkpoint !== step) return
  Atomics.store(words, 1, 1)
  if (exits) process.exit()
  Atomics.wait(words, 2, 0)
})
for (let n = 0; ; n++) {
  map.set(n, n + 0.5)
  Atomics.store(words, 0, n + 1)
}
