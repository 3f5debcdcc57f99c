// Handles that are none, and heaps that something else has written to, by the public API: see attach.worker.ts.
import { expect, it } from 'vitest'
import { FACTOR, runWatched } from './watched.js'

const LIMIT_MS = 15_000
const LEAST = Math.min(1, FACTOR)

it('attach opens a collection, or throws a TophashError, and good heaps stay as they are', async () => {
  const { cases, outcomes } = await runWatched('attach', LIMIT_MS)
  expect(cases).toBeGreaterThan(2_000 * LEAST)
  expect(outcomes.ERR_BAD_HANDLE).toBeGreaterThan(1_000 * LEAST)
  expect(outcomes.ERR_CORRUPT_HEAP).toBeGreaterThan(20 * LEAST)
}, 600_000)
