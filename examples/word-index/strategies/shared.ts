// Workers that all count into the same SharedMap. Nothing is sent and nothing is merged: when the last worker has
// ended, or at any time before, every thread can look up every word.
import { SharedMap } from 'tophash'
import { claimedFiles, newJob, runWorkers, type Job } from '../../common/workers.js'
import type { Strategy } from './strategy.js'

export interface SharedJob extends Job {
  counts: SharedMap<string, number>['handle']
}

export const countWithSharedMap: Strategy = async (files, threads, onProgress) => {
  const counts = new SharedMap<string, number>(null, { key: 'string', value: 'number' })
  const job: SharedJob = { ...newJob(files), counts: counts.handle }
  const timer = setInterval(() => onProgress(claimedFiles(job)), 100)
  try {
    await runWorkers(new URL('./shared-worker.js', import.meta.url), threads, job)
  } finally {
    clearInterval(timer)
  }
  return counts
}
