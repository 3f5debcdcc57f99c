import { parentPort, workerData } from 'node:worker_threads'
import { countWords } from '../count.js'
import { claimFiles, type Job } from '../../common/workers.js'

for (const file of claimFiles(workerData as Job)) parentPort!.postMessage(countWords(file))
