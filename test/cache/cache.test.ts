// The class: uses of entries, kinds, names, handles, options. Bounds: max.test.ts; times: ttl.test.ts, idle-uses.test.ts.
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { SharedCache, SharedHeap } from 'tophash'
import { timed } from './timed.js'

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
