// stats() and check(): what a map tells about itself.
import { describe, expect, it } from 'vitest'
import { SharedHeap, SharedMap, type SharedMapHandle } from 'tophash'
import { anotherCopy } from '../support/copies.js'
import { expectError, thrownBy } from '../support/errors.js'
import { wordsOf } from '../support/memory.js'

const other = await anotherCopy('other')

describe('stats', () => {
  it('of a new map', () => {
    const map = new SharedMap(null, { key: 'number', value: 'number' })
    expect(map.stats()).toEqual({
      size: 0,
      level: 3,
      buckets: 8,
      approximateOverflowBuckets: 0,
      loadFactor: 0,
      approximateEvacuation: 1,
      bucketBytes: 8 * 144,
      heapBytes: expect.any(Number) as number,
      // Header and scratch page; the table's record, this thread's stripe, 8 buckets; 128 bytes lost to alignment.
      approximateUsedBytes: 4 * 65_536 + 1024 + 128 + 8 * 144 + 128,
      approximateReusableBytes: 65_536 - 1024 - 128 - 8 * 144 - 128,
      memoryBytes: 1 << 20,
      maxBytes: 2 ** 32,
      threads: 1,
      approximateLockWaits: 0,
      approximateReadRetries: 0,
    })
    expect(map.stats().heapBytes).toBeLessThanOrEqual(1 << 20)
  })

  it('follow what happens', () => {
    const map = new SharedMap(null, { key: 'number', value: 'string' })
    for (let n = 0; n < 10_000; n++) map.set(n, `value ${n}`)
    const stats = map.stats()
    expect(stats).toMatchObject({ size: 10_000, level: 11, buckets: 2048, loadFactor: 10_000 / 2048, bucketBytes: 2048 * 144 })
    expect(stats.approximateEvacuation).toBeGreaterThan(0)
    expect(stats.approximateEvacuation).toBeLessThanOrEqual(1)
    expect(stats.heapBytes).toBeGreaterThan(stats.bucketBytes + 10_000 * 16)
    expect(stats.memoryBytes).toBe(map.handle.memory.buffer.byteLength)
    map.clear()
    expect(map.stats()).toMatchObject({ size: 0, buckets: 2048, loadFactor: 0, approximateOverflowBuckets: 0 })
  })

  it('count overflow buckets, and what has been evacuated', () => {
    const map = new SharedMap<number, number>(null, { key: 'number', value: 'number', capacity: 400 })
    for (let n = 0; map.stats().level === 6; n++) map.set(n, n)
    const { chains, pending } = map.inspect()
    const stats = map.stats()
    const overflow = chains.reduce((sum, count, buckets) => sum + count * buckets, 0)
    expect(overflow).toBeGreaterThan(0)
    expect([stats.approximateOverflowBuckets, stats.approximateEvacuation]).toEqual([overflow, 1 - pending / 64])
    expect(pending).toBe(32)
    map.reserve(500)
    expect(map.stats().approximateEvacuation).toBe(1)
  })

  it('tell what is in use from what is kept for reuse', () => {
    const map = new SharedMap<string, string>(null, { key: 'string', value: 'string', maxBytes: 2 ** 24 })
    const before = map.stats()
    map.set('a', 'x'.repeat(56)).set('b', 'x'.repeat(65_536 * 2))
    const full = map.stats()
    expect(full.approximateUsedBytes - before.approximateUsedBytes).toBe(16 + 64 + 16 + 3 * 65_536)
    expect(full.heapBytes - before.heapBytes).toBe(3 * 65_536)
    map.delete('a')
    map.delete('b')
    const after = map.stats()
    expect([after.approximateUsedBytes, after.heapBytes]).toEqual([before.approximateUsedBytes, before.heapBytes])
    expect(after.approximateReusableBytes).toBe(before.approximateReusableBytes + 3 * 65_536)
    expect([after.maxBytes, after.memoryBytes]).toEqual([2 ** 24, map.handle.memory.buffer.byteLength])
  })

  it('of a heap: the same, and the sums of all collections', () => {
    const heap = new SharedHeap({ maxBytes: 2 ** 24 })
    const [ann, bob] = [heap.map('ann', { capacity: 1 }), heap.set('bob')]
    const { heapBytes, approximateUsedBytes, approximateReusableBytes, memoryBytes } = ann.stats()
    expect(heap.stats()).toEqual({
      heapBytes, approximateUsedBytes, approximateReusableBytes, memoryBytes, maxBytes: 2 ** 24, threads: 1, collections: 2,
      approximateLockWaits: 0, approximateReadRetries: 0,
    })
    expect(bob.stats()).toMatchObject({ size: 0, heapBytes, approximateUsedBytes, maxBytes: 2 ** 24 })
    const words = wordsOf(ann.handle)
    words.set([3, 4], (words[(ann.handle.table + STRIPES_AT) / 4]! + WAITS_AT) / 4)
    words.set([10, 20], (words[(bob.handle.table + STRIPES_AT) / 4]! + WAITS_AT) / 4)
    expect(ann.stats()).toMatchObject({ approximateLockWaits: 3, approximateReadRetries: 4 })
    expect(heap.stats()).toMatchObject({ approximateLockWaits: 13, approximateReadRetries: 24 })
    heap.delete('bob')
    bob.dispose()
    expect(heap.stats()).toMatchObject({ collections: 1, approximateLockWaits: 3, approximateReadRetries: 4 })
  })

  it('count the threads', () => {
    const map = new SharedMap(null, { key: 'number', value: 'number' })
    const theirs = other.SharedMap.attach(map.handle)
    expect([map.stats().threads, theirs.stats().threads]).toEqual([2, 2])
    theirs.dispose()
    expect(map.stats().threads).toBe(1)
  })

  it('are a snapshot that is the caller\'s own', () => {
    const map = new SharedMap(null, { key: 'number', value: 'number' })
    const stats = map.stats()
    stats.size = 5
    map.set(1, 1)
    expect([stats.size, map.stats().size]).toEqual([5, 1])
    expect(JSON.parse(JSON.stringify(map.stats()))).toEqual(map.stats())
  })

  it('show that memory is used again, however often entries come and go', () => {
    const map = new SharedMap(null, { key: 'string', value: 'string' })
    const cycle = (): void => {
      for (let n = 0; n < 2000; n++) map.set(`key ${n}`, 'x'.repeat(n % 300))
      for (let n = 0; n < 2000; n++) map.delete(`key ${n}`)
    }
    cycle()
    const { heapBytes } = map.stats()
    for (let n = 0; n < 20; n++) cycle()
    expect(map.stats().heapBytes).toBe(heapBytes)
    map.check()
  })
})

describe('check', () => {
  it('returns nothing when all is well', () => {
    expect(filled().check()).toBe(undefined)
  })

  it.each([
    ['a lock that is held', 1, (words: Int32Array, { bucket }: Places) => (words[bucket / 4]! |= 9)],
    ['a depth beyond the level', 3, (words: Int32Array, { bucket }: Places) => (words[bucket / 4 + 1]! |= 31)],
    ['a key that belongs elsewhere', 4, (words: Int32Array, { bucket, other }: Places) => {
      words.copyWithin((bucket + KEY_AT) / 4, (other + KEY_AT) / 4, (other + KEY_AT) / 4 + 2)
    }],
    ['a wrong tag', 5, (words: Int32Array, { bucket }: Places) => (words[(bucket + TAGS_AT) / 4]! ^= 1)],
    ['a wrong count', 10, (words: Int32Array, { stripe }: Places) => words[(stripe + COUNT_AT) / 4]!++],
  ])('finds %s', (_, code, tamper) => {
    const map = filled()
    tamper(wordsOf(map.handle), placesOf(map.handle))
    expectError(thrownBy(() => map.check()), 'ERR_BROKEN_INVARIANT', `Invariant ${code} is broken near `)
  })

  it('finds memory that was lost', () => {
    const map = filled()
    const words = wordsOf(map.handle)
    words[128 / 4 + 2]!++ // the pool's count of pages in chunks
    expectError(thrownBy(() => map.check()), 'ERR_BROKEN_INVARIANT', 'please report it')
  })
})

// Offsets of assembly/layout: in a table, in a bucket and in a stripe.
const [DIRECTORY_AT, STRIPES_AT] = [64, 256]
const [TAGS_AT, KEY_AT, BUCKET_BYTES] = [8, 16, 144]
const [COUNT_AT, WAITS_AT] = [8, 24]

interface Places {
  /** A bucket with an entry in its first slot, and another one. */
  readonly bucket: number
  readonly other: number
  /** This thread's counters. */
  readonly stripe: number
}

function placesOf(handle: SharedMapHandle): Places {
  const words = wordsOf(handle)
  const first = words[(handle.table + DIRECTORY_AT) / 4]!
  const used = Array.from({ length: 8 }, (_, n) => first + n * BUCKET_BYTES).filter((at) => words[(at + TAGS_AT) / 4]! & 0x80)
  return { bucket: used[0]!, other: used[1]!, stripe: words[(handle.table + STRIPES_AT) / 4]! }
}

function filled() {
  const map = new SharedMap(null, { key: 'number', value: 'number', capacity: 50 })
  for (let n = 0; n < 50; n++) map.set(n, n)
  return map
}
