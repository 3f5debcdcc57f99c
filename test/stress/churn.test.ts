// Everything freed is used again: a heap that has seen ten million sets and deletes is as large as after the first
// hundred thousand, and every byte of it is accounted for.
import { describe, expect, it } from 'vitest'
import { SharedMap } from 'tophash'
import { asked } from '../support/size.js'
import { spawn } from '../support/workers.js'
import type { ChurnJob } from './jobs.js'
import { seedOf } from './random.js'

const SETTLE = 100_000

describe('two threads that set and delete strings of random length', () => {
  const seed = seedOf()
  const operations = asked('TOPHASH_CHURN', 1_000_000, 10_000_000)
  it(`leave the heap as large as it was (seed ${seed}, ${operations} operations)`, { timeout: 600_000 }, async () => {
    const map = new SharedMap<string, string>(null, { key: 'string', value: 'string' })
    const workers = [0, 1].map((index) =>
      spawn<number>('stress/churn', {
        handle: map.handle,
        index,
        seed,
        operations: operations / 2,
        settle: SETTLE / 2,
        window: 8,
        longest: 600,
      } satisfies ChurnJob),
    )
    const [first, second] = await Promise.all(workers.map(({ results }) => results))
    const settled = Math.max(first![0]!, second![0]!)
    expect(map.size).toBe(0)
    expect(map.stats().heapBytes).toBeLessThanOrEqual(settled)
    expect(settled).toBeLessThan(2 ** 20)
    map.check()
    map.dispose()
  })
})
