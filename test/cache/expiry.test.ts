// What has ended gives its memory back, without anybody asking for it: to who inserts a little, and all of it to sweep().
import { describe, expect, it } from 'vitest'
import { SharedHeap } from 'tophash'
import { sized } from '../support/size.js'

const ENTRIES = sized(15_000, 1_000_000)
const TTL = 1000
/** Of each hundred that have ended so many are inserted in the two seconds that follow. */
const TRICKLE = 1
const VALUE = 'x'.repeat(100)

describe('a million entries that end at once', () => {
  it('have given half of their memory to others after two seconds of a trickle, and all of it after sweep()', {
    timeout: 900_000,
  }, () => {
    const clock = { now: 0 }
    using heap = new SharedHeap({ maxBytes: 2 ** 31 })
    const cache = heap.cache<number, string>('cache', {
      key: 'number',
      value: 'string',
      max: 2 * ENTRIES,
      ttl: TTL,
      now: () => clock.now,
    })
    for (let key = 0; key < ENTRIES; key++) cache.set(key, VALUE)
    expect(cache.size).toBe(ENTRIES)
    const full = heap.stats()

    const inserts = (ENTRIES * TRICKLE) / 100
    for (let i = 0; i < inserts; i++) {
      clock.now = TTL + Math.floor((2000 * i) / inserts)
      cache.set(-1 - i, VALUE, { ttl: 10 * TTL })
    }
    const { expirations, evictions } = cache.stats()
    expect(expirations).toBeGreaterThanOrEqual(ENTRIES / 2)
    expect(evictions).toBe(0)
    expect(cache.size).toBe(ENTRIES + inserts - expirations)
    const after = heap.stats()
    expect(after.approximateUsedBytes).toBeLessThan(full.approximateUsedBytes)

    // Others can have it: a map beside the cache takes as many values as have gone, and the heap does not grow.
    const map = heap.map<number, string>('map', { key: 'number', value: 'string' })
    map.reserve(expirations - inserts)
    const before = heap.stats().memoryBytes
    for (let key = 0; key < expirations - inserts; key++) map.set(key, VALUE)
    expect(heap.stats().memoryBytes).toBe(before)

    expect(cache.sweep()).toBe(ENTRIES - expirations)
    expect(cache.size).toBe(inserts)
    expect(cache.stats().expirations).toBe(ENTRIES)
    expect([...cache.keys()].every((key) => key < 0)).toBe(true)
    heap.check()
  })
})
