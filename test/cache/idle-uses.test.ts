// What idle promises to one thread: which uses let an entry live on, and which do not. Step by step: idle.test.ts.
import { describe, expect, it } from 'vitest'
import { SharedCache } from 'tophash'
import { timed } from './timed.js'

describe('an entry that is not used', () => {
  const uses: Record<string, (cache: SharedCache<string, number>) => unknown> = {
    get: (cache) => cache.get('a'),
    getMany: (cache) => cache.getMany(['a']),
    fetch: (cache) => void cache.fetch('a', () => 0),
    set: (cache) => cache.set('a', 1),
    'set that keeps its time': (cache) => cache.set('a', 1, { keepTtl: true }),
    exchange: (cache) => cache.exchange('a', 1),
    compareAndSet: (cache) => cache.compareAndSet('a', 1, 1),
    getOrInsert: (cache) => cache.getOrInsert('a', 1),
    getOrInsertComputed: (cache) => cache.getOrInsertComputed('a', () => 1),
    increment: (cache) => cache.increment('a', 0),
    update: (cache) => cache.update('a', () => 1),
    touch: (cache) => cache.touch('a'),
  }
  const looks: Record<string, (cache: SharedCache<string, number>) => unknown> = {
    has: (cache) => cache.has('a'),
    peek: (cache) => cache.peek('a'),
    remaining: (cache) => cache.remaining('a'),
    iteration: (cache) => [...cache],
    scan: (cache) => cache.scan(0),
    'compareAndSet that sets nothing': (cache) => cache.compareAndSet('a', 2, 2),
    'a write to another': (cache) => cache.set('b', 1),
    check: (cache) => cache.check(),
  }

  it.each(Object.entries(uses))('lives on by %s: never less than its time, and no more than a 16th longer', (_, use) => {
    const { cache, clock } = timed({ idle: 160 })
    cache.set('a', 1)
    for (let now = 0; now < 3000; now += 159) {
      clock.now = now
      expect(cache.has('a')).toBe(true)
      use(cache)
      cache.check()
    }
    clock.now += 60
    use(cache) // early, when the end is far off
    clock.now += 159
    expect(cache.has('a')).toBe(true)
    clock.now += 11
    expect(cache.has('a')).toBe(false)
    expect(cache.get('a')).toBeUndefined()
    expect([...cache]).toEqual([])
  })

  it.each(Object.entries(looks))('does not live on by %s', (_, look) => {
    const { cache, clock } = timed({ idle: 160 })
    cache.set('a', 1)
    for (clock.now = 0; clock.now < 170; clock.now++) look(cache)
    expect([cache.has('a'), cache.peek('a')]).toEqual([false, undefined])
    cache.check()
  })

  it('lives as long as an increment of a bigint uses it', () => {
    const clock = { now: 0 }
    const cache = new SharedCache<string, bigint>({ key: 'string', value: 'bigint', max: 5, idle: 10, now: () => clock.now })
    for (let i = 1; i <= 20; i++) {
      expect(cache.increment('a')).toBe(BigInt(i))
      clock.now += 9
    }
    clock.now += 1
    expect(cache.increment('a')).toBe(1n)
  })

  it('ends at the end of its time, however it is used', () => {
    const { cache, clock } = timed({ idle: 10, ttl: 100 })
    cache.set('a', 1)
    for (; clock.now < 99; clock.now += 9) expect(cache.get('a')).toBe(1)
    expect(cache.remaining('a')).toBe(1)
    clock.now = 100
    expect(cache.get('a')).toBeUndefined()
  })

  it('has an idle time of its own, in a cache that was made for it', () => {
    const { cache, clock } = timed({ idle: Infinity })
    cache.set('none', 1).set('own', 1, { idle: 10 }).set('both', 1, { idle: 10, ttl: 5 })
    cache.getOrInsert('made', 1, { idle: 12 })
    cache.increment('counted', 1, { idle: 2 ** 39 })
    expect(['none', 'own', 'both', 'made'].map((key) => cache.remaining(key))).toEqual([Infinity, 10, 5, 12])
    expect(cache.remaining('counted')).toBeGreaterThanOrEqual(2 ** 39)
    expect(cache.remaining('counted')).toBeLessThan(1.07 * 2 ** 39)
    cache.set('own', 2, { idle: Infinity })
    expect(cache.remaining('own')).toBe(Infinity)
    cache.set('own', 2, { idle: 7 })
    clock.now = 6
    cache.touch('own')
    expect(cache.remaining('own')).toBe(7)
    expect(cache.remaining('both')).toBeUndefined()
    cache.check()
    const other = SharedCache.attach<string, number>(cache.handle, { now: () => clock.now })
    expect(other.set('there', 1, { idle: 5 }).remaining('there')).toBe(5)
    const { cache: without } = timed({ ttl: 5 })
    expect(() => without.set('a', 1, { idle: 5 })).toThrow(expect.objectContaining({ code: 'ERR_OPTIONS' }))
    without.set('a', 1)
    expect(without.remaining('a')).toBe(5)
  })

  it('keeps its idle time when the cache grows, and when others of its chain are removed', () => {
    const { cache, clock } = timed({ max: 10_000, idle: 8 })
    for (let i = 0; i < 3000; i++) cache.set(`${i}`, i, i % 2 ? { idle: 100 + i } : undefined)
    for (let i = 0; i < 3000; i++) if (i % 3) cache.delete(`${i}`)
    const expected = (i: number): number => (i % 2 ? 100 + i + Math.floor((100 + i) / 16) : 8)
    for (let i = 0; i < 3000; i += 3) if (cache.remaining(`${i}`) !== expected(i)) expect.fail(`${i}: ${cache.remaining(`${i}`)}`)
    cache.check()
    clock.now = 8
    expect([...cache].length).toBe(500)
    expect(cache.sweep()).toBe(500)
    expect(cache.stats()).toMatchObject({ size: 500, expirations: 500, evictions: 0 })
    cache.check()
  })

  it('gives its place to others first, and is swept by what comes', () => {
    const { cache, clock } = timed({ max: 100, idle: 10 })
    for (let i = 0; i < 100; i++) cache.set(`old ${i}`, i)
    clock.now = 9
    for (let i = 0; i < 50; i++) cache.get(`old ${i}`)
    clock.now = 10
    for (let i = 0; i < 50; i++) cache.set(`new ${i}`, i)
    expect(cache.stats()).toMatchObject({ evictions: 0, size: 100, expirations: 50 })
    for (let i = 0; i < 50; i++) expect(cache.get(`old ${i}`)).toBe(i)
  })

  it('is stale when it has ended, for who wants it so', async () => {
    const { cache, clock } = timed({ idle: 10 })
    cache.set('a', 1)
    clock.now = 15
    expect(cache.get('a')).toBeUndefined()
    let loads = 0
    const load = (): number => ++loads + 1
    expect(await cache.fetch('a', load, { staleFor: 6 })).toBe(1)
    await new Promise((resolve) => setTimeout(resolve, 1))
    expect([cache.get('a'), loads]).toEqual([2, 1])
    clock.now = 40
    expect(await cache.fetch('a', load, { staleFor: 6, idle: 3 })).toBe(3)
    expect(cache.remaining('a')).toBe(3)
  })
})
