// Two threads that count at one key: this one, and a worker that begins each round with it.
import { Worker } from 'node:worker_threads'
import type { SharedMap } from 'tophash'

/** What both see: the round that is on, and the last one that the worker has ended. */
export const [ROUND, ENDED] = [0, 1]

/** Returns a round, in which each of both increments the key so many times. Returns when the worker is at work. */
export function countTogether(map: SharedMap<string, number>, key: string, times: number): () => void {
  const state = new Int32Array(new SharedArrayBuffer(8))
  const data = { handle: map.handle, key, times, state }
  new Worker(new URL('./counting.worker.js', import.meta.url), { workerData: data }).unref()
  let round = 0
  const run = (): void => {
    Atomics.store(state, ROUND, ++round)
    Atomics.notify(state, ROUND)
    for (let i = 0; i < times; i++) map.increment(key)
    while (Atomics.load(state, ENDED) !== round) Atomics.wait(state, ENDED, round - 1, 10)
  }
  run()
  return run
}
