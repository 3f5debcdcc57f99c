// Fetches one key after the other, many callers at once, and counts its own loads.
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { SharedCache, type SharedCacheHandle } from 'tophash'

export interface Fetching {
  readonly cache: SharedCacheHandle<string, string>
  readonly counts: SharedCacheHandle<string, number>
  readonly callers: number
  readonly rounds: number
  readonly loadMs: number
  /** Each load fails, when all threads have asked for it. */
  readonly fails: boolean
  /** Of so many threads each waits until all are there. */
  readonly threads: number
}

const { cache: handle, counts: counted, callers, rounds, loadMs, fails, threads } = workerData as Fetching
const cache = SharedCache.attach(handle)
const counts = SharedCache.attach(counted)
const values: string[] = []
const errors = new Set<string>()

async function load(key: string): Promise<string> {
  counts.increment(key)
  await sleep(loadMs)
  while (fails && counts.peek(`asked for ${key}`) !== threads) await sleep(1)
  if (fails) throw Object.assign(new RangeError(`no value for ${key}`), { code: 'ERR_NONE' })
  return `value of ${key}`
}

async function ask(): Promise<void> {
  counts.increment('there')
  while (counts.peek('there')! < threads) await sleep(1)

  for (let round = 0; round < rounds; round++) {
    const asked = Promise.allSettled(Array.from({ length: callers }, () => cache.fetch(`${round}`, load)))
    await turn() // by then it has seen who loads
    counts.increment(`asked for ${round}`)
    const all = await asked
    for (const one of all) {
      if (one.status === 'rejected') errors.add(`${one.reason.name}: ${one.reason.message}, ${one.reason.code}`)
    }
    values.push((all[0] as PromiseFulfilledResult<string>).value)
  }
}

// No await at the top: see test/queue/work.worker.ts.
void ask().then(() => parentPort!.postMessage({ values, errors: [...errors] }))
