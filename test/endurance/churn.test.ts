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
const ROUNDS = sized(12, 100)
/** Replacements by each thread in each round. */
const CYCLES = sized(10_000, 333_334)
const TOTAL = THREADS * ROUNDS * CYCLES

interface Size {
  readonly heapBytes: number
  readonly memoryBytes: number
}

it(`${TOTAL} replacements by ${THREADS} threads leave the heap as large as it was (seed ${seed})`, { timeout: TIMEOUT_MS }, async () => {
  const heap = new SharedHeap({ maxBytes: 2 ** 31 })
  const places = new Int32Array(new SharedArrayBuffer(4 * PLACES * SHAPES.length))
  const common = { handle: heap.handle, seed, threads: THREADS, places, rounds: ROUNDS, cycles: CYCLES, gate: newGate() }
  const workers = Array.from({ length: THREADS }, (_, index) =>
    spawn<Size>('endurance/churn', { ...common, index } satisfies ChurnJob))
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
  console.log(`${TOTAL} replacements, ${progress.rate(TOTAL)}; seed ${seed}; KiB in use after each round: ${inUse.join(' ')}`)
  expectNoRise(sizes)
  expect(heap.stats().threads).toBe(1)
  heap.check()
  heap.dispose()
})

/**
 * After a quarter of the rounds there is a block for nearly every need: for the most entries of its size class that there
 * were at a time, and as many as the threads' lists and batches hold. The most that there ever were rises
 * still, the slower the later: from 300,000 to 10 million replacements by some 200 KiB, most of it in the classes of
 * several KiB, of which there are few blocks. What is not a matter of chance, such as one block in a
 * thousand lost, would rise without end.
 */
const SLACK_BYTES = 512 << 10
/** Memory grows by at least 1 MiB at a time, when no free run of pages is long enough for a large block. */
const SLACK_MEMORY_BYTES = 3 << 20

function expectNoRise(sizes: readonly Size[]): void {
  const settled = Math.ceil(sizes.length / 4)
  const most = (of: (size: Size) => number, from: number, to: number): number => Math.max(...sizes.slice(from, to).map(of))
  const [heapBytes, memoryBytes] = [(size: Size) => size.heapBytes, (size: Size) => size.memoryBytes]
  expect(most(heapBytes, settled, sizes.length)).toBeLessThanOrEqual(most(heapBytes, 0, settled) + SLACK_BYTES)
  expect(most(memoryBytes, settled, sizes.length)).toBeLessThanOrEqual(most(memoryBytes, 0, settled) + SLACK_MEMORY_BYTES)
}
