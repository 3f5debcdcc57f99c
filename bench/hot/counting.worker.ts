// The second thread of counting.ts, in Node.
import { parentPort, workerData } from 'node:worker_threads'
import { countAlong } from './counting.js'

parentPort!.postMessage('here')
countAlong(workerData)
