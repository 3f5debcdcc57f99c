// Counts up keys that all threads count up, and says what the last total of the first was.
import { parentPort, workerData } from 'node:worker_threads'
import { SharedCache, type SharedCacheHandle } from 'tophash'

export interface Counting {
  readonly cache: SharedCacheHandle<string, number>
  readonly keys: number
  readonly times: number
}

const { cache: handle, keys, times } = workerData as Counting
const cache = SharedCache.attach(handle)
let last = 0
for (let i = 0; i < times; i++) {
  for (let key = 0; key < keys; key++) {
    const total = cache.increment(`${key}`, 1, { ttl: 1_000_000 })
    if (key === 0) last = total
  }
}
parentPort!.postMessage([last])
