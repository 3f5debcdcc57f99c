// Asks for each phrase which place stands for it: the one that any worker has set, or this one, which is set then.
import { parentPort, workerData } from 'node:worker_threads'
import { SharedMap } from 'tophash'
import { claimIndices } from '../../common/workers.js'
import { countDone, placesOf } from '../job.js'
import { fingerprint } from '../phrases.js'
import type { SharedJob } from './shared.js'
import { transferOf, type Found } from './strategy.js'

const job = workerData as SharedJob
const map = SharedMap.attach<number, number>(job.handle)
const found: Found = { indices: [], stands: [] }

for (const index of claimIndices(job)) {
  const prints = fingerprint(job, index)
  map.getOrInsertMany(prints, placesOf(job, index, prints.length), prints)
  found.indices.push(index)
  found.stands.push(prints)
  countDone(job)
}
map.dispose()
parentPort!.postMessage(found, transferOf(found))
