// Reads size and bytes of a cache all the time, until it is told to stop, and says how often, and what it has seen that may not be.
import { parentPort, workerData } from 'node:worker_threads'
import { SharedCache, type SharedCacheHandle, SharedMap, type SharedMapHandle } from 'tophash'

export interface Watching {
  readonly cache: SharedCacheHandle<string, string>
  readonly flags: SharedMapHandle<string, number>
}

export interface Watched {
  readonly looks: number
  readonly wrong: readonly string[]
  readonly mostEntries: number
  readonly mostBytes: number
}

const { cache: handle, flags: stopping } = workerData as Watching
const cache = SharedCache.attach(handle)
const flags = SharedMap.attach(stopping)
const wrong: string[] = []
let looks = 0
let mostEntries = 0
let mostBytes = 0
parentPort!.postMessage('begun')
do {
  for (let i = 0; i < 50; i++, looks++) {
    const { size, max, bytes = 0, maxBytes } = cache.stats()
    const alone = cache.size
    mostEntries = Math.max(mostEntries, size, alone)
    mostBytes = Math.max(mostBytes, bytes)
    if (Math.max(size, alone) > max || bytes > maxBytes)
      wrong.push(`${size}, ${alone} of ${max} entries, ${bytes} of ${maxBytes} bytes`)
  }
} while (flags.get('stop watching') !== 1 && wrong.length < 10)
parentPort!.postMessage({ looks, wrong, mostEntries, mostBytes } satisfies Watched)
