// One of the threads of threads.ts: opens maps, and does its share of the work when all are released.
import { parentPort, workerData } from 'node:worker_threads'
import { Barrier } from '../harness/barrier.js'
import { collectGarbage, now } from '../harness/clock.js'
import type { Key } from '../rivals/rival.js'
import { TophashMap } from '../rivals/tophash.js'
import { makeData, type Answer, type Question, type Task } from './threads.protocol.js'

const { keys, values, lookups } = makeData(workerData as Task)
let map: TophashMap<Key> | undefined

parentPort!.on('message', (question: Question) => parentPort!.postMessage(answer(question)))

function answer(question: Question): Answer | undefined {
  if (question.type === 'work') return work(map!, question)
  map?.dispose()
  map = question.type === 'open' ? TophashMap.attach<Key>(question.handle) : undefined
  if (!map) collectGarbage() // what this thread alone still holds of the memory
  return undefined
}

function work(map: TophashMap<Key>, { action, from, to, threads, barrier }: Question & { type: 'work' }): Answer {
  let sum = 0
  collectGarbage()
  new Barrier(barrier).pass(threads)
  if (action === 'get') sum = map.getAll(lookups, from, to)
  else map.setAll(keys, values, from, to)
  return { sum, endedAt: now() }
}
