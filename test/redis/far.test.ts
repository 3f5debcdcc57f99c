// Whether an answer is late: what the timer says counts, and not a clock beside it, by which a timer can be early.
import { setTimeout as sleep } from 'node:timers/promises'
import type { TieredConnection } from 'tophash/redis'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Far, within } from '../../src/adapters/redis/far.js'

vi.mock('../../src/index.js', () => import('tophash')) // the core is bundled, and not loaded from the sources

const TIMEOUT = 20
const AWAY = { code: 'ERR_SERVER_AWAY' }

/** A server that executes nothing and says nothing. */
class Silent implements TieredConnection {
  sent = 0

  command(): Promise<unknown> {
    this.sent++
    return new Promise(() => {})
  }

  listen(): never {
    throw new Error('Nobody listens here.')
  }
}

describe('a server that does not answer', () => {
  const clock = { now: 1000 }
  let isHeard = false
  let silent: Silent
  let far: Far

  beforeEach(() => {
    vi.spyOn(performance, 'now').mockImplementation(() => clock.now)
    isHeard = false
    silent = new Silent()
    far = new Far(silent, 'p:', TIMEOUT, () => isHeard)
  })
  afterEach(() => {
    vi.restoreAllMocks()
  })

  /** A read that is given up, half a millisecond before its time by the clock. @returns how many commands it has sent */
  async function giveUp(): Promise<number> {
    const before = silent.sent
    const read = far.read('a')
    clock.now += TIMEOUT - 0.5
    await expect(read).rejects.toMatchObject(AWAY)
    return silent.sent - before
  }

  it('is not waited for again for a second, or as long as it was waited for', async () => {
    expect(await giveUp()).toBeGreaterThan(0)
    expect(await giveUp()).toBe(0)
    clock.now += 900
    expect(await giveUp()).toBe(0)
    clock.now += 100
    expect(await giveUp()).toBeGreaterThan(0)
  })

  it('is waited for again when it was heard of', async () => {
    expect(await giveUp()).toBeGreaterThan(0)
    isHeard = true
    expect(await giveUp()).toBeGreaterThan(0)
  })
})

describe('what valkey-glide rejects a command with', () => {
  class RequestError extends Error {}
  class TimeoutError extends RequestError {}

  /** A connection that answers so to these commands. */
  const far = (answers: Record<string, unknown>): Far => {
    const command = async ([name]: readonly unknown[]): Promise<unknown> => {
      const answer = answers[String(name)]
      if (answer instanceof Error) throw answer
      return answer
    }
    return new Far({ command, listen: () => Promise.reject(new Error('Nobody listens here.')) }, 'p:', 60_000, () => true)
  }

  it('is a script that the server does not know: then its text is sent', async () => {
    const unknown = new RequestError(
      'An error was signalled by the server: - NoScriptError: No matching script. Please use EVAL.',
    )
    const found = await far({ EVALSHA: unknown, EVAL: [[Uint8Array.of(1), -1]] }).read('a')
    expect(found).toEqual({ bytes: Uint8Array.of(1), left: Infinity })
  })

  it('is an answer of the server, or says that there is none', async () => {
    const answer = new RequestError('WRONGTYPE: Operation against a key holding the wrong kind of value')
    await expect(far({ EVALSHA: answer }).read('a')).rejects.toBe(answer)
    for (const none of [new TimeoutError('timed out'), new RequestError('- BusyLoadingError: Redis is loading the dataset')]) {
      await expect(far({ EVALSHA: none }).read('a')).rejects.toMatchObject(AWAY)
    }
  })
})

describe('an answer', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  it('that comes while the thread is busy is not late', async () => {
    const { port1, port2 } = new MessageChannel()
    const answer = new Promise((resolve) => (port1.onmessage = resolve))
    try {
      await sleep(1) // now it is the turn of the timers, and what has come is read after it
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
      const inTime = within(answer, 100)
      port2.postMessage('answer')
      vi.advanceTimersByTime(100)
      await inTime
    } finally {
      port1.close()
    }
  })

  it('that does not come is late', async () => {
    await expect(within(new Promise(() => {}), 1)).rejects.toMatchObject(AWAY)
  })
})
