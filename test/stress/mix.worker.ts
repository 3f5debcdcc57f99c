// Sets, gets and deletes at random on a few keys, and looks hard at every value that it reads.
import { parentPort, workerData } from 'node:worker_threads'
import { SharedMap } from 'tophash'
import { type MixJob, meet } from './jobs.js'
import { disprove, prove } from './proof.js'
import { randomOf } from './random.js'

const { handle, index, threads, seed, operations, keys, gate } = workerData as MixJob
const map = SharedMap.attach<string, string>(handle)
const random = randomOf(seed + index)
const wrong: string[] = []
let reads = 0
let added = 0

meet(gate, threads, 1)
for (let i = 0; i < operations && wrong.length < 5; i++) {
  const key = `k${random(keys)}`
  switch (random(5)) {
    case 0:
    case 1:
      map.set(key, prove(key, index, i, random(1000)))
      break
    case 2:
      if (map.delete(key)) added--
      break
    case 3:
      look(key, map.get(key))
      break
    default:
      if (map.has(key)) look(key, map.get(key))
  }
}
parentPort!.postMessage({ wrong, reads, added })
map.dispose()

function look(key: string, value: string | undefined): void {
  if (value === undefined) return
  reads++
  const reason = disprove(key, value)
  if (reason) wrong.push(`seed ${seed}: the value of ${key} ${reason}: ${value}`)
}
