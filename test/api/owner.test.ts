// A lock whose owner does not let go, because it was terminated or is stopped: every operation that needs the lock
// gives up with an error that names the owner, and none has done anything.
import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { SharedMap } from 'tophash'
import type { Answer, Question } from './owner.worker.js'
import { wordsOf } from '../support/memory.js'
import { isFull } from '../support/size.js'
import { spawn } from '../support/workers.js'
import { LOCK } from '../../src/core/layout.js'
import { DIRECTORY_AT } from '../../src/table/layout.js'

const OWNER = 77

const OPERATIONS: readonly Question['operation'][] = ['get', 'has', 'set', 'set anew', 'delete', 'increment', 'clear', 'iterate']

describe.runIf(isFull)('a bucket that another thread has locked for good', () => {
  it('makes operations give up after some 10 seconds, and is as it was', async () => {
    const map = new SharedMap([['ann', 1]], { key: 'string', value: 'number', capacity: 1 })
    const { handle } = map
    const words = wordsOf(handle)
    const lock = words[(handle.table + DIRECTORY_AT) / 4]! / 4
    const before = words[lock]!
    const locked = (OWNER << LOCK.fieldShift) | (before & LOCK.live) | LOCK.locked
    const workers = OPERATIONS.map((operation) => spawn<Answer>('api/owner', { handle, operation } satisfies Question))
    try {
      await Promise.all(workers.map((worker) => worker.message())) // they are there and wait for the word
      Atomics.store(words, lock, locked)
      for (const { worker } of workers) worker.postMessage('go')
      const answers = await within(15_000, Promise.all(workers.map((worker) => worker.message())))
      answers.forEach(({ code, message, seconds }, index) => {
        expect([OPERATIONS[index], code]).toEqual([OPERATIONS[index], 'ERR_OWNER_UNRESPONSIVE'])
        expect(message).toContain(`Thread ${OWNER} has held a lock for too long`)
        expect(seconds).toBeGreaterThan(8)
      })
    } finally {
      await Promise.all(workers.map(({ worker }) => worker.terminate()))
    }
    expect(Atomics.load(words, lock) & ~LOCK.waiters).toBe(locked)
    Atomics.store(words, lock, before)
    expect([...map]).toEqual([['ann', 1]])
    expect([map.increment('ann'), map.set('bob', 2).size]).toEqual([2, 2])
  })
})

async function within<T>(timeoutMs: number, promise: Promise<T>): Promise<T> {
  const timer = new AbortController()
  const late = setTimeout(timeoutMs, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`Nothing came within ${timeoutMs} ms.`)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    timer.abort()
  }
}
