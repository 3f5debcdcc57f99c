// No update is lost: what all threads have added is what is there.
import { describe, expect, it } from 'vitest'
import { SharedMap } from 'tophash'
import { spawn } from '../support/workers.js'
import { type MixJob, newGate } from './jobs.js'
import { seedOf } from './random.js'

const THREADS = 4
const OPERATIONS = 200_000

describe.each([
  { kind: 'number', keys: 1 },
  { kind: 'string', keys: 3 },
  { kind: 'number', keys: 5000 },
] as const)('$keys counters with $kind keys', ({ kind, keys }) => {
  const seed = seedOf()
  it(`hold exactly what was added (seed ${seed})`, async () => {
    const map = new SharedMap<number | string, number>(null, { key: kind, value: 'number', capacity: 1 })
    const gate = newGate()
    const workers = Array.from({ length: THREADS }, (_, index) =>
      spawn<number>('stress/count', {
        handle: map.handle,
        index,
        threads: THREADS,
        seed,
        operations: OPERATIONS,
        keys,
        gate,
      } satisfies MixJob),
    )
    await Promise.all(workers.map(({ results }) => results))
    let total = 0
    for (const count of map.values()) total += count
    expect(total).toBe(THREADS * OPERATIONS)
    expect(map.size).toBe(keys)
    map.check()
    map.dispose()
  })
})
