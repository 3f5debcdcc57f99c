// Sets and deletes strings of random length, keeping a few of them at a time.
import { parentPort, workerData } from 'node:worker_threads'
import { SharedMap } from 'tophash'
import type { ChurnJob } from './jobs.js'
import { randomOf } from './random.js'

const { handle, index, seed, operations, settle, window, longest } = workerData as ChurnJob
const map = SharedMap.attach<string, string>(handle)
const random = randomOf(seed + index)
const filling = 'abcdefghijklmnop'.repeat(longest / 16 + 1)
const kept: string[] = Array.from({ length: window }, () => '')

for (let i = 0; i < operations; i += 2) {
  if (i === settle) parentPort!.postMessage(map.stats().heapBytes)
  const slot = random(window)
  if (kept[slot]) map.delete(kept[slot]!)
  kept[slot] = `${index}:${i}:${filling.slice(0, random(longest))}`
  map.set(kept[slot]!, filling.slice(0, random(longest)))
}
for (const key of kept) if (key) map.delete(key)
parentPort!.postMessage(map.stats().heapBytes)
map.dispose()
