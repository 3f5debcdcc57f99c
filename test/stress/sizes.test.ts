// Live data of three eighths of a heap, in sizes that change, does not fill the heap: two threads set and delete, and others are killed.
// Of half of it that does not hold: with what blocks are larger than what is asked for it is three fifths, and nothing is moved, so the free
// rest can lie in pieces that are too small (docs/DESIGN.md, section 3).
import { describe, expect, it } from 'vitest'
import { SharedMap } from 'tophash'
import { asked } from '../support/size.js'
import { spawn } from '../support/workers.js'
import type { SizesJob } from './jobs.js'
import { seedOf } from './random.js'

const MIB = 2 ** 20
const LIFE_MS = 100

describe('values of changing sizes, 6 MiB at a time', () => {
  const seed = seedOf()
  const operations = asked('TOPHASH_OPERATIONS', 60_000, 600_000)
  it(`stay within 16 MiB, whoever dies (seed ${seed}, ${operations} operations)`, { timeout: 600_000 }, async () => {
    const map = new SharedMap<string, Uint8Array>(null, { key: 'string', value: 'bytes', maxBytes: 16 * MIB })
    const job = { handle: map.handle, seed, keys: 10_000, most: 2.5 * MIB, operations: operations / 2 }
    const workers = ['a', 'b'].map((name, n) =>
      spawn<number>('stress/sizes', { ...job, name, seed: seed + n } satisfies SizesJob),
    )
    const all = Promise.all(workers.map(({ results }) => results))
    let isOver = false
    void all.finally(() => (isOver = true)).catch(() => {})
    let kills = 0
    while (!isOver) {
      const victim = { ...job, name: 'c', seed: seed + 2 + kills, keys: 20, most: MIB, operations: Number.POSITIVE_INFINITY }
      const { worker, results } = spawn('stress/sizes', victim satisfies SizesJob)
      let failure: unknown
      worker.once('error', (error) => (failure = error))
      await new Promise((resolve) => void setTimeout(resolve, LIFE_MS))
      await worker.terminate()
      await results.catch(() => {})
      if (failure) throw failure
      kills++
    }
    const [a, b] = (await all).map(([bytes]) => bytes!)
    map.recover()
    map.check()
    let bytes = 0
    for (const [key, value] of map) if (!key.startsWith('c')) bytes += value.length
    expect(bytes).toBe(a! + b!)
    expect(kills).toBeGreaterThan(0)
    expect(map.stats().memoryBytes).toBeLessThanOrEqual(16 * MIB)
    console.log(`${kills} kills; ${map.stats().memoryBytes / MIB} MiB at the end`)
    map.dispose()
  })
})
