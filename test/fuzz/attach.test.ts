// Handles that are none, and heaps that something else has written to, by the public API: see attach.worker.ts.
import { expect, it } from 'vitest'
import { runWatched } from './watched.js'

const LIMIT_MS = 15_000

it('attach opens a collection, or throws a TophashError, and good heaps stay as they are', async () => {
  const { cases, outcomes } = await runWatched('attach', LIMIT_MS)
  expect(cases).toBeGreaterThan(2_000)
  expect(outcomes.ERR_BAD_HANDLE).toBeGreaterThan(1_000)
  expect(outcomes.ERR_CORRUPT_HEAP).toBeGreaterThan(20)
}, 600_000)
