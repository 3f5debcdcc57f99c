// Threads that share a cache, and are killed at it: the bound holds at every moment, and counts are exact.
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { SharedCache, SharedHeap } from 'tophash'
import { sized, some } from '../support/size.js'
import { spawn } from '../support/workers.js'
import type { Counting } from './count.worker.js'
import type { Hammering } from './bound.worker.js'

const KILLS = sized(3, 100)

const BOUNDS = [
  ['1000 entries', { max: 1000 }],
  ['3 entries', { max: 3 }],
  ['100,000 bytes', { maxBytes: 100_000 }],
] as const

describe.each(some(BOUNDS, 2))('a cache of %s', (_, bounds) => {
  it('never has more, whatever threads do and however they end', { timeout: 300_000 }, async () => {
    using heap = new SharedHeap()
    const cache = heap.cache<string, string>('cache', { key: 'string', value: 'string', ...bounds })
    const flags = heap.map<string, number>('flags', { key: 'string', value: 'number' })
    let seed = 1
    const start = async () => {
      const work: Hammering = { cache: cache.handle, flags: flags.handle, seed: seed++ }
      const thread = spawn<number | string>('cache/bound', work)
      expect(await thread.message()).toBe('begun')
      return thread
    }
    const threads = [await start(), await start()]
    for (let kills = 0; kills < KILLS; kills++) {
      for (let look = 0; look < 500; look++) {
        const { size, max, bytes, maxBytes } = cache.stats()
        if (size > max || (bytes ?? 0) > maxBytes) expect.fail(`${size} of ${max} entries, ${bytes} of ${maxBytes} bytes`)
      }
      await sleep(kills % 7)
      const victim = threads.shift()!
      await Promise.all([victim.worker.terminate(), victim.results.catch(() => [])])
      threads.push(await start())
    }
    flags.set('stop', 1)
    for (const thread of threads) expect((await thread.results).at(-1)).toBeGreaterThan(0) // when it has left the heap
    heap.recover()
    heap.check()
    const { size } = cache.stats()
    const entries = [...cache].length
    expect(entries).toBeLessThanOrEqual(size)
    // An entry can end between the two looks.
    const hasNoneEnded = (): boolean => cache.sweep() >= 0 && cache.size === [...cache].length
    while (!hasNoneEnded()) await sleep(1)
    // What dead threads had is not lost: the cache can be filled.
    for (let i = 0; i < 3000; i++) cache.set(`fresh ${i}`, 'z')
    if ('max' in bounds) expect(cache.size).toBe(bounds.max)
    else expect(cache.stats().bytes).toBeGreaterThan(95_000)
    heap.check()
  })
})

describe('increment with a time', () => {
  it('counts exactly over all threads', async () => {
    const cache = new SharedCache<string, number>({ key: 'string', value: 'number', max: 100 })
    const work: Counting = { cache: cache.handle, keys: 5, times: sized(20_000, 200_000) }
    const workers = Array.from({ length: 3 }, () => spawn<number[]>('cache/count', work))
    const reports = (await Promise.all(workers.map(({ results }) => results))).flat()
    for (let key = 0; key < 5; key++) {
      expect(cache.get(`${key}`)).toBe(3 * work.times)
      expect(cache.remaining(`${key}`)).toBeLessThan(1_000_000)
    }
    // Each total was seen by one thread.
    expect(new Set(reports.flat()).size).toBe(3)
    cache.check()
  })
})
