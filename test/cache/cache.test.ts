// What the cache promises to one thread: bounds, times, uses; a clock that the test turns.
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { SharedCache, SharedHeap, type WriteTimes } from 'tophash'
import { anotherCopy } from '../support/copies.js'
import { sized } from '../support/size.js'

const other = await anotherCopy('other')

/** A cache with a clock of its own. */
function timed(options: { max?: number; maxBytes?: number; ttl?: number; idle?: number; jitter?: number } = {}) {
  const clock = { now: 0 }
  const cache = new SharedCache<string, number>({ key: 'string', value: 'number', max: 1000, ...options, now: () => clock.now })
  return { cache, clock }
}

describe('the bound', () => {
  it.each([1, 2, 10, 100, 1000])('of %i entries is reached and not exceeded', (max) => {
    const cache = new SharedCache<number, number>({ key: 'number', value: 'number', max })
    for (let i = 0; i < 5 * max; i++) {
      cache.set(i, i)
      expect(cache.size).toBe(Math.min(i + 1, max))
    }
    expect([...cache.keys()].length).toBe(max)
    expect(cache.get(5 * max - 1)).toBe(5 * max - 1)
    expect(cache.stats()).toMatchObject({ size: max, max, inserts: 5 * max, evictions: 4 * max, bytes: undefined })
    cache.check()
  })

  it('is reached when a thread has left that had room at hand', () => {
    const { cache } = timed()
    const theirs = other.SharedCache.attach<string, number>(cache.handle, { now: () => 0 })
    theirs.set('a', 1)
    theirs.dispose()
    for (let i = 0; i < 1000; i++) cache.set(`${i}`, i)
    expect(cache.size).toBe(1000)
    cache.check()
  })

  it('of bytes holds for keys and values of all sizes, also when values are replaced', () => {
    const cache = new SharedCache<string, string>({ key: 'string', value: 'string', maxBytes: 100_000 })
    for (let i = 0; i < 3000; i++) {
      cache.set(`key ${i % (i < 1500 ? 400 : 12)}`, 'x'.repeat((i * 7919) % 12_000)) // the later ones replace some
      expect(cache.stats().bytes).toBeLessThanOrEqual(100_000)
    }
    expect(cache.stats().bytes).toBeGreaterThan(50_000)
    cache.check()
    cache.clear()
    expect(cache.stats()).toMatchObject({ size: 0, bytes: 0 })
    cache.check()
  })

  it('counts what an empty text takes', () => {
    const cache = new SharedCache<string, string>({ key: 'string', value: 'string', maxBytes: 1000 })
    cache.set('', '')
    const { bytes } = cache.stats()
    expect(bytes).toBeGreaterThan(16)
    const small = new SharedCache<string, string>({ key: 'string', value: 'string', maxBytes: bytes! - 8 })
    expect(() => small.set('', '')).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_MEMORY' }))
    expect(small.size).toBe(0)
    small.check()
  })

  it('refuses what is larger than all of it, and keeps the rest', () => {
    const cache = new SharedCache<string, string>({ key: 'string', value: 'string', maxBytes: 1000 })
    cache.set('small', 'x')
    expect(() => cache.set('large', 'x'.repeat(2000))).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_MEMORY' }))
    expect([...cache]).toEqual([['small', 'x']])
    cache.check()
  })

  it('does not evict for what replaces a value', () => {
    const { cache } = timed({ max: 3 })
    for (const key of ['a', 'b', 'c']) cache.set(key, 1)
    for (let i = 0; i < 100; i++) {
      cache.set('b', i)
      cache.increment('c')
      cache.compareAndSet('a', i + 1, i + 2)
      cache.update('b', (value) => value! + 1)
    }
    expect(cache.stats()).toMatchObject({ size: 3, evictions: 0 })
    expect(cache.increment('c')).toBe(102)
  })

  it('does not evict for what a read has missed and is there, or has ended in its place', () => {
    const clock = { now: 0 }
    using heap = new SharedHeap()
    const make = (name: string) =>
      heap.cache<number, number>(name, { key: 'number', value: 'number', max: 20, now: () => clock.now })
    const [full, other] = [make('full'), make('other')]
    for (let key = 0; key < 20; key++) full.set(key, key, { ttl: 100 })
    for (let key = 0; key < 20; key++) {
      expect(other.get(key)).toBeUndefined() // a key of the same hash, in another cache
      full.set(key, -key, { ttl: 100 })
    }
    clock.now = 100
    for (let key = 0; key < 20; key++) {
      expect(full.get(key)).toBeUndefined()
      full.set(key, key)
    }
    expect(full.stats()).toMatchObject({ size: 20, evictions: 0, expirations: 0 })
    for (let key = 20; key < 25; key++) {
      expect(full.get(key)).toBeUndefined()
      full.set(key, key).set(key, -key)
    }
    expect(full.stats()).toMatchObject({ size: 20, evictions: 5 })
    full.check()
  })

  it('can be changed', () => {
    const { cache } = timed({ max: 100 })
    for (let i = 0; i < 200; i++) cache.set(`${i}`, i)
    cache.resize(30)
    expect([cache.size, [...cache].length, cache.stats().max]).toEqual([30, 30, 30])
    cache.check()
    for (let i = 0; i < 200; i++) cache.set(`${i}`, i)
    expect(cache.size).toBe(30)
    cache.resize(150)
    for (let i = 0; i < 200; i++) cache.set(`${i}`, i)
    expect(cache.size).toBe(150)
    cache.check()
    expect(() => cache.resize({ maxBytes: 1000 })).toThrow(expect.objectContaining({ code: 'ERR_OPTIONS' }))
    expect(() => cache.resize(0)).toThrow(expect.objectContaining({ code: 'ERR_OPTIONS' }))
  })

  it('is free again after delete, clear, take and retain', () => {
    const { cache } = timed({ max: 10 })
    for (let round = 0; round < 20; round++) {
      for (let i = 0; i < 10; i++) cache.set(`${i}`, i)
      expect(cache.delete('3')).toBe(true)
      expect(cache.take('4')).toBe(4)
      expect(cache.retain((value) => value > 5)).toBe(4)
      expect(cache.size).toBe(4)
      if (round % 2) cache.clear()
      cache.check()
    }
    expect(cache.stats().evictions).toBe(0)
  })
})

describe('an entry', () => {
  it('ends when its time is over, for every operation', () => {
    const { cache, clock } = timed({ ttl: 100 })
    cache.set('a', 1)
    clock.now = 99
    expect([cache.get('a'), cache.has('a'), cache.peek('a'), cache.remaining('a')]).toEqual([1, true, 1, 1])
    clock.now = 100
    expect([cache.get('a'), cache.has('a'), cache.peek('a'), cache.remaining('a')]).toEqual([
      undefined,
      false,
      undefined,
      undefined,
    ])
    expect([...cache]).toEqual([])
    expect(cache.touch('a')).toBe(false)
    expect(cache.compareAndSet('a', 1, 2)).toBe(false)
    expect(cache.compareAndDelete('a', 1)).toBe(false)
    expect(cache.getMany(['a'])).toEqual([undefined])
    expect(cache.update('a', (value, exists) => (exists ? -1 : (value ?? 7)))).toBe(7)
    clock.now = 200
    expect(cache.getOrInsert('a', 8)).toBe(8)
    clock.now = 300
    expect(cache.exchange('a', 9)).toBeUndefined()
    clock.now = 400
    expect(cache.increment('a', 5)).toBe(5)
    clock.now = 500
    expect(cache.take('a')).toBeUndefined()
    cache.set('a', 1)
    clock.now = 600
    expect(cache.delete('a')).toBe(false)
    expect(cache.size).toBe(0)
    cache.check()
  })

  it('lives from time 0 on, and for good without a time', () => {
    const { cache, clock } = timed()
    cache.set('short', 1, { ttl: 5 }).set('long', 2)
    expect([cache.remaining('short'), cache.remaining('long')]).toEqual([5, Infinity])
    clock.now = 5
    expect([cache.get('short'), cache.get('long')]).toEqual([undefined, 2])
    clock.now = 2 ** 45
    expect(cache.get('long')).toBe(2)
  })

  it('has a time of its own', () => {
    const { cache, clock } = timed({ ttl: 100 })
    cache
      .set('own', 1, { ttl: 10 })
      .set('cache', 2)
      .setMany([['many', 3]], { ttl: 20 })
    cache.getOrInsert('made', 4, { ttl: 30 })
    cache.getOrInsert('own', 4, { ttl: 1000 }) // is there: nothing changes
    expect(['own', 'cache', 'many', 'made'].map((key) => cache.remaining(key))).toEqual([10, 100, 20, 30])
    clock.now = 5
    expect(cache.touch('own')).toBe(true)
    expect(cache.touch('cache', 1)).toBe(true)
    expect(['own', 'cache', 'many', 'made'].map((key) => cache.remaining(key))).toEqual([100, 1, 15, 25])
    cache.set('own', 2)
    expect(cache.remaining('own')).toBe(100)
  })

  it('has the time that is given to whatever writes it', () => {
    const writes: Record<string, (cache: SharedCache<string, number>, key: string, times?: WriteTimes) => unknown> = {
      set: (cache, key, times) => cache.set(key, 2, times),
      setMany: (cache, key, times) => cache.setMany([[key, 2]], times),
      exchange: (cache, key, times) => cache.exchange(key, 2, times),
      update: (cache, key, times) => cache.update(key, () => 2, times),
      compareAndSet: (cache, key, times) => cache.compareAndSet(key, 1, 2, times),
    }
    for (const [name, write] of Object.entries(writes)) {
      const { cache, clock } = timed({ ttl: 100 })
      cache.set('own', 1).set('usual', 1).set('kept', 1, { ttl: 50 }).set('both', 1, { ttl: 50 })
      clock.now = 10
      write(cache, 'own', { ttl: 30 })
      write(cache, 'usual')
      write(cache, 'kept', { keepTtl: true })
      write(cache, 'both', { ttl: 70, keepTtl: true })
      const times = ['own', 'usual', 'kept', 'both'].map((key) => cache.remaining(key))
      expect(times, name).toEqual([30, 100, 40, 40])
      expect(['own', 'usual', 'kept', 'both'].map((key) => cache.peek(key))).toEqual([2, 2, 2, 2])
      clock.now = 50 // what has ended has no time to keep
      write(cache, 'both', { ttl: 70, keepTtl: true })
      expect(cache.remaining('both'), name).toBe(name === 'compareAndSet' ? undefined : 70)
    }
  })

  it('has the time that is given to what makes it', () => {
    const { cache } = timed({ ttl: 100 })
    cache.getOrInsertComputed('a', () => 1, { ttl: 5 })
    cache.update('b', () => 1, { ttl: 6, keepTtl: true })
    cache.exchange('c', 1, { ttl: 7 })
    cache.increment('d', 1, { ttl: 8 })
    expect(['a', 'b', 'c', 'd'].map((key) => cache.remaining(key))).toEqual([5, 6, 7, 8])
    cache.getOrInsertComputed('a', () => 1, { ttl: 50 })
    expect(cache.remaining('a')).toBe(5)
  })

  it('counts within a window that begins with the first', () => {
    const { cache, clock } = timed()
    for (let now = 0; now < 60; now++) {
      clock.now = now
      expect(cache.increment('client', 1, { ttl: 60 })).toBe(now + 1)
      expect(cache.remaining('client')).toBe(60 - now)
    }
    clock.now = 60
    expect(cache.increment('client', 1, { ttl: 60 })).toBe(1)
    const big = new SharedCache<string, bigint>({ key: 'string', value: 'bigint', max: 10, now: () => clock.now })
    const any = new SharedCache<string, bigint>({ max: 10, now: () => clock.now })
    for (const counts of [big, any]) {
      clock.now = 0
      counts.increment('a', 1n, { ttl: 10 })
      clock.now = 9
      expect(counts.increment('a', 1n, { ttl: 10 })).toBe(2n)
      expect(counts.remaining('a')).toBe(1)
    }
  })

  it('ends earlier with jitter, by up to that share', () => {
    const { cache } = timed({ ttl: 1000, jitter: 0.5 })
    const times = new Set<number>()
    for (let i = 0; i < 200; i++) {
      cache.set(`${i}`, i)
      times.add(cache.remaining(`${i}`)!)
    }
    expect(Math.min(...times)).toBeGreaterThanOrEqual(500)
    expect(Math.max(...times)).toBeLessThanOrEqual(1000)
    expect(times.size).toBeGreaterThan(100)
  })

  it('does not come back when the clock goes back', () => {
    const { cache, clock } = timed({ ttl: 100 })
    cache.set('a', 1)
    clock.now = 100
    expect(cache.get('a')).toBeUndefined()
    clock.now = 50
    expect(cache.get('a')).toBeUndefined()
  })

  it('that has ended gives its place to others first, and goes when it is swept', () => {
    const { cache, clock } = timed({ max: 100, ttl: 100 })
    for (let i = 0; i < 50; i++) cache.set(`old ${i}`, i)
    clock.now = 50
    for (let i = 0; i < 50; i++) cache.set(`young ${i}`, i)
    clock.now = 120
    expect([cache.size, [...cache].length]).toEqual([100, 50])
    for (let i = 0; i < 40; i++) cache.set(`new ${i}`, i)
    expect(cache.stats()).toMatchObject({ evictions: 0, size: cache.size })
    const swept = cache.sweep()
    expect(cache.stats().expirations).toBe(50)
    expect(swept).toBeLessThan(50)
    expect([cache.size, [...cache].length]).toEqual([90, 90])
    cache.check()
  })

  it('keeps its time when the cache grows', () => {
    const MANY = sized(6_000, 20_000)
    const { cache, clock } = timed({ max: 100_000, ttl: 1_000_000 })
    for (let i = 0; i < MANY; i++) cache.set(`${i}`, i, { ttl: 1000 + i })
    expect(cache.stats().level).toBeGreaterThan(9)
    for (let i = 0; i < MANY; i++) if (cache.remaining(`${i}`) !== 1000 + i) expect.fail(`${i}: ${cache.remaining(`${i}`)}`)
    clock.now = 1500
    expect([...cache].length).toBe(MANY - 501)
    cache.check()
  })

  it('keeps its time when others of its chain are removed', () => {
    const { cache } = timed({ max: 3000 })
    for (let i = 0; i < 3000; i++) cache.set(`${i}`, i, { ttl: 1000 + i })
    for (let i = 0; i < 3000; i++) if (i % 3) cache.delete(`${i}`)
    for (let i = 0; i < 3000; i += 3) if (cache.remaining(`${i}`) !== 1000 + i) expect.fail(`${i}: ${cache.remaining(`${i}`)}`)
    cache.check()
  })

  it('is swept by what comes, a little each time', () => {
    const { cache, clock } = timed({ max: 10_000, ttl: 100 })
    for (let i = 0; i < 10_000; i++) cache.set(`${i}`, i)
    clock.now = 100
    for (let i = 0; i < 2000; i++) cache.set(`new ${i}`, i)
    expect(cache.size).toBeLessThan(5000)
    cache.sweep()
    expect(cache.stats()).toMatchObject({ size: 2000, expirations: 10_000, evictions: 0 })
    cache.check()
  })
})

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
    cache.increment('counted', 1, { idle: 2 ** 40 })
    expect(['none', 'own', 'both', 'made'].map((key) => cache.remaining(key))).toEqual([Infinity, 10, 5, 12])
    expect(cache.remaining('counted')).toBeGreaterThanOrEqual(2 ** 40)
    expect(cache.remaining('counted')).toBeLessThan(1.07 * 2 ** 40)
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

describe('uses', () => {
  it('keep an entry: what is asked for stays, what nobody asks for leaves', () => {
    const { cache } = timed({ max: 100 })
    for (let i = 0; i < 50; i++) cache.set(`hot ${i}`, i)
    for (let i = 0; i < 5000; i++) {
      for (let hot = 0; hot < 50; hot++) cache.get(`hot ${hot}`)
      cache.set(`cold ${i}`, i)
    }
    const left = Array.from({ length: 50 }, (_, i) => cache.has(`hot ${i}`)).filter(Boolean).length
    expect(left).toBe(50)
  })

  it('are not those of peek, has, remaining and iteration', () => {
    const { cache } = timed({ max: 100 })
    for (let i = 0; i < 50; i++) cache.set(`seen ${i}`, i)
    const before = cache.stats()
    for (let i = 0; i < 500; i++) {
      for (let seen = 0; seen < 50; seen++) {
        cache.peek(`seen ${seen}`)
        cache.has(`seen ${seen}`)
        cache.remaining(`seen ${seen}`)
      }
      void [...cache.keys()]
      cache.set(`cold ${i}`, i)
    }
    const { hits, misses } = cache.stats()
    expect([hits, misses]).toEqual([before.hits, before.misses])
    expect(Array.from({ length: 50 }, (_, i) => cache.has(`seen ${i}`)).filter(Boolean).length).toBeLessThan(10)
  })

  it('are counted', () => {
    const { cache } = timed()
    cache.set('a', 0)
    for (const key of ['a', 'a', 'b', 'a']) cache.get(key)
    expect(cache.stats()).toMatchObject({ hits: 3, misses: 1, hitRatio: 0.75, inserts: 1 })
  })

  it('tell 0, false, null, undefined and the empty text from a miss', () => {
    const cache = new SharedCache({ max: 10 })
    for (const value of [0, '', false, null, undefined]) {
      cache.set('key', value)
      expect(cache.has('key')).toBe(true)
      expect(cache.get('key')).toBe(value)
      expect(cache.getOrInsert('key', 5)).toBe(value)
    }
    expect(cache.stats().misses).toBe(0)
  })
})

describe('a cache', () => {
  it('has the operations of a map for all kinds', () => {
    const cache = new SharedCache({ max: 1000 })
    const keys = [1, 'text', 2n ** 70n, new Uint8Array([1, 2]), true]
    const values = [{ a: [1] }, 2n ** 80n, 'text', 1.5, new Uint8Array(9000)]
    for (const [i, key] of keys.entries()) cache.set(key, values[i])
    for (const [i, key] of keys.entries()) expect(cache.get(key)).toEqual(values[i])
    expect(cache.getMany(['text', 'none', 1])).toEqual([2n ** 80n, undefined, { a: [1] }])
    expect(cache.deleteMany(['text', 'none'])).toBe(1)
    expect([...cache.entries()].length).toBe(cache.size)
    cache.check()
  })

  it('lives in a heap by its name, beside maps, with the bounds that it was made with', () => {
    using heap = new SharedHeap()
    const one = heap.cache<string, number>('sessions', { key: 'string', value: 'number', max: 5 })
    const same = heap.cache<string, number>('sessions', { key: 'string', value: 'number', max: 50 })
    heap.map('map').set('a', 1)
    for (let i = 0; i < 100; i++) one.set(`${i}`, i)
    expect([same.size, same.stats().max]).toEqual([5, 5])
    expect(inspect(heap)).toContain("'sessions' => SharedCache<string, number>")
    expect(inspect(one)).toMatch(/^SharedCache<string, number>\(5\) \{/)
    expect(() => heap.map('sessions')).toThrow(expect.objectContaining({ code: 'ERR_OPTIONS' }))
    expect(() => heap.cache('map', { max: 5 })).toThrow(expect.objectContaining({ code: 'ERR_OPTIONS' }))
    heap.check()
    expect(heap.delete('sessions')).toBe(true)
    expect(() => one.get('a')).toThrow(expect.objectContaining({ code: 'ERR_DISPOSED' }))
    heap.check()
  })

  it('opens by its handle, and refuses others', () => {
    const cache = new SharedCache<string, number>({ key: 'string', value: 'number', max: 5 })
    const other = SharedCache.attach<string, number>(structuredClone(cache.handle))
    other.set('a', 1)
    expect(cache.get('a')).toBe(1)
    expect(Object.prototype.toString.call(cache)).toBe('[object SharedCache]')
    expect(() => SharedCache.attach({})).toThrow(expect.objectContaining({ code: 'ERR_BAD_HANDLE' }))
    cache.dispose()
    expect(() => cache.get('a')).toThrow(expect.objectContaining({ code: 'ERR_DISPOSED' }))
    expect(() => cache.size).toThrow(expect.objectContaining({ code: 'ERR_DISPOSED' }))
  })

  it.each([
    [{}],
    [{ max: 0 }],
    [{ max: 1.5 }],
    [{ maxBytes: 1 }],
    [{ max: 1, ttl: 0 }],
    [{ max: 1, ttl: NaN }],
    [{ max: 1, ttl: '5' }],
    [{ max: 1, jitter: 2 }],
    [{ max: 1, now: 5 }],
    [{ max: 1, idle: 0 }],
    [{ max: 1, idle: '5' }],
    [{ max: 1, name: 'x' }],
    [undefined],
    [null],
  ])('is not made of %o', (options) => {
    expect(() => new SharedCache(options as never)).toThrow(expect.objectContaining({ code: 'ERR_OPTIONS' }))
  })

  it.each([[{ ttl: 0 }], [{ ttl: -1 }], [{ ttl: '1' }], [{ keepTtl: 1 }], [{ idle: 0 }], [{ idle: 5 }], [{ other: 1 }], [5]])(
    'sets nothing for %o',
    (times) => {
      const { cache } = timed()
      expect(() => cache.set('a', 1, times as never)).toThrow(expect.objectContaining({ code: 'ERR_OPTIONS' }))
      for (const write of [
        () => cache.increment('a', 1, times as never),
        () => cache.getOrInsert('a', 1, times as never),
        () => cache.getOrInsertComputed('a', () => 1, times as never),
        () => cache.setMany([['a', 1]], times as never),
        () => cache.exchange('a', 1, times as never),
        () => cache.compareAndSet('a', 1, 1, times as never),
        () => cache.update('a', () => 1, times as never),
      ]) {
        expect(write).toThrow(expect.objectContaining({ code: 'ERR_OPTIONS' }))
      }
      expect(cache.size).toBe(0)
    },
  )
})
