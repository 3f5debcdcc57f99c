// What max and maxBytes promise to one thread.
import { describe, expect, it } from 'vitest'
import { SharedCache, SharedHeap } from 'tophash'
import { anotherCopy } from '../support/copies.js'
import { timed } from './timed.js'

const other = await anotherCopy('other')

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
