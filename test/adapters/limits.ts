// What limits of both hosts promise over several threads: exactly what is allowed is let through.
import { SharedCache } from 'tophash'
import { describe, expect, it } from 'vitest'
import { type Spawned, spawn } from '../support/workers.js'
import type { Attempt, Limiting } from './limits.worker.js'

const THREADS = 4
const WINDOW_MS = 1000

/** @param requests how many each thread tries @param limit how many of all are let through */
export function describeLimits(host: Limiting['host'], requests: number, limit: number): void {
  describe('a limit', () => {
    it('lets through as much as is allowed, window after window, in four threads', async () => {
      const clock = new SharedArrayBuffer(8)
      const time = new Float64Array(clock)
      const cache = newCounts(() => time[0]!)
      await using threads = await Threads.start(THREADS, { host, handle: cache.handle, limit, windowMs: WINDOW_MS, clock })
      expect(await threads.ask({ requests, client: 'a' })).toBe(limit)
      expect(await threads.ask({ requests: 10, client: 'a' })).toBe(0)
      expect(await threads.ask({ requests: 10, client: 'b' })).toBe(10 * THREADS)
      time[0] = WINDOW_MS - 1
      expect(await threads.ask({ requests: 10, client: 'a' })).toBe(0)
      for (let window = 1; window <= 3; window++) {
        time[0] = window * WINDOW_MS // it began with the first, and lasts no longer for those that came later
        expect(await threads.ask({ requests: Math.ceil(limit / 3), client: 'a' })).toBe(limit)
      }
      await expectNetworkCounted(threads, limit)
      cache.check()
    })

    it('lets through as much in each thread, without a store', async () => {
      await using threads = await Threads.start(2, { host, limit: 20, windowMs: 60_000 })
      expect(await threads.ask({ requests: 50, client: 'a' })).toBe(20 * 2)
    })
  })
}

/** Over the network too, and what the answers say is left is a count that no two share. */
async function expectNetworkCounted(threads: Threads, limit: number): Promise<void> {
  const over = 20
  await threads.ask({ requests: (limit - 40) / THREADS, client: 'network' })
  const answers = await Promise.all(Array.from({ length: 40 + over }, (_, n) => threads.fetch(n, 'network')))
  const statuses = answers.map(({ status }) => status)
  expect(statuses.filter((status) => status === 200).length).toBe(40)
  expect(statuses.filter((status) => status === 429).length).toBe(over)
  const left = answers.filter(({ status }) => status === 200).map(({ headers }) => Number(headers.get('x-ratelimit-remaining')))
  expect(left.sort((a, b) => b - a)).toEqual(Array.from({ length: 40 }, (_, n) => 39 - n))
}

function newCounts(now: () => number): SharedCache<string, number> {
  return new SharedCache<string, number>({ key: 'string', value: 'number', max: 1000, now })
}

/** Threads that limit the same requests. */
export class Threads {
  private constructor(
    private readonly spawned: readonly Spawned<number>[],
    private readonly ports: readonly number[],
  ) {}

  static async start(count: number, limiting: Limiting): Promise<Threads> {
    const spawned = Array.from({ length: count }, () => spawn<number>('adapters/limits', limiting))
    return new Threads(spawned, await Promise.all(spawned.map((one) => one.message())))
  }

  /** So many requests in each thread, at the same time. @returns how many were let through, of all */
  async ask(attempt: Attempt): Promise<number> {
    for (const { worker } of this.spawned) worker.postMessage(attempt)
    const passed = await Promise.all(this.spawned.map((one) => one.message()))
    return passed.reduce((sum, one) => sum + one, 0)
  }

  fetch(n: number, client: string): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.ports[n % this.ports.length]}/`, { headers: { client } })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { worker } of this.spawned) worker.postMessage('end')
    await Promise.all(this.spawned.map(({ results }) => results))
  }
}
