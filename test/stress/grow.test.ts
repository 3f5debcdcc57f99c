// All threads insert from an empty table, in the full size to a million keys: nothing is lost, whatever splits under whom.
import { describe, expect, it } from 'vitest'
import type { Kind } from 'tophash'
import { sized, some } from '../support/size.js'
import { type TestMap, newMap } from '../support/untyped.js'
import { alike, numbered } from '../support/values.js'
import { spawn } from '../support/workers.js'
import { type GrowJob, newGate } from './jobs.js'

const TOTAL = sized(60_000, 1_000_000)
/** 2^17 buckets hold 851,968 entries, 2^13 53,248. */
const LEAST_LEVEL = sized(14, 18)

const CASES = [
  { kind: 'number', threads: 2 },
  { kind: 'number', threads: 4 },
  { kind: 'string', threads: 2 },
  { kind: 'string', threads: 5 },
  { kind: 'any', threads: 4 },
  { kind: 'bigint', threads: 2 },
] as const

describe.each(some(CASES, 3))('$threads threads inserting $kind keys from empty', ({ kind, threads }) => {
  it('loses none, counts them exactly, and each thread finds them all', async () => {
    const map = newMap([kind, 'number'], { capacity: 1, maxBytes: 1 << 30 })
    const gate = newGate()
    const workers = Array.from({ length: threads }, (_, index) =>
      spawn<{ missing: number; size: number }>('stress/grow', {
        handle: map.handle,
        kind,
        index,
        threads,
        total: TOTAL,
        gate,
      } satisfies GrowJob),
    )
    const reports = (await Promise.all(workers.map(({ results }) => results))).flat()
    expect(reports).toEqual(Array(threads).fill({ missing: 0, size: TOTAL }))
    expect(map.size).toBe(TOTAL)
    map.check()
    expect(missing(map, kind)).toBe(0)
    const { level, approximateEvacuation } = map.stats()
    expect(level).toBeGreaterThanOrEqual(LEAST_LEVEL)
    expect(approximateEvacuation).toBeGreaterThan(0)
    map.dispose()
  })
})

/** How many of the keys this thread does not find, once by asking and once by iterating. */
function missing(map: TestMap, kind: Kind): number {
  const seen = new Uint8Array(TOTAL)
  for (const [key, value] of map) {
    const n = value as number
    if (alike(key, numbered(kind, n))) seen[n]!++
  }
  let wrong = 0
  for (let n = 0; n < TOTAL; n++) if (seen[n] !== 1 || map.get(numbered(kind, n)) !== n) wrong++
  return wrong
}
