// Few keys, many writers, while another thread makes the table grow: every value read was written for its key, whole.
import { describe, expect, it } from 'vitest'
import { SharedMap } from 'tophash'
import { sized, some } from '../support/size.js'
import { spawn } from '../support/workers.js'
import { type FillJob, type MixJob, newGate } from './jobs.js'
import { disprove } from './proof.js'
import { seedOf } from './random.js'

const THREADS = 3
const FILLING = sized(30_000, 100_000)
const OPERATIONS = sized(50_000, 200_000)

describe.each(some([{ keys: 1 }, { keys: 8 }, { keys: 200 }], 2))('set, get and delete on $keys keys, growing', ({ keys }) => {
  const seed = seedOf()
  it(`never shows a value that was not written for the key (seed ${seed})`, async () => {
    const map = new SharedMap<string, string>(null, { key: 'string', value: 'string', capacity: 1 })
    const { handle } = map
    const gate = newGate()
    const mixers = Array.from({ length: THREADS }, (_, index) =>
      spawn<{ wrong: string[]; reads: number }>('stress/mix', {
        handle,
        index,
        threads: THREADS,
        seed,
        operations: OPERATIONS,
        keys,
        gate,
      } satisfies MixJob),
    )
    const filler = spawn<{ removed: number }>('stress/fill', { handle, index: 9, adds: FILLING } satisfies FillJob)
    const reports = (await Promise.all(mixers.map(({ results }) => results))).flat()
    expect(reports.flatMap(({ wrong }) => wrong)).toEqual([])
    for (const { reads } of reports) expect(reads).toBeGreaterThan(OPERATIONS / 20)
    expect(await filler.results).toEqual([{ removed: FILLING / 2 }])

    map.check()
    const entries = [...map]
    expect(entries.length).toBe(map.size)
    expect(entries.map(([key, value]) => disprove(key, value)).filter(Boolean)).toEqual([])
    expect(entries.filter(([key]) => key.startsWith('fill:')).length).toBe(FILLING / 2)
    map.clear()
    expect(map.size).toBe(0)
    map.check()
    map.dispose()
  })
})
