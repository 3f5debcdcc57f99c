// First all workers set the places of all phrases, then they look up which place stands for each.
import { parentPort, workerData } from 'node:worker_threads'
import { SharedMap } from 'tophash'
import { claimIndices } from '../../common/workers.js'
import { countDone, meet, placesOf } from '../job.js'
import { fingerprint } from '../phrases.js'
import type { SharedJob } from './shared.js'
import { transferOf, type Found } from './strategy.js'

const job = workerData as SharedJob
const map = SharedMap.attach<number, number>(job.handle)
const found: Found = { indices: [], stands: [] }

for (const index of claimIndices(job)) {
  const prints = fingerprint(job, index)
  map.setMany(prints, placesOf(job, index, prints.length))
  found.indices.push(index)
  found.stands.push(prints)
}
meet(job, 0, job.workers)
for (const prints of found.stands) {
  map.getMany(prints, prints)
  countDone(job)
}
map.dispose()
parentPort!.postMessage(found, transferOf(found))
