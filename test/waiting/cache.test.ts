// wait and waitAsync of caches, whose entries end by themselves.
import { describe, expect, it } from 'vitest'
import { SharedCache } from 'tophash'
import { anotherCopy } from '../support/copies.js'
import { stateOf } from './pending.js'

const other = await anotherCopy('waiting-cache')
const TIME = { timeout: 120_000 }

describe('waiting for an entry of a cache', () => {
  it('ends with the entry, though nobody touches it', TIME, async () => {
    using cache = new SharedCache<string, number>({ max: 10, ttl: 40 })
    const began = performance.now()
    cache.set('key', 1)
    expect(cache.wait('key', 1)).toBe('changed')
    expect(performance.now() - began).toBeGreaterThan(35)
    expect(cache.get('key')).toBe(undefined)
    cache.set('key', 1)
    expect(await cache.waitAsync('key', 1)).toBe('changed')
    expect(cache.get('key')).toBe(undefined)
  })

  it('sleeps no longer than the entry lives', async () => {
    let time = 1000
    using cache = new SharedCache<string, number>({ max: 10, ttl: 40, now: () => time })
    cache.set('key', 1)
    const { setTimeout } = globalThis
    const pauses: unknown[] = []
    globalThis.setTimeout = ((...given: Parameters<typeof setTimeout>) => {
      pauses.push(given[1])
      return setTimeout(...given)
    }) as typeof setTimeout
    const waiting = cache.waitAsync('key', 1)
    globalThis.setTimeout = setTimeout
    expect(pauses).toEqual([41])
    time = 1040
    expect(await waiting).toBe('changed')
  })

  it('goes on when the entry lives longer than it was to', TIME, async () => {
    let time = 1000
    using cache = new SharedCache<string, number>({ max: 10, ttl: 40, now: () => time })
    cache.set('key', 1)
    const waiting = cache.waitAsync('key', 1)
    time = 1039
    cache.touch('key')
    time = 1041
    expect(cache.wait('key', 1, { timeout: 0 })).toBe('timed-out')
    expect(await stateOf(waiting)).toBe('pending')
    time = 1079
    expect(await waiting).toBe('changed')
  })

  it('takes what has ended for absent', () => {
    let time = 1000
    using cache = new SharedCache<string, number>({ max: 10, ttl: 40, now: () => time })
    cache.set('key', 1)
    time = 1040
    expect(cache.wait('key', undefined, { timeout: 0 })).toBe('timed-out')
    expect(cache.wait('key', 1, { timeout: 0 })).toBe('changed')
  })

  it('with an idle time goes on while it is used, is no use of it, and ends for good', TIME, async () => {
    let time = 1000
    using cache = new SharedCache<string, number>({ max: 10, idle: 160, now: () => time })
    cache.set('key', 1)
    const waiting = cache.waitAsync('key', 1)
    for (let uses = 0; uses < 3; uses++) {
      time += 150
      expect(cache.get('key')).toBe(1)
      expect(cache.wait('key', 1, { timeout: 0 })).toBe('timed-out')
    }
    time += 169
    expect(cache.wait('key', 1, { timeout: 0 })).toBe('timed-out')
    expect(await stateOf(waiting)).toBe('pending')
    time += 1
    expect(await waiting).toBe('changed')
    expect([cache.wait('key', 1, { timeout: 0 }), cache.wait('key', undefined, { timeout: 20 })]).toEqual([
      'changed',
      'timed-out',
    ])
    const anew = cache.waitAsync('key', undefined)
    expect(await stateOf(anew)).toBe('pending')
    cache.set('key', 2)
    expect(await anew).toBe('changed')
    cache.check()
  })

  it('ends when the entry is evicted, and is no use of it', TIME, async () => {
    using cache = new SharedCache<number, number>({ key: 'number', value: 'number', max: 10 })
    using writer = other.SharedCache.attach<number, number>(cache.handle)
    cache.set(0, 0)
    const waiting = cache.waitAsync(0, 0)
    expect(cache.stats()).toMatchObject({ hits: 0, misses: 0 })
    for (let i = 1; i < 40; i++) writer.set(i, i)
    expect(await waiting).toBe('changed')
    expect(cache.has(0)).toBe(false)
  })

  it('is told of what is loaded', TIME, async () => {
    using cache = new SharedCache<string, string>({ max: 10 })
    const waiting = cache.waitAsync('key', undefined)
    expect(await cache.fetch('key', async () => 'loaded')).toBe('loaded')
    expect(await waiting).toBe('changed')
  })
})
