// stats() and check(): what a map tells about itself.
import { describe, expect, it } from 'vitest'
import { SharedHeap, SharedMap, type SharedMapHandle } from 'tophash'
import { anotherCopy } from '../support/copies.js'
import { expectError, thrownBy } from '../support/errors.js'
import { wordsOf } from '../support/memory.js'
import { attachAs, slotWord } from '../support/slots.js'
import { UNDERWAY, LARGE_UNITS_AT, STRIPE, STRIPES_AT } from '../../src/core/layout.js'
import { BUCKET, BUCKET_BYTES, DEPTH_MASK, TABLE_STRIPE, DIRECTORY_AT } from '../../src/table/layout.js'

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
      bucketBytes: 8 * BUCKET_BYTES,
      heapBytes: expect.any(Number) as number,
      // Header and scratch page, and one that is kept; the table's record, this thread's stripe, 8 buckets, and what their
      // slabs have that is no block.
      approximateUsedBytes: 5 * 65_536 + (1024 + 1024) + (128 + 128) + (8 * BUCKET_BYTES + 128 + 128),
      approximateReusableBytes: 65_536 - (1024 + 1024) - (128 + 128) - (8 * BUCKET_BYTES + 128 + 128),
      approximateBoundBytes: 6 * 1024 + 30 * 128 + 13 * 8 * BUCKET_BYTES,
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
    expect(stats).toMatchObject({
      size: 10_000,
      level: 11,
      buckets: 2048,
      loadFactor: 10_000 / 2048,
      bucketBytes: 2048 * BUCKET_BYTES,
    })
    expect(stats.approximateEvacuation).toBeGreaterThan(0)
    expect(stats.approximateEvacuation).toBeLessThanOrEqual(1)
    expect(stats.heapBytes).toBeGreaterThan(stats.bucketBytes + 10_000 * 16)
    expect(stats.memoryBytes).toBe(map.handle.memory.buffer.byteLength)
    map.clear()
    expect(map.stats()).toMatchObject({ size: 0, buckets: 8, loadFactor: 0, approximateOverflowBuckets: 0 })
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
    const slabs = 4096 + 4096 + 8192 // of blocks of 16 and of 64 bytes, and of overflow buckets
    const overhead = 32 + (32 + 32) + (128 + 64) // their headers, and what is no block
    expect(full.approximateUsedBytes - before.approximateUsedBytes).toBe(16 + 64 + 16 + 129 * 1024 + overhead)
    expect(full.heapBytes - before.heapBytes).toBe(129 * 1024 + slabs)
    map.delete('a')
    map.delete('b')
    const after = map.stats()
    expect(after.approximateUsedBytes - before.approximateUsedBytes).toBeLessThan(2 * overhead)
    expect(after.heapBytes - before.heapBytes).toBeLessThanOrEqual(slabs + 4096) // stripes for who may come
    expect(after.approximateBoundBytes).toBeGreaterThan(before.approximateBoundBytes + slabs - 2 * overhead)
    expect([after.maxBytes, after.memoryBytes]).toEqual([2 ** 24, map.handle.memory.buffer.byteLength])
  })

  it('add up: what is in use, what is used again, and what was never touched', () => {
    const map = new SharedMap<number, string>(null, { key: 'number', value: 'string' })
    for (let n = 0; n < 3000; n++) map.set(n, 'x'.repeat((n * 37) % 5000))
    for (let n = 0; n < 3000; n += 2) map.delete(n)
    const { approximateUsedBytes, approximateReusableBytes, approximateBoundBytes, heapBytes } = map.stats()
    const { untouchedBytes, memoryBytes, freeBlocks } = map.inspect().heap
    expect(approximateUsedBytes + approximateReusableBytes + untouchedBytes).toBe(memoryBytes)
    expect(approximateUsedBytes + approximateBoundBytes).toBe(heapBytes)
    expect(freeBlocks.reduce((sum, { bytes, blocks }) => sum + bytes * blocks, 0)).toBe(approximateBoundBytes)
  })

  it('of a heap: the same, and the sums of all collections', () => {
    const heap = new SharedHeap({ maxBytes: 2 ** 24 })
    const [ann, bob] = [heap.map('ann', { capacity: 1 }), heap.set('bob')]
    const { heapBytes, approximateUsedBytes, approximateReusableBytes, approximateBoundBytes, memoryBytes } = ann.stats()
    expect(heap.stats()).toEqual({
      heapBytes,
      approximateUsedBytes,
      approximateReusableBytes,
      approximateBoundBytes,
      memoryBytes,
      maxBytes: 2 ** 24,
      threads: 1,
      collections: 2,
      approximateLockWaits: 0,
      approximateReadRetries: 0,
    })
    expect(bob.stats()).toMatchObject({ size: 0, heapBytes, approximateUsedBytes, maxBytes: 2 ** 24 })
    const words = wordsOf(ann.handle)
    words.set([3, 4], (words[(ann.handle.table + STRIPES_AT) / 4]! + STRIPE.lockWaits) / 4)
    words.set([10, 20], (words[(bob.handle.table + STRIPES_AT) / 4]! + STRIPE.lockWaits) / 4)
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

  it("are a snapshot that is the caller's own", () => {
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
    expect(map.stats().heapBytes).toBeLessThan(heapBytes * 1.05)
    map.check()
  })
})

describe('check', () => {
  it('returns nothing when all is well', () => {
    expect(filled().check()).toBe(undefined)
  })

  it.each([
    ['a lock that is held', 1, (words: Int32Array, { bucket }: Places) => (words[bucket / 4]! |= 9)],
    [
      'a depth beyond the level',
      3,
      (words: Int32Array, { bucket }: Places) => (words[(bucket + BUCKET.next) / 4]! |= DEPTH_MASK),
    ],
    [
      'a key that belongs elsewhere',
      4,
      (words: Int32Array, { bucket, other }: Places) => {
        words.copyWithin((bucket + BUCKET.key0) / 4, (other + BUCKET.key0) / 4, (other + BUCKET.key0) / 4 + 2)
      },
    ],
    ['a wrong tag', 5, (words: Int32Array, { bucket }: Places) => (words[(bucket + BUCKET.tophash) / 4]! ^= 1)],
    ['a wrong count', 10, (words: Int32Array, { stripe }: Places) => words[(stripe + TABLE_STRIPE.count) / 4]!++],
  ])('finds %s', (_, code, tamper) => {
    const map = filled()
    tamper(wordsOf(map.handle), placesOf(map.handle))
    expectError(
      thrownBy(() => map.check()),
      'ERR_BROKEN_INVARIANT',
      `Invariant ${code} is broken near `,
    )
  })

  it('names other threads that wrote meanwhile, or are in the middle of it, and no bug', () => {
    const map = filled()
    const [thread] = attachAs(map.handle, () => other.SharedMap.attach(map.handle))
    const words = wordsOf(map.handle)
    const logged = slotWord(thread, UNDERWAY.logged)
    words[logged]!++
    words[LARGE_UNITS_AT / 4]!++
    const error = thrownBy(() => map.check())
    expectError(error, 'ERR_BROKEN_INVARIANT', `Thread ${thread}`)
    expectError(error, 'ERR_BROKEN_INVARIANT', 'Let all other threads stop writing, then check again')
    expect((error as Error).message).not.toContain('bug')
    words[logged]!--
    expectError(
      thrownBy(() => map.check()),
      'ERR_BROKEN_INVARIANT',
      'this is a bug in tophash',
    )
  })

  it('finds memory that was lost', () => {
    const map = filled()
    const words = wordsOf(map.handle)
    words[LARGE_UNITS_AT / 4]!++
    expectError(
      thrownBy(() => map.check()),
      'ERR_BROKEN_INVARIANT',
      'please report it',
    )
  })
})

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
  const used = Array.from({ length: 8 }, (_, n) => first + n * BUCKET_BYTES).filter(
    (at) => words[(at + BUCKET.tophash) / 4]! & 0x80,
  )
  return { bucket: used[0]!, other: used[1]!, stripe: words[(handle.table + STRIPES_AT) / 4]! }
}

function filled() {
  const map = new SharedMap(null, { key: 'number', value: 'number', capacity: 50 })
  for (let n = 0; n < 50; n++) map.set(n, n)
  return map
}
