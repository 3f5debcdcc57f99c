// Many callers, one hot key: each fetches it again and again. The clock is a word that the test advances, so what ends and when is known
// exactly. Who loads while `hang` is set says who it is and never ends: it is killed.
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { SharedCache, type SharedCacheHandle } from 'tophash'
import { FLIGHT } from './flight.js'

export interface Flying {
  readonly cache: SharedCacheHandle<string, number>
  /** Words that all threads have: see FLIGHT. */
  readonly words: Int32Array<SharedArrayBuffer>
  readonly id: number
  readonly callers: number
  readonly loadMs: number
}

const { cache: handle, words, id, callers, loadMs } = workerData as Flying
const cache = SharedCache.attach(handle, { now: () => Atomics.load(words, FLIGHT.now) })
const wrong: string[] = []
let fetches = 0

/** The value is the moment at which it was loaded. */
async function load(): Promise<number> {
  const now = Atomics.load(words, FLIGHT.now)
  Atomics.add(words, FLIGHT.loads, 1)
  if (Atomics.load(words, FLIGHT.hang)) {
    Atomics.store(words, FLIGHT.loader, id)
    await new Promise(() => setInterval(() => {}, 1000))
  }
  await sleep(loadMs)
  return now
}

async function call(): Promise<void> {
  let last = -1
  while (!Atomics.load(words, FLIGHT.stop)) {
    const asked = Atomics.load(words, FLIGHT.now)
    const value = await cache.fetch('hot', load)
    fetches++
    if (value < asked) wrong.push(`asked for at ${asked}, and got what was loaded at ${value}`)
    if (value < last) wrong.push(`got what was loaded at ${value} after what was loaded at ${last}`)
    last = value
    await turn()
  }
}

parentPort!.postMessage('begun')
// No await at the top: see test/queue/work.worker.ts.
void Promise.all(Array.from({ length: callers }, call)).then(() => {
  parentPort!.postMessage({ fetches, wrong: wrong.slice(0, 10) })
})
