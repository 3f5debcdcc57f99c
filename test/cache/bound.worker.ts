// Works on a cache until it is told to stop, or killed: sets, deletes, counts, clears, iterates.
import { parentPort, workerData } from 'node:worker_threads'
import { SharedCache, type SharedCacheHandle, SharedMap, type SharedMapHandle } from 'tophash'

export interface Hammering {
  readonly cache: SharedCacheHandle<string, string>
  readonly flags: SharedMapHandle<string, number>
  readonly seed: number
}

const { cache: handle, flags: stopping, seed } = workerData as Hammering
const cache = SharedCache.attach(handle)
const flags = SharedMap.attach(stopping)
let state = seed
const draw = (below: number): number => {
  state = (Math.imul(state, 1664525) + 1013904223) | 0
  return (state >>> 8) % below
}
let operations = 0
do {
  for (let i = 0; i < 200; i++, operations++) {
    const key = `key ${draw(5000)}`
    const what = draw(100)
    if (what < 50) {
      if (cache.get(key) === undefined) cache.set(key, 'x'.repeat(draw(400)), draw(4) ? undefined : { ttl: 1 + draw(20) })
    } else if (what < 80) cache.set(key, 'y'.repeat(draw(400)))
    else if (what < 95) cache.delete(key)
    else if (what < 97) cache.take(key)
    else if (what < 98) cache.touch(key, 5)
    else if (what < 99) cache.sweep(10)
    else if (draw(20) === 0) cache.clear()
  }
  if (operations === 200) parentPort!.postMessage('begun')
} while (flags.get('stop') !== 1)
parentPort!.postMessage(operations)
