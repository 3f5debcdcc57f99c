// What an entry takes: the table of a cache is made for its bound, and grows no further.
import { describe, expect, it } from 'vitest'
import { SharedHeap } from 'tophash'
import { sized } from '../support/size.js'

/** A power of 2 of entries: with a slot for each there are an eighth as many heads. */
const MOST = sized(2 ** 15, 2 ** 18)

/** Of an entry when the cache is full: its share of a head, of overflow buckets, of the ring of the small part, of all else. */
const MOST_BYTES = 43

function cacheOf(max: number, more: { capacity?: number } = {}) {
  const heap = new SharedHeap()
  const cache = heap.cache<number, number>('cache', { key: 'number', value: 'number', max, ...more })
  const fill = (count: number): void => {
    for (let i = 0; i < count; i++) cache.set(i, i)
  }
  return { heap, cache, fill }
}

describe('the table of a cache', () => {
  it.each([
    [1, 1],
    [3, 1],
    [6, 1],
    [7, 2],
    [13, 2],
    [100, 16],
    [1000, 256], // with 128 it would forget what has left too soon
    [4096, 1024],
    [5000, 1024],
    [8192, 1024],
  ])('of %i entries has at most %i heads, and no fewer', (max, heads) => {
    const { cache, fill } = cacheOf(max)
    fill(3 * max)
    expect(cache.stats()).toMatchObject({ size: max, buckets: heads })
    cache.check()
  })

  it('does not grow beyond what its bound needs, also if it is asked to', () => {
    const { cache, fill } = cacheOf(MOST)
    fill(2 * MOST)
    cache.reserve(MOST)
    expect(cache.stats()).toMatchObject({ size: MOST, buckets: MOST / 8 })
    cache.check()
    expect(cacheOf(MOST, { capacity: MOST }).cache.stats().buckets).toBe(MOST / 8)
  })

  it('takes few bytes for an entry of numbers, all in all', () => {
    const many = 2 ** 17
    const { heap, cache, fill } = cacheOf(many)
    fill(many)
    expect(cache.size).toBe(many)
    expect(heap.stats().heapBytes / many).toBeLessThan(MOST_BYTES)
  })

  it('grows where the bound is larger, and when it becomes so', () => {
    const { cache, fill } = cacheOf(MOST + 1)
    fill(2 * MOST)
    expect(cache.stats()).toMatchObject({ size: MOST + 1, buckets: MOST / 4 })
    const { cache: later, fill: fillLater } = cacheOf(MOST)
    fillLater(MOST)
    later.resize(2 * MOST)
    fillLater(2 * MOST)
    expect(later.stats()).toMatchObject({ size: 2 * MOST, buckets: MOST / 4 })
    later.check()
  })
})
