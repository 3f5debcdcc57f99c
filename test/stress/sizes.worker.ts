// Sets and deletes values whose sizes change as time goes on, and never has more bytes in the map than it may. What a worker of its
// name, which was terminated, had there counts as its own.
import { parentPort, workerData } from 'node:worker_threads'
import { SharedMap } from 'tophash'
import type { SizesJob } from './jobs.js'
import { randomOf } from './random.js'

const SIZES = [17, 90, 333, 1000, 2500, 5000, 12_000, 40_000]
const ERA = 2000

const { handle, name, seed, operations, keys, most } = workerData as SizesJob
const map = SharedMap.attach<string, Uint8Array>(handle)
const random = randomOf(seed)
const filling = new Uint8Array(2 * SIZES.at(-1)!)
const lengths = new Map<string, number>()
let live = 0
for (let i = 0; i < keys; i++) note(`${name}${i}`, map.get(`${name}${i}`)?.length ?? 0)

for (let n = 0; n < operations; n++) {
  const key = `${name}${random(keys)}`
  const size = SIZES[Math.floor(n / ERA) % SIZES.length]! / 2 + random(SIZES[Math.floor(n / ERA) % SIZES.length]!)
  for (const old of lengths.keys()) {
    if (live + size <= most) break
    map.delete(old)
    note(old, 0)
  }
  map.set(key, filling.subarray(0, size))
  note(key, Math.floor(size))
}
parentPort!.postMessage(live)
map.dispose()

function note(key: string, length: number): void {
  live += length - (lengths.get(key) ?? 0)
  lengths.delete(key)
  if (length > 0) lengths.set(key, length)
}
