// Everything that is freed is used again: however often the entries are replaced, by entries of other sizes, and
// whoever deletes them, the heap does not grow. 100 million replacements if TOPHASH_ENDURANCE=full.
import { expect, it } from 'vitest'
import { SharedHeap } from 'tophash'
import { newGate } from '../stress/jobs.js'
import { seedOf } from '../stress/random.js'
import { spawn } from '../support/workers.js'
import { SHAPES } from './collections.js'
import type { ChurnJob } from './jobs.js'
import { Progress, TIMEOUT_MS, sized } from './settings.js'

const seed = seedOf()
const THREADS = 3
/** Entries of each collection. */
const PLACES = 64
const ROUNDS = sized(12, 100, 12)
/** Replacements by each thread in each round. */
const CYCLES = sized(10_000, 333_334)
const TOTAL = THREADS * ROUNDS * CYCLES

interface Size {
  readonly heapBytes: number
  readonly memoryBytes: number
}

const title = `${TOTAL} replacements by ${THREADS} threads leave the heap as large as it was (seed ${seed})`

it(title, { timeout: TIMEOUT_MS }, async () => {
  const heap = new SharedHeap({ maxBytes: 2 ** 31 })
  const places = new Int32Array(new SharedArrayBuffer(4 * PLACES * SHAPES.length))
  const { handle } = heap
  const common = { handle, seed, threads: THREADS, places, rounds: ROUNDS, cycles: CYCLES, gate: newGate() }
  const workers = Array.from({ length: THREADS }, (_, index) =>
    spawn<Size>('endurance/churn', { ...common, index } satisfies ChurnJob),
  )
  const progress = new Progress('replacements', TOTAL)
  let rounds = 0
  workers[0]!.worker.on('message', () => progress.tell((++rounds * TOTAL) / ROUNDS))
  try {
    await Promise.all(workers.map(({ results }) => results))
  } finally {
    for (const { worker } of workers) void worker.terminate() // those who wait for one that failed
  }
  const sizes = await workers[0]!.results
  const inUse = sizes.map(({ heapBytes }) => heapBytes >>> 10)
  console.log(`${TOTAL} replacements, ${progress.rate(TOTAL)}; seed ${seed}; KiB after each round: ${inUse.join(' ')}`)
  expectNoRise(sizes)
  expect(heap.stats().threads).toBe(1)
  heap.check()
  heap.dispose()
})

/**
 * After a quarter of the rounds there is a block for nearly every need: of each size class as many as there ever were
 * entries at a time, and what the threads' lists hold, two batches of 4 KiB each at most. The most that there ever were
 * still rises by chance, the slower the later: from 1 million to 10 million replacements by some 200 KiB, in classes of
 * several KiB, of which there are few blocks. What is lost does not rise the slower: one byte in each replacement that
 * follows would be far more than this in the full form, and a block in each some megabytes in the short one.
 */
const SLACK_BYTES = 512 << 10
/** Memory grows by at least 1 MiB at a time, when no free run of pages is long enough for a large block. */
const SLACK_MEMORY_BYTES = 3 << 20

function expectNoRise(sizes: readonly Size[]): void {
  const settled = Math.ceil(sizes.length / 4)
  const [before, after] = [most(sizes.slice(0, settled)), most(sizes.slice(settled))]
  expect(after.heapBytes).toBeLessThanOrEqual(before.heapBytes + SLACK_BYTES)
  expect(after.memoryBytes).toBeLessThanOrEqual(before.memoryBytes + SLACK_MEMORY_BYTES)
}

function most(sizes: readonly Size[]): Size {
  const { max } = Math
  return sizes.reduce((a, b) => ({
    heapBytes: max(a.heapBytes, b.heapBytes),
    memoryBytes: max(a.memoryBytes, b.memoryBytes),
  }))
}
