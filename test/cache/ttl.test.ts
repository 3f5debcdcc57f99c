// What ttl promises to one thread, by a clock that the test turns.
import { describe, expect, it } from 'vitest'
import { SharedCache, type WriteTimes } from 'tophash'
import { sized } from '../support/size.js'
import { timed } from './timed.js'

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
    const entries = ['own', 'made too'].map((key) => [key, 4] as const)
    expect(cache.getOrInsertMany(entries, { ttl: 40 })).toEqual([1, 4])
    expect(cache.remaining('made too')).toBe(40)
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
