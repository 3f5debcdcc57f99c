// Random operations on collections of all kinds, compared with a model: 1 million, or 100 if TOPHASH_ENDURANCE=full.
// A run of one thread is repeated, up to the operation that failed and to the last bucket, as the error says.
import { afterAll, describe, expect, it } from 'vitest'
import { SharedHeap } from 'tophash'
import { newGate } from '../stress/jobs.js'
import { randomOf, seedOf } from '../stress/random.js'
import { spawn } from '../support/workers.js'
import { SHAPES, nameOf, newCollection, openIn, playerOn } from './collections.js'
import type { OperationsJob } from './jobs.js'
import { Progress, TIMEOUT_MS, sized } from './settings.js'
import { Share, newBook } from './share.js'

const seed = seedOf()
/** Operations on each collection by one thread: 30 collections, 40 million in the full form. */
const ALONE = Number(process.env.TOPHASH_OPERATIONS ?? sized(25_000, 1_333_334, 2_000))
/** How many of them are done between two looks at all entries, and at the heap. */
const PORTION = 25_000

describe(`random operations by one thread (seed ${seed})`, () => {
  const progress = new Progress('operations by one thread', ALONE * SHAPES.length)
  let played = 0

  const cases = SHAPES.map((shape, index) => [nameOf(shape), shape, index] as const)

  it.each(cases)('on %s', { timeout: TIMEOUT_MS }, (name, shape, index) => {
    const random = randomOf(seed + index)
    const collection = newCollection(shape, random)
    const player = playerOn(collection, shape, new Share(shape[0], newBook(), random))
    try {
      for (; player.played < ALONE; progress.tell(played)) {
        const operations = Math.min(PORTION, ALONE - player.played)
        player.play(operations)
        collection.check()
        played += operations
      }
    } catch (error) {
      const { message } = error as Error
      const again = `TOPHASH_SEED=${seed} TOPHASH_OPERATIONS=${player.played} npx vitest run test/endurance/operations`
      throw new Error(`${name}, seed ${seed}: ${message}. Again: ${again} -t '${name}'`, { cause: error })
    }
    collection.dispose()
  })

  afterAll(() => console.log(`${played} operations by one thread, ${progress.rate(played)}; seed ${seed}`))
})

describe(`random operations by several threads (seed ${seed})`, () => {
  const threads = 3
  /** Times that all collections are gone through. */
  const laps = sized(1, 20)
  const operations = sized(3000, 34_000, 250)

  it('each with its own keys, which it hands on to the next one', { timeout: TIMEOUT_MS }, async () => {
    const heap = new SharedHeap({ maxBytes: 2 ** 31 })
    const total = threads * laps * SHAPES.length * operations
    const progress = new Progress(`operations by ${threads} threads`, total)
    const books = SHAPES.map(newBook)
    const common = { handle: heap.handle, seed, threads, books, laps, operations, gate: newGate() }
    const workers = Array.from({ length: threads }, (_, index) =>
      spawn<number>('endurance/operations', { ...common, index } satisfies OperationsJob),
    )
    workers[0]!.worker.on('message', (played: number) => progress.tell(played * threads))
    try {
      await Promise.all(workers.map(({ results }) => results))
    } finally {
      for (const { worker } of workers) void worker.terminate() // those who wait for one that failed
    }
    console.log(`${total} operations by ${threads} threads, ${progress.rate(total)}; seed ${seed}`)

    // What is left is what all threads together say, and nothing else.
    SHAPES.forEach((shape, i) => {
      using collection = openIn(heap, shape)
      playerOn(collection, shape, new Share(shape[0], books[i]!, () => 0)).play(0)
    })
    expect(heap.stats().threads).toBe(1)
    heap.check()
    heap.dispose()
  })
})
