// Wrong words in every structure of a heap: see corrupt.worker.ts.
import { describe, expect, it } from 'vitest'
import { FACTOR, runWatched } from './watched.js'

/**
 * How long an operation may take: to wait for a lock that is nobody's, some 10 s; where levels can be wrong, to go over
 * all memory time and again, on a slow machine; and where nothing else is wrong than a chain or a counter, no time.
 */
const [LIMIT_MS, LONG_MS, SHORT_MS] = [15_000, 40_000, 5_000]

const LEAST = Math.min(1, FACTOR)

describe('a heap that something else has written to: every operation ends', () => {
  // At least so many cases, in which so many operations come to a trap.
  it.each([
    ['header and slots', LIMIT_MS, 130, 20],
    ['tables', LONG_MS, 40, 5],
    ['stripes', LIMIT_MS, 30, 0],
    ['chains', LIMIT_MS, 55, 5],
    ['chains that go round', SHORT_MS, 18, 18],
    ['counters that disagree with the heads', SHORT_MS, 24, 0],
    ['slabs that are none', LIMIT_MS, 30, 6],
    ['several at once', LONG_MS, 150, 30],
  ])(
    '%s',
    async (structure, limitMs, cases, trapped) => {
      const { outcomes } = await runWatched('corrupt', limitMs, { structure })
      expect(outcomes.cases).toBeGreaterThanOrEqual(Math.floor(cases * LEAST))
      expect(outcomes.trapped ?? 0).toBeGreaterThanOrEqual(Math.floor(trapped * LEAST * LEAST))
    },
    900_000,
  )
})
