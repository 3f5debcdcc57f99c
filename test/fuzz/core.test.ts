// Garbage for every entry point of the raw core: see core.worker.ts.
import { expect, it } from 'vitest'
import { some } from '../support/size.js'
import { FACTOR, runWatched } from './watched.js'

/** A call may wait for a lock for some 10 seconds; none of these should. */
const LIMIT_MS = 15_000
const LEAST = Math.min(1, FACTOR)

it.each(some(['tophash', 'tophash-checked'], 1))(
  '%s: a wrong argument is an error, or a trap, and disturbs nobody',
  async (core) => {
    const { cases, outcomes } = await runWatched('core', LIMIT_MS, { core })
    expect(cases).toBeGreaterThan(15_000 * LEAST)
    expect(outcomes.refused).toBeGreaterThan(5_000 * LEAST)
    expect(outcomes.done).toBeGreaterThan(1_000 * LEAST)
  },
  600_000,
)
