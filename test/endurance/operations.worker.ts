// One of several threads that play on the same collection at the same time, each with keys of its own. In the next lap
// the keys are the next thread's, which will free what it has not allocated.
import { parentPort, workerData } from 'node:worker_threads'
import { SharedHeap } from 'tophash'
import { meet } from '../stress/jobs.js'
import { randomOf } from '../stress/random.js'
import { SHAPES, nameOf, openIn, playerOn } from './collections.js'
import type { OperationsJob } from './jobs.js'
import { Share } from './share.js'

const { handle, seed, index, threads, books, laps, operations, gate } = workerData as OperationsJob
const heap = SharedHeap.attach(handle)
const collections = SHAPES.map((shape) => openIn(heap, shape))
const random = randomOf(seed + index)
let meetings = 0
let played = 0

for (let lap = 0; lap < laps; lap++) {
  for (const [i, shape] of SHAPES.entries()) {
    meet(gate, threads, ++meetings)
    try {
      const share = new Share(shape[0], books[i]!, random, (index + lap + i) % threads, threads)
      playerOn(collections[i]!, shape, share).play(operations)
    } catch (error) {
      const { message } = error as Error
      throw new Error(`${nameOf(shape)}, thread ${index}, lap ${lap}, seed ${seed}: ${message}`, { cause: error })
    }
    played += operations
    meet(gate, threads, ++meetings)
    if (index === 0) parentPort!.postMessage(played)
  }
  if (index === 0) heap.check() // nobody writes meanwhile
  meet(gate, threads, ++meetings)
}
for (const collection of collections) collection.dispose()
heap.dispose()
