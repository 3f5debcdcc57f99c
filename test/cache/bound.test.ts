// The bound under load: three threads hammer a cache, one after the other is killed, and a fourth reads size and bytes all the time.
// Now and then all stop, and what is really there is counted. It fails only if there was more than there may be, however slow the
// machine is; TOPHASH_BOUND_SECONDS says for how long.
import { describe, expect, it } from 'vitest'
import { SharedHeap } from 'tophash'
import { asked, sized } from '../support/size.js'
import { type Spawned, spawn } from '../support/workers.js'
import type { Hammering } from './bound.worker.js'
import type { Watched, Watching } from './watch.worker.js'

const SECONDS = asked('TOPHASH_BOUND_SECONDS', 0.6, 60)
const THREADS = 3
/** Kills between two moments in which nobody writes. */
const KILLS = sized(2, 4)

describe.each([
  ['1,000 entries', { max: 1000 }],
  ['1 MiB', { maxBytes: 2 ** 20 }],
] as const)('a cache of %s', (_, bounds) => {
  it('never has more, for whoever looks', { timeout: 60_000 + 4000 * SECONDS }, async () => {
    using heap = new SharedHeap()
    const cache = heap.cache<string, string>('cache', { key: 'string', value: 'string', ...bounds })
    const flags = heap.map<string, number>('flags', { key: 'string', value: 'number' })
    const begun = async <T>(thread: Spawned<T | 'begun'>) => {
      expect(await thread.message()).toBe('begun')
      return thread
    }
    let seed = 1
    const hammer = () =>
      begun(
        spawn<number | 'begun'>('cache/bound', { cache: cache.handle, flags: flags.handle, seed: seed++ } satisfies Hammering),
      )
    const watcher = await begun(
      spawn<Watched | 'begun'>('cache/watch', { cache: cache.handle, flags: flags.handle } satisfies Watching),
    )

    const expectBound = (): void => {
      const { size, max, bytes = 0, maxBytes } = cache.stats()
      const entries = [...cache].length
      expect(entries).toBeLessThanOrEqual(size) // one can have ended that is not swept yet
      expect(size).toBeLessThanOrEqual(max)
      expect(bytes).toBeLessThanOrEqual(maxBytes)
    }
    const end = performance.now() + 1000 * SECONDS
    do {
      flags.set('stop', 0)
      const threads = await Promise.all(Array.from({ length: THREADS }, hammer))
      for (let kills = 0; kills < KILLS; kills++) {
        const [victim] = threads.splice(kills % THREADS, 1)
        await Promise.all([victim!.worker.terminate(), victim!.results.catch(() => [])])
        threads.push(await hammer())
      }
      flags.set('stop', 1)
      for (const thread of threads) await thread.results
      heap.recover()
      heap.check() // adds up what the entries have cost, entry by entry
      expectBound()
    } while (performance.now() < end)

    flags.set('stop watching', 1)
    const { looks, wrong, mostEntries, mostBytes } = (await watcher.results).at(-1) as Watched
    expect(wrong).toEqual([])
    expect(looks).toBeGreaterThan(0)
    // It has looked at what is nearly full, and nothing of what dead threads had is lost.
    for (let i = 0; i < 30_000; i++) cache.set(`fresh ${i}`, 'z')
    if ('max' in bounds) expect([mostEntries, cache.size]).toEqual([expect.any(Number), bounds.max])
    else expect(cache.stats().bytes).toBeGreaterThan(0.95 * bounds.maxBytes)
    expect(Math.max(mostEntries, mostBytes)).toBeGreaterThan(0)
    heap.check()
  })
})
