// Memory that was freed serves any purpose: a full heap that is emptied holds as much of any other size as a new one.
import { describe, expect, it } from 'vitest'
import { SharedHeap, SharedMap, type SharedSet } from 'tophash'
import { anotherCopy } from '../support/copies.js'
import { asked, sized } from '../support/size.js'
import { randomOf, seedOf } from '../stress/random.js'

const MIB = 2 ** 20
const MAX_BYTES = 16 * MIB
const SEED = seedOf()
const PAIRS = asked('TOPHASH_PAIRS', 2, 12)
const PAIR_BYTES = sized(2, 16) * MIB
const MOST_VALUE = MIB

type Bytes = SharedMap<string, Uint8Array>

/** More than there is room for. */
const KEYS = Array.from({ length: 400_000 }, (_, n) => `k${n}`)
const NOTHING = new Uint8Array(1)
const other = await anotherCopy('other')

describe('memory', () => {
  it('that one size has given up serves another', { timeout: 900_000 }, () => {
    const random = fractions(SEED)
    for (let pair = 0; pair < PAIRS; pair++) {
      const [first, second] = [sizeOf(random()), sizeOf(random())]
      using fresh = newMap(PAIR_BYTES)
      const wanted = fill(fresh, second)
      using map = newMap(PAIR_BYTES)
      fill(map, first)
      if (pair % 2) map.clear()
      else map.deleteMany([...map.keys()])
      map.check()
      expect(fill(map, second), `${second} bytes after ${first}, seed ${SEED}`).toBeGreaterThanOrEqual(Math.floor(0.9 * wanted))
      map.check()
    }
  })

  it('that has grown gives its buckets back when the only thread that has it open empties it', () => {
    using map = newMap()
    const { approximateReusableBytes: before } = map.stats()
    for (const empty of [() => map.clear(), () => map.deleteMany(KEYS.slice(0, 20_000)), () => map.retain(() => false)]) {
      map.setMany(KEYS.slice(0, 20_000).map((key) => [key, NOTHING]))
      expect(map.stats().buckets).toBeGreaterThan(1000)
      empty()
      map.check()
      expect(map.stats().buckets).toBe(8)
      expect(map.stats().approximateReusableBytes).toBeGreaterThan(before - 64 * 1024)
    }
  })

  it('keeps its buckets while another thread has it open', () => {
    using map = newMap()
    const twin = other.SharedMap.attach(map.handle)
    map.setMany(KEYS.slice(0, 20_000).map((key) => [key, NOTHING]))
    const { buckets } = map.stats()
    expect(twin.size).toBe(20_000) // it knows all of the buckets
    map.clear()
    expect(map.stats().buckets).toBe(buckets)
    twin.set('a', NOTHING)
    expect([...map.keys()]).toEqual(['a'])
    map.check()
    twin.dispose()
    map.delete('a') // of another thread's entries it is the last
    expect(map.stats().buckets).toBe(8)
    map.check()
  })

  it('that a deleted collection had serves the others, whatever their kinds', () => {
    const share = sized(1 / 4, 1)
    const heap = new SharedHeap({ maxBytes: share * MAX_BYTES })
    const counts: number[] = []
    for (let round = 0; round < sized(2, 3); round++) {
      const map = heap.map('map', { key: 'string', value: 'bytes' }) as Bytes
      counts.push(fill(map, 50 * 3 ** round))
      heap.delete('map')
      const set = heap.set('set', { value: 'number' }) as SharedSet<number>
      expect(exhaust((n) => set.add(n))).toBeGreaterThan(300_000 * share)
      heap.delete('set')
      heap.check()
    }
    expect(counts[0]).toBeGreaterThan(100_000 * share)
    if (counts.length > 2) expect(counts[2]).toBeGreaterThan(25_000 * share)
  })

  it('serves any use when the last block beside it is free', () => {
    using map = newMap()
    map.set('stays', NOTHING) // or the table would shrink, and all that is at hand be given back
    for (let n = 0; n < 20_000; n++) map.set(`k${n}`, new Uint8Array(300))
    const { approximateReusableBytes: before } = map.stats()
    for (let n = 0; n < 20_000; n++) map.delete(`k${n}`)
    const { approximateReusableBytes, approximateBoundBytes } = map.stats()
    expect(approximateReusableBytes - before).toBeGreaterThan(20_000 * 300)
    expect(approximateBoundBytes).toBeLessThan(0.1 * 20_000 * 300)
  })

  it('at hand in other sizes is given back before there is none', () => {
    using map = newMap(MIB)
    const sizes = [20, 60, 100, 200, 400, 800, 1500, 3000, 6000]
    for (let n = 0; n < 200; n++) map.set(`k${n}`, new Uint8Array(sizes[n % sizes.length]!))
    for (let n = 0; n < 200; n++) map.delete(`k${n}`)
    using fresh = newMap(MIB)
    expect(fill(map, 30_000)).toBeGreaterThanOrEqual(0.9 * fill(fresh, 30_000)) // its table has grown
  })

  it('is filled to nine tenths by values of 30,000 bytes', () => {
    using map = newMap()
    expect(fill(map, 30_000) * 30_000).toBeGreaterThan(0.9 * MAX_BYTES)
    map.check()
  })

  it('of live data that changes its sizes does not grow', () => {
    const random = fractions(SEED)
    const sizes = [17, 90, 333, 1000, 2500, 5000, 12_000, 40_000]
    using map = new SharedMap<number, Uint8Array>(null, { key: 'number', value: 'bytes', maxBytes: MAX_BYTES })
    const lengths = new Map<number, number>()
    let live = 0
    for (let n = 0; n < sized(16_000, 1_000_000); n++) {
      const size = Math.floor(sizes[Math.floor(n / 2000) % sizes.length]! * (0.5 + random()))
      const key = Math.floor(random() * 20_000)
      live += size - (lengths.get(key) ?? 0)
      lengths.set(key, size)
      map.set(key, new Uint8Array(size))
      for (const [old, length] of lengths) {
        if (live <= 8 * MIB) break
        map.delete(old)
        lengths.delete(old)
        live -= length
      }
    }
    map.check()
    expect(map.size).toBe(lengths.size)
    expect(map.stats().memoryBytes).toBeLessThanOrEqual(MAX_BYTES)
  })
})

/** Random numbers from 0 to 1. */
function fractions(seed: number): () => number {
  const random = randomOf(seed)
  return () => random(2 ** 30) / 2 ** 30
}

/** Log-uniform, so that all orders of magnitude are there. */
function sizeOf(random: number): number {
  return Math.floor(MOST_VALUE ** random)
}

function newMap(maxBytes = MAX_BYTES): Bytes {
  return new SharedMap(null, { key: 'string', value: 'bytes', maxBytes }) as Bytes
}

/** Sets key after key to values of so many bytes until there is no memory; returns how many. Many at a time while they are small. */
function fill(map: Bytes, bytes: number): number {
  const value = new Uint8Array(bytes)
  const many = Math.max(1, Math.floor(20_000 / (bytes + 10)))
  exhaust((n) => map.setMany(KEYS.slice(n * many, (n + 1) * many).map((key) => [key, value])))
  return map.size
}

function exhaust(action: (n: number) => unknown): number {
  for (let n = 0; ; n++) {
    try {
      action(n)
    } catch (error) {
      expect(error).toMatchObject({ code: 'ERR_OUT_OF_MEMORY' })
      return n
    }
  }
}
