// Counts a file in a local Map first and then adds each distinct word once
import { workerData } from 'node:worker_threads'
import { SharedMap } from 'tophash'
import { countWords } from '../count.js'
import { claimFiles } from '../workers.js'
import type { SharedJob } from './shared.js'

const job = workerData as SharedJob
const counts = SharedMap.attach<string, number>(job.counts)
for (const file of claimFiles(job)) {
  for (const [word, n] of countWords(file)) counts.increment(word, n)
}
counts.dispose()
