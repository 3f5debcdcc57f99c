// inspect(): how a table looks, of tables whose contents are known.
import { describe, expect, it } from 'vitest'
import { SharedHeap, SharedMap, SharedSet } from 'tophash'
import { anotherCopy } from '../support/copies.js'
import { expectError, thrownBy } from '../support/errors.js'
import { wordsOf } from '../support/memory.js'
import { BUCKET, BUCKET_BYTES, DIRECTORY_AT, OVERFLOW_BUCKET_BYTES, SLOTS_PER_BUCKET } from '../../src/table/layout.js'

const other = await anotherCopy('other')

function numbers(capacity: number, count: number): SharedMap<number, number> {
  const map = new SharedMap<number, number>(null, { key: 'number', value: 'number', capacity })
  for (let n = 0; n < count; n++) map.set(n, n)
  return map
}

const total = (numbers: Iterable<number>): number => [...numbers].reduce((sum, number) => sum + number, 0)

describe('inspect', () => {
  it('of an empty table', () => {
    using map = numbers(50, 0)
    expect(map.inspect()).toMatchObject({
      level: 3,
      buckets: 8,
      sampled: 8,
      entries: 0,
      pending: 0,
      fill: [8, 0, 0, 0, 0, 0, 0, 0, 0],
      chains: [8, ...Array.from({ length: 64 }, () => 0)],
      tophashes: Array.from({ length: 256 }, () => 0),
      segments: [{ level: 3, first: 0, buckets: 8, bytes: 8 * BUCKET_BYTES, sampled: 8, entries: 0, evacuated: 1 }],
      sample: new Uint8Array(8),
    })
  })

  it('of one chain: its head, its overflow buckets, its tophash bytes', () => {
    using map = numbers(1, 0)
    for (let n = 0; n < 6; n++) map.set(n, n)
    const head = wordsOf(map.handle)[(map.handle.table + DIRECTORY_AT) / 4]!
    const tags = new Uint8Array(map.handle.memory.buffer, head + BUCKET.tophash, SLOTS_PER_BUCKET)
    const six = map.inspect()
    expect([six.fill[6], six.entries, [...six.sample]]).toEqual([1, 6, [6]])
    expect(six.chains[0]).toBe(1)
    const expected = Array.from({ length: 256 }, (_, tag) => (tag === 0 ? 0 : [...tags].filter((one) => one === tag).length))
    expect(six.tophashes).toEqual(expected)
  })

  it('counts all entries of a table that is looked at as a whole', () => {
    using map = numbers(0, 30_000)
    const { level, approximateOverflowBuckets, approximateEvacuation } = map.stats()
    const found = map.inspect({ buckets: 2 ** 24 })
    expect([found.level, found.sampled, found.sample.length]).toEqual([level, 2 ** level, 2 ** level])
    expect([found.entries, total(found.tophashes), total(found.segments.map(({ entries }) => entries))]).toEqual([
      30_000, 30_000, 30_000,
    ])
    expect(total(found.sample.filter((entries) => entries < 255))).toBe(30_000)
    expect(total(found.chains.map((chains, overflow) => chains * overflow))).toBe(approximateOverflowBuckets)
    expect(total(found.fill) + found.pending).toBe(2 ** level)
    expect(found.sample.filter((entries) => entries === 255).length).toBe(found.pending)
    expect(found.segments.at(-1)!.evacuated).toBe(approximateEvacuation)
    expect(found.tophashes.slice(0, 128).every((entries) => entries === 0)).toBe(true)
    expect(found.tophashes.slice(128).every((entries) => entries > 0)).toBe(true)
    expect(found.segments.map(({ first }) => first)).toEqual([0, ...Array.from({ length: level - 3 }, (_, i) => 2 ** (3 + i))])
    const words = wordsOf(map.handle)
    for (const { first, address, bytes, buckets } of found.segments) {
      expect(bytes).toBe(buckets * BUCKET_BYTES)
      expect(words[address / 4]! & 1).toBe(0)
      expect(address + bytes).toBeLessThanOrEqual(map.stats().memoryBytes)
      expect(first === 0 || first === buckets).toBe(true)
    }
  })

  it('shows a growth half way', () => {
    using map = numbers(400, 0)
    const { level } = map.stats()
    for (let n = 0; map.stats().level === level; n++) map.set(n, n)
    const { pending, segments, sample, entries } = map.inspect()
    const share = map.stats().approximateEvacuation
    expect(share).toBeLessThan(1)
    expect(pending).toBe(Math.round((1 - share) * 2 ** level))
    expect(segments.map(({ evacuated }) => evacuated)).toEqual([1, share])
    expect([...sample.slice(0, 2 ** level)].every((one) => one < 255)).toBe(true)
    expect([...sample.slice(2 ** level)].filter((one) => one === 255).length).toBe(pending)
    expect(entries).toBe(map.size)
  })

  it('looks at no more chains than it is asked for, evenly spread', () => {
    using map = numbers(0, 30_000)
    const all = map.inspect({ buckets: 2 ** 24 }).sample
    for (const buckets of [1, 7, 100, 4096]) {
      const { sampled, sample, segments } = map.inspect({ buckets })
      expect([sampled, total(segments.map((segment) => segment.sampled))]).toEqual([buckets, buckets])
      expect([...sample]).toEqual(Array.from({ length: buckets }, (_, i) => all[Math.floor((i * all.length) / buckets)]))
    }
    expect(map.inspect().sampled).toBe(4096)
  })

  it('shows what the heap is used for, to the byte', () => {
    using heap = new SharedHeap()
    using map = heap.map('numbers', { key: 'number', value: 'number' })
    const use = () => {
      const { heap: found } = map.inspect()
      const { usedBytes, reusableBytes, untouchedBytes, memoryBytes, pages, freeBlocks } = found
      expect(usedBytes + reusableBytes + untouchedBytes).toBe(memoryBytes)
      expect(found).toMatchObject({ memoryBytes: heap.stats().memoryBytes, maxBytes: 2 ** 32 })
      expect([usedBytes, reusableBytes]).toEqual([heap.stats().approximateUsedBytes, heap.stats().approximateReusableBytes])
      expect([pages.header, pages.scratch]).toEqual([3, 2]) // one is kept
      expect(total(Object.values(pages)) * 65_536 + untouchedBytes).toBe(memoryBytes)
      return { usedBytes, pages, freeBuckets: freeBlocks.find(({ isBucket }) => isBucket) }
    }
    for (let n = 0; n < 30_000; n++) map.set(n, n)
    const before = use()
    const { approximateOverflowBuckets: overflow, bucketBytes } = map.stats()
    map.clear()
    const after = use()
    const buckets = overflow * OVERFLOW_BUCKET_BYTES + bucketBytes - map.stats().bucketBytes
    const freed = before.usedBytes - after.usedBytes // the buckets, and the headers of slabs that have none any more
    expect(freed).toBeGreaterThanOrEqual(buckets)
    expect(freed).toBeLessThan(1.01 * buckets)
    expect(after.freeBuckets).toBeUndefined() // all of their memory serves anything again
    heap.set('large', { value: 'string' }).add('x'.repeat(300_000))
    expect(use().pages.largeBlocks).toBe(293 / 64)
    heap.delete('numbers')
    expectError(
      thrownBy(() => map.inspect()),
      'ERR_DISPOSED',
      'was deleted',
    )
  })

  it('counts what is free as it is: in lists of other threads, in slabs, and for any use', () => {
    using map = new SharedMap<string, string>(null, { key: 'string', value: 'string', capacity: 2000 })
    using theirs = other.SharedMap.attach<string, string>(map.handle)
    const used = (): number => map.inspect().heap.usedBytes
    for (let n = 0; n < 1000; n++) theirs.set(`key ${n}`, 'x'.repeat(92))
    const before = used()
    theirs.clear() // blocks of 24 and 104 bytes, some overflow buckets
    expect(map.inspect().heap.freeBlocks.find(({ bytes }) => bytes === 104)!.blocks).toBeGreaterThan(0) // at hand there
    expect(before - used()).toBeGreaterThan(0.99 * 1000 * (104 + 16)) // less what slabs have that is no block
    map.check()
  })

  it('of sets as well; and refuses what is no number of buckets', () => {
    using set = new SharedSet<number>(
      Array.from({ length: 100 }, (_, n) => n),
      { value: 'number' },
    )
    expect(set.inspect().entries).toBe(100)
    for (const buckets of [0, 1.5, 2 ** 24 + 1, '1']) {
      expectError(
        thrownBy(() => set.inspect({ buckets } as object)),
        'ERR_OPTIONS',
        'buckets must be',
      )
    }
  })

  it.each([[0xffff_ffe0], [64], [0x10_0000 - 32]])('ends in a chain that leads to %i', (link) => {
    using map = numbers(1, 6)
    const words = wordsOf(map.handle)
    const head = words[(map.handle.table + DIRECTORY_AT) / 4]!
    words[(head + BUCKET.next) / 4] = link
    expect(map.inspect().sampled).toBe(1)
    words[(head + BUCKET.next) / 4] = 0
  })

  it('ends in a chain that leads to itself', () => {
    using map = numbers(1, 6)
    const words = wordsOf(map.handle)
    const head = words[(map.handle.table + DIRECTORY_AT) / 4]!
    const unused = 2048 * OVERFLOW_BUCKET_BYTES
    words[(head + BUCKET.next) / 4] = unused
    words[(unused + BUCKET.next) / 4] = unused
    expect(map.inspect().chains[64]).toBe(1)
    words[(head + BUCKET.next) / 4] = 0
  })
})
