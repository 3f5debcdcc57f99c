// Real threads that wait for each other, and are killed at it: who lives comes to the end, and the heap is whole.
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { SharedMap } from 'tophash'
import { untilRecovered } from '../support/ended.js'
import { asked, sized } from '../support/size.js'
import { randomOf, seedOf } from '../stress/random.js'
import { LAST, type Work } from './following.js'

const PROGRAM = new URL('../../build/test/waiting/follow.worker.js', import.meta.url)
const TIME = { timeout: 120_000 }
const seed = seedOf()

type Map = SharedMap<string, number>

function start(map: Map, role: Work['role'], key = 'key', count = 0): Worker {
  const work: Work = { map: map.handle, role, key, count }
  return new Worker(PROGRAM, { workerData: work })
}

/** What a worker says last. */
async function lastOf(worker: Worker): Promise<unknown> {
  let last: unknown
  worker.on('message', (message) => {
    last = message
  })
  await once(worker, 'exit')
  return last
}

const newMap = (): Map => new SharedMap<string, number>(null, { key: 'string', value: 'number', capacity: 1 })

describe('two threads', () => {
  it('that block wait for each other, turn by turn', TIME, async () => {
    using map = newMap()
    map.set('ping', 0).set('pong', 0)
    const count = sized(2_000, 50_000)
    const ends = await Promise.all([start(map, 'ping', '', count), start(map, 'pong', '', count)].map(lastOf))
    expect(ends).toEqual([count, count])
    map.check()
  })
})

describe(`threads that are killed (seed ${seed})`, () => {
  it('while they write, or wait: the others follow to the end', TIME, async () => {
    const random = randomOf(seed)
    for (let round = 0; round < asked('TOPHASH_KILLS', 8, 80) / 4; round++) {
      using map = newMap()
      map.set('beside', 0)
      const followers = (['follower', 'async follower'] as const).flatMap((role) => [start(map, role), start(map, role)])
      await Promise.all(followers.map((worker) => once(worker, 'message')))
      const survivors = [followers[0]!, followers[2]!]
      const ends = survivors.map(lastOf)
      const writers = ['key', 'key', 'beside'].map((key) => start(map, 'writer', key))
      await sleep(40 + random(40))
      const victims = [followers[1]!, followers[3]!, writers[0]!, writers[2]!]
      for (const victim of victims) {
        await sleep(random(10))
        await victim.terminate()
      }
      await sleep(20)
      await writers[1]!.terminate()
      map.set('key', LAST)
      for (const values of await Promise.all(ends)) expect(values).toBeGreaterThan(0)
      await untilRecovered(map)
      expect(map.stats().threads).toBe(1)
      map.check()
    }
  })

  it('while they wait and nobody writes leave nothing behind', TIME, async () => {
    using map = newMap()
    const followers = Array.from({ length: 3 }, () => start(map, 'follower'))
    await Promise.all(followers.map((worker) => once(worker, 'message')))
    await sleep(20)
    await Promise.all(followers.map((worker) => worker.terminate()))
    await untilRecovered(map)
    expect(map.stats().threads).toBe(1)
    map.set('key', 1)
    expect(map.wait('key', 1, { timeout: 0 })).toBe('timed-out')
    map.check()
  })
})
