// One hot key that ends again and again, while many callers in many threads ask for it: it is loaded as often as it has ended, and not once
// more. Also if who loads it is killed: then it is loaded once more for each. No time is measured: the clock of the cache is the test's.
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { SharedCache } from 'tophash'
import { sized } from '../support/size.js'
import { type Spawned, spawn } from '../support/workers.js'
import { FLIGHT } from './flight.js'
import type { Flying } from './flight.worker.js'

const TTL = 100
const THREADS = sized(3, 8)
const CALLERS = sized(16, 64)
const LOAD_MS = sized(5, 50)
/** Some ten seconds of loads and lives, where a machine is fast enough. */
const ENDS = sized(20, 100)

interface Report {
  readonly fetches: number
  readonly wrong: readonly string[]
}

class World {
  readonly words = new Int32Array(new SharedArrayBuffer(4 * 8))
  readonly cache = new SharedCache<string, number>({
    key: 'string',
    value: 'number',
    max: 100,
    ttl: TTL,
    now: () => Atomics.load(this.words, FLIGHT.now),
  })
  readonly threads = new Map<number, Spawned<Report | 'begun'>>()
  #ids = 0

  async start(): Promise<void> {
    const id = ++this.#ids
    const work: Flying = { cache: this.cache.handle, words: this.words, id, callers: CALLERS, loadMs: LOAD_MS }
    const thread = spawn<Report | 'begun'>('cache/flight', work)
    this.threads.set(id, thread)
    expect(await thread.message()).toBe('begun')
  }

  /** Lets the value end, if there is one. */
  end(): void {
    Atomics.add(this.words, FLIGHT.now, TTL)
  }

  /** Waits until somebody has loaded it. */
  async loaded(): Promise<void> {
    while (this.cache.peek('hot') === undefined) await sleep(1)
  }

  async kill(id: number): Promise<void> {
    const victim = this.threads.get(id)!
    this.threads.delete(id)
    await Promise.all([victim.worker.terminate(), victim.results.catch(() => [])])
  }

  get loads(): number {
    return Atomics.load(this.words, FLIGHT.loads)
  }

  async stop(): Promise<void> {
    Atomics.store(this.words, FLIGHT.stop, 1)
    let all = 0
    for (const thread of this.threads.values()) {
      const { fetches, wrong } = (await thread.results).at(-1) as Report
      expect(wrong).toEqual([])
      all += fetches
    }
    expect(all).toBeGreaterThan(this.loads) // one that was started at the end may have asked for nothing
  }
}

describe('one load for all', () => {
  it('is one for each time that the value has ended', { timeout: 300_000 }, async () => {
    const world = new World()
    await Promise.all(Array.from({ length: THREADS }, () => world.start()))
    for (let ends = 0; ends < ENDS; ends++) {
      await world.loaded()
      expect(world.loads).toBe(ends + 1)
      world.end()
    }
    await world.loaded()
    await world.stop()
    const { loads, loadFailures } = world.cache.stats()
    expect([world.loads, loads, loadFailures]).toEqual([ENDS + 1, ENDS + 1, 0])
    world.cache.check()
  })

  it('is one more for each thread that is killed while it loads, and all who wait get it', { timeout: 300_000 }, async () => {
    const KILLS = sized(3, 20)
    const world = new World()
    await Promise.all(Array.from({ length: THREADS }, () => world.start()))
    for (let kills = 0; kills < KILLS; kills++) {
      await world.loaded()
      Atomics.store(world.words, FLIGHT.loader, 0)
      Atomics.store(world.words, FLIGHT.hang, 1)
      world.end()
      let victim: number
      while ((victim = Atomics.load(world.words, FLIGHT.loader)) === 0) await sleep(1)
      Atomics.store(world.words, FLIGHT.hang, 0)
      await world.kill(victim)
      await world.loaded() // by another, and so on for as long as it takes
      expect(world.loads).toBe(2 * kills + 3)
      await world.start()
    }
    await world.stop()
    expect(world.cache.stats().loads).toBe(2 * KILLS + 1)
    world.cache.check()
  })
})
