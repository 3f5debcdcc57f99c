// Asks a cache for its share of a stream of requests: a hundred at a time, in turns with the others, so that each run is the same.
import { parentPort, workerData } from 'node:worker_threads'
import { SharedCache, type SharedCacheHandle } from 'tophash'

export interface Requesting {
  readonly cache: SharedCacheHandle<number, number>
  readonly keys: Uint32Array<SharedArrayBuffer>
  /** One word: whose turn it is, counted. */
  readonly turn: Int32Array<SharedArrayBuffer>
  readonly thread: number
  readonly threads: number
}

/** Requests of a thread in a row. */
const SHARE = 100

const { cache: handle, keys, turn, thread, threads } = workerData as Requesting
const cache = SharedCache.attach(handle)
let hits = 0
for (let share = thread; share * SHARE < keys.length; share += threads) {
  for (let now: number; (now = Atomics.load(turn, 0)) !== share; ) Atomics.wait(turn, 0, now)
  for (const key of keys.subarray(share * SHARE, (share + 1) * SHARE)) {
    if (cache.get(key) === undefined) cache.set(key, key)
    else hits++
  }
  Atomics.store(turn, 0, share + 1)
  Atomics.notify(turn, 0)
}
parentPort!.postMessage(hits)
