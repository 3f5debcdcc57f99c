// Its part of what is done to a map with very many string keys: key n holds n, so every entry proves itself.
import { parentPort, workerData } from 'node:worker_threads'
import { SharedMap } from 'tophash'
import type { LargeJob } from './jobs.js'

const { handle, index, threads, total, seen } = workerData as LargeJob
const map = SharedMap.attach<string, number>(handle)

parentPort!.on('message', (task: keyof typeof TASKS | 'leave') => {
  if (task === 'leave') {
    map.dispose()
    parentPort!.close()
    return
  }
  TASKS[task]()
  parentPort!.postMessage(task)
})

const TASKS = {
  /** Inserts every so-many-th key. */
  insert() {
    for (let n = index; n < total; n += threads) map.set(keyOf(n), n)
  },

  /** Marks what it finds in its part of the map. */
  iterate() {
    for (const [key, n] of map.partition(index, threads)) {
      if (key !== keyOf(n)) throw new Error(`${key} holds ${n}`)
      Atomics.add(seen, n, 1)
    }
  },

  /** Deletes what the thread after it has inserted: one by one at first, then many at once. */
  delete() {
    const first = (index + 1) % threads
    let n = first
    for (; n < total / 2; n += threads) if (!map.delete(keyOf(n))) throw new Error(`key ${n} was not there`)
    while (n < total) {
      const keys: string[] = []
      for (; n < total && keys.length < 1000; n += threads) keys.push(keyOf(n))
      const deleted = map.deleteMany(keys)
      if (deleted !== keys.length) throw new Error(`${deleted} of ${keys.length} keys before ${n} were there`)
    }
  },
}

function keyOf(n: number): string {
  return `key ${n}`
}
