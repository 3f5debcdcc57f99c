// tophash/express-rate-limit: the host's interface of a store, and its limits over several threads.
import type { Options } from 'express-rate-limit'
import { SharedCache } from 'tophash'
import { TophashStore } from 'tophash/express-rate-limit'
import { describe, expect, it } from 'vitest'
import { expectError, thrownBy } from '../support/errors.js'
import { sized } from '../support/size.js'
import { describeLimits } from './limits.js'

describeLimits('express', sized(500, 25_000), sized(200, 1000))

describe('the store', () => {
  it('counts within a window that begins with the first hit, and says when it ends', () => {
    const { store, clock } = newStore(1000)
    const begin = Date.now()
    expect(store.increment('a').totalHits).toBe(1)
    clock.now = 400
    const second = store.increment('a')
    expect(second.totalHits).toBe(2)
    expectTime(second.resetTime, begin, 600)
    expect(store.get('a')!.totalHits).toBe(2)
    clock.now = 1000
    expect(store.get('a')).toBeUndefined()
    expect(store.increment('a').totalHits).toBe(1)
    expect(store.get('b')).toBeUndefined()
  })

  it('counts each hit once, whatever other threads do between any two steps of it', () => {
    const { store, cache } = newStore(1000)
    const theirs = new TophashStore({ cache: SharedCache.attach(cache.handle, { now: () => 0 }) })
    const totals: number[] = []
    afterEachStep(cache, () => totals.push(theirs.increment('a').totalHits))
    for (let hit = 0; hit < 10; hit++) totals.push(store.increment('a').totalHits)
    expect(totals.length).toBeGreaterThan(15)
    expect(totals.sort((one, other) => one - other)).toEqual(totals.map((_, index) => index + 1))
  })

  it('takes hits back, but none that are not there, and leaves the window alone', () => {
    const { store, clock } = newStore(1000)
    store.decrement('a')
    expect(store.get('a')).toBeUndefined()
    store.increment('a')
    clock.now = 400
    const begin = Date.now()
    store.decrement('a')
    expect(store.get('a')!.totalHits).toBe(0)
    store.decrement('a')
    const third = store.increment('a')
    expect(third.totalHits).toBe(1)
    store.increment('a')
    clock.now = 999
    expect(store.increment('a').totalHits).toBe(3)
    expectTime(store.get('a')!.resetTime, begin, 1)
    clock.now = 1000
    expect(store.get('a')).toBeUndefined()
  })

  it('takes hits back in one step, which makes no window, whenever one ends', () => {
    for (let look = 1; look <= 8; look++) {
      const clock = { now: 0, looks: Infinity }
      const now = (): number => {
        if (--clock.looks === 0) clock.now = 1000
        return clock.now
      }
      const cache = new SharedCache<string, number>({ key: 'string', value: 'number', max: 100, now })
      const store = new TophashStore({ cache })
      store.init({ windowMs: 1000 } as Options)
      store.increment('a')
      store.increment('a')
      clock.looks = look // the window ends when the clock is asked for so many times
      store.decrement('a')
      clock.looks = Infinity
      if (clock.now < 1000) expect(store.get('a')!.totalHits).toBe(1)
      clock.now = 1000
      expect([store.get('a'), [...cache]]).toEqual([undefined, []])
      expect(store.increment('a').totalHits).toBe(1)
    }
  })

  it('forgets a client, or all of its prefix', () => {
    const { store, cache } = newStore(1000)
    const other = new TophashStore({ cache, prefix: 'other:' })
    for (const key of ['a', 'b', 'c']) store.increment(key)
    other.increment('a')
    store.resetKey('a')
    expect([store.get('a'), store.get('b')?.totalHits, other.get('a')?.totalHits]).toEqual([undefined, 1, 1])
    other.resetAll()
    expect([store.get('b')?.totalHits, other.get('a')]).toEqual([1, undefined])
    store.resetAll()
    expect(cache.size).toBe(0)
  })

  it('tells the host that its keys are those of all threads', () => {
    const { store } = newStore(1000)
    expect([store.localKeys, store.prefix]).toEqual([false, ''])
  })

  it('closes what it has opened, and nothing else', () => {
    const own = new TophashStore({ max: 10 })
    const attached = new TophashStore({ cache: own.handle })
    own.increment('a')
    attached.shutdown()
    expectError(
      thrownBy(() => attached.increment('a')),
      'ERR_DISPOSED',
      'disposed',
    )
    expect(own.increment('a').totalHits).toBe(2)
    own.shutdown()
    const { store, cache } = newStore(1000)
    store.shutdown()
    expect(cache.size).toBe(0)
  })

  it('refuses a cache with other values, and bounds beside a cache', () => {
    const texts = new SharedCache({ key: 'string', value: 'string', max: 10 })
    expectError(
      thrownBy(() => new TophashStore({ cache: texts })),
      'ERR_OPTIONS',
      "{ key: 'string', value: 'number' }",
    )
    const { cache } = newStore(1000)
    expectError(
      thrownBy(() => new TophashStore({ cache, max: 10 })),
      'ERR_OPTIONS',
      'Leave out max',
    )
    expectError(
      thrownBy(() => new TophashStore({} as never)),
      'ERR_OPTIONS',
      'max',
    )
    expectError(
      thrownBy(() => new TophashStore({ cache: {} })),
      'ERR_BAD_HANDLE',
      'handle',
    )
  })
})

function newStore(windowMs: number) {
  const clock = { now: 0 }
  const cache = new SharedCache<string, number>({ key: 'string', value: 'number', max: 100, now: () => clock.now })
  const store = new TophashStore({ cache })
  store.init({ windowMs } as Options)
  return { store, cache, clock }
}

/** Calls back whenever a method of the cache has returned, as if another thread had come in between. */
function afterEachStep(cache: SharedCache<string, number>, meanwhile: () => void): void {
  const methods = ['get', 'peek', 'has', 'set', 'increment', 'remaining', 'touch', 'delete'] as const
  for (const name of methods) {
    const method = cache[name].bind(cache) as (...given: unknown[]) => unknown
    const interrupted = (...given: unknown[]): unknown => {
      const result = method(...given)
      meanwhile()
      return result
    }
    Object.defineProperty(cache, name, { value: interrupted })
  }
}

/** So long after a moment between `begin` and now: the host tells times by the clock, the test by another. */
function expectTime(time: Date | undefined, begin: number, ms: number): void {
  expect(time!.getTime()).toBeGreaterThanOrEqual(begin + ms)
  expect(time!.getTime()).toBeLessThanOrEqual(Date.now() + ms)
}
