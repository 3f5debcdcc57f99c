// stats() and check(): what a map tells about itself.
import { describe, expect, it } from 'vitest'
import { SharedMap, type SharedMapHandle } from 'tophash'
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
      memoryBytes: 1 << 20,
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
const COUNT_AT = 8

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
