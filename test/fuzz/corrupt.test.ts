// Wrong words in every structure of a heap: see corrupt.worker.ts.
import { expect, it } from 'vitest'
import { runWatched } from './watched.js'

/** Some operations of each case end only after they have gone over all memory. */
const LIMIT_MS = 10_000

it('a heap that something else has written to: every operation ends', async () => {
  const { outcomes } = await runWatched('corrupt', LIMIT_MS)
  expect(outcomes.cases).toBeGreaterThan(400)
  expect(outcomes.trapped).toBeGreaterThan(100)
}, 900_000)
