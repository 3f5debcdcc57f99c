// Lock words that name nobody: see waits.worker.ts. They wait at the same time, so all of it takes as long as one.
import { describe, expect, it } from 'vitest'
import { isFull } from '../support/size.js'
import { runWatched } from './watched.js'

/** All of it, with one wait of 10 seconds: who waits a second time is too late. */
const LIMIT_MS = 20_000

describe.runIf(isFull).concurrent('a lock whose owner is nobody', () => {
  it.each([
    ['chain', 0],
    ['chain', 2 ** 29 - 1],
    ['chain', 100],
    ['pool', 100],
  ])(
    '%s, thread %d: the operation ends after some 10 seconds',
    async (lock, owner) => {
      const { outcomes } = await runWatched('waits', LIMIT_MS, { lock, owner })
      expect(Object.keys(outcomes)).toEqual([`ERR_OWNER_UNRESPONSIVE Thread ${owner} after some 10 s`])
    },
    60_000,
  )
})
