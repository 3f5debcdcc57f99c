// A map as large as a heap can well be: 10 million string keys if TOPHASH_ENDURANCE=full, which takes some 700 MiB.
import { describe, expect, it } from 'vitest'
import { SharedMap } from 'tophash'
import { randomOf, seedOf } from '../stress/random.js'
import { type Spawned, spawn } from '../support/workers.js'
import type { LargeJob } from './jobs.js'
import { IS_FULL, Progress, TIMEOUT_MS, sized } from './settings.js'

const seed = seedOf()
const TOTAL = sized(300_000, 10_000_000)
const THREADS = 2
/**
 * The buckets stay, and there are no more overflow buckets than when the table was about to grow. One thread may run
 * out of blocks while another still has a batch or two, some 8 KiB, of each of two size classes: then it takes a page
 * of its own.
 */
const SLACK_BYTES = THREADS * 65_536

describe(`${TOTAL} string keys, by ${THREADS} threads`, () => {
  const title = `are inserted, met once, deleted, and inserted into the same memory (seed ${seed})`

  it(title, { timeout: TIMEOUT_MS }, async () => {
    const map = new SharedMap<string, number>(null, { key: 'string', value: 'number', capacity: 1 })
    const seen = new Uint8Array(new SharedArrayBuffer(TOTAL))
    const common = { handle: map.handle, threads: THREADS, total: TOTAL, seen }
    const workers = Array.from({ length: THREADS }, (_, index) =>
      spawn<string>('endurance/large', { ...common, index } satisfies LargeJob),
    )
    const sizes: string[] = []
    const progress = new Progress('', TOTAL)

    const doneBy = async (task: string): Promise<number> => {
      await inAll(workers, task)
      map.check()
      const { heapBytes, memoryBytes, level } = map.stats()
      const mebibytes = [heapBytes, memoryBytes].map((bytes) => Math.round(bytes / 2 ** 20)).join(' of ')
      sizes.push(`${task}: ${mebibytes} MiB, level ${level}, ${progress.seconds.toFixed(1)} s`)
      if (IS_FULL) console.error(sizes.at(-1))
      return heapBytes
    }

    const filled = await doneBy('insert')
    expectAll(map)
    await doneBy('iterate')
    expectOnce(seen)
    const emptied = await doneBy('delete')
    expect([map.size, [...map]]).toEqual([0, []])
    const again = await doneBy('insert')
    expectAll(map)
    await doneBy('delete')
    await inAll(workers, 'leave')
    console.log(`${TOTAL} string keys; seed ${seed}; in use after ${sizes.join('; ')}`)
    expect(emptied).toBeLessThanOrEqual(filled + SLACK_BYTES)
    expect(again).toBeLessThanOrEqual(filled + SLACK_BYTES)
    map.dispose()
  })
})

/** Has all workers do a task at the same time. */
async function inAll(workers: readonly Spawned<string>[], task: string): Promise<void> {
  for (const { worker } of workers) worker.postMessage(task)
  await Promise.all(workers.map((worker) => (task === 'leave' ? worker.results : worker.message())))
}

/** All keys are there, once each, by iteration; and some by their names. */
function expectAll(map: SharedMap<string, number>): void {
  expect(map.size).toBe(TOTAL)
  const met = new Uint8Array(TOTAL)
  for (const n of map.values()) met[n]!++
  expectOnce(met)
  const random = randomOf(seed)
  for (let i = 0; i < 100_000; i++) {
    const n = random(2 * TOTAL) // half of them are not there
    const found = map.get(`key ${n}`)
    if (found !== (n < TOTAL ? n : undefined)) throw new Error(`key ${n} holds ${found}`)
  }
}

function expectOnce(met: Uint8Array): void {
  const wrong = met.findIndex((times) => times !== 1)
  if (wrong >= 0) throw new Error(`key ${wrong} was met ${met[wrong]} times`)
}
