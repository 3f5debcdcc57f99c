// Workers that all use the same SharedMap: each sees at once what any of them has set.
//
// getOrInsertMany takes a whole file at once, each phrase in one step. Whose place stands for a phrase depends on who came
// first, but it is one place for all.
import { SharedMap } from 'tophash'
import { runWorkers } from '../../common/workers.js'
import { placeCount, stepsDone, type SearchJob } from '../job.js'
import { toFirst } from './stand.js'
import { takeInto, whilePolling, type Firsts, type Strategy } from './strategy.js'

export interface SharedJob extends SearchJob {
  handle: SharedMap<number, number>['handle']
  workers: number
}

export const findWithSharedMap: Strategy = async (job, threads, onProgress) => {
  const stands: Firsts = []
  const capacity = Math.floor(placeCount(job) / job.divisor / 2) // if half of the phrases are copies; else it grows
  const map = new SharedMap<number, number>(null, { key: 'number', value: 'number', capacity })
  const shared: SharedJob = { ...job, handle: map.handle, workers: threads }
  try {
    await whilePolling(
      () => onProgress(stepsDone(job)),
      () => {
        return runWorkers(new URL('./shared-worker.js', import.meta.url), threads, shared, takeInto(stands))
      },
    )
  } finally {
    map.dispose()
  }
  return toFirst(job, stands)
}
