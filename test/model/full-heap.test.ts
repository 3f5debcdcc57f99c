// Several collections in one heap that is at its maxBytes: what one cannot have, none can; what one gives back, all can
// have; and a collection that finds no room leaves nothing behind, not even its name.
import { describe, expect, it } from 'vitest'
import { SharedHeap, SharedMap, SharedSet } from 'tophash'
import { anotherCopy } from '../support/copies.js'
import { expectError, thrownBy } from '../support/errors.js'
import { LEAST_BYTES } from '../support/memory.js'

const other = await anotherCopy('other')
const MAX_BYTES = 12 * 65_536

describe('a full heap', () => {
  it('refuses in all its collections, which stay whole', () => {
    const { heap, map, set, count } = filledHeap()
    expectOutOfMemory(() => map.set('absent', 'x'.repeat(1000)))
    expectOutOfMemory(() => set.add('x'.repeat(1000)))
    expectOutOfMemory(() => set.addMany(['x'.repeat(2000), 'y']))
    heap.check()
    expect([map.size, map.has('absent'), set.size]).toEqual([count, false, 100])
    for (let n = 0; n < count; n++) expect(map.get(`key ${n}`)).toBe(valueOf(n))
    for (let n = 0; n < 100; n++) expect(set.has(`member ${n}`)).toBe(true)
    expect(set.deleteMany(['member 1', 'member 2', 'none'])).toBe(2)
    expect(set.has('member 1')).toBe(false)
    heap.check()
  })

  it('has no room for one collection more, and does not know its name then', () => {
    const { heap, map, count } = filledHeap()
    for (let n = 0; n < 50; n++) {
      expectOutOfMemory(() => heap.map('another', { capacity: 5000 }))
      expectOutOfMemory(() => heap.set('another', { capacity: 5000 }))
      expectOutOfMemory(() => new SharedMap(null, { heap, name: 'another', capacity: 5000 }))
      expectOutOfMemory(() => new SharedSet(null, { heap, capacity: 5000 }))
    }
    expect([...heap.names()].sort()).toEqual(['map', 'set'])
    heap.check()
    expect(map.size).toBe(count)
    expect(heap.map('map').get('key 7')).toBe(valueOf(7)) // what is open can be opened again
  })

  it('gives what a deleted collection had to the others, again and again', () => {
    const { heap, set, count } = filledHeap()
    for (let round = 0; round < 10; round++) {
      expect(heap.delete('map')).toBe(true)
      heap.check()
      expect([set.size, [...heap.names()]]).toEqual([100, ['set']])
      const again = fill(heap.map('map'))
      expect(again).toBeGreaterThan(0.9 * count)
      heap.check()
    }
  })

  it('gives what a deleted collection had to the others when the last thread has let go of it', () => {
    const {
      heap,
      count,
      joined: theirMap,
    } = filledHeap((empty) => other.SharedHeap.attach(empty.handle).map('map') as SharedMap<any, any>)
    expect(theirMap.get('key 1')).toBe(valueOf(1))
    heap.delete('map')
    expectError(
      thrownBy(() => theirMap.get('key 1')),
      'ERR_DISPOSED',
      'deleted',
    )
    theirMap.dispose()
    expect(fill(heap.map('map'))).toBeGreaterThan(0.8 * count)
    heap.check()
  })

  it('goes on after clear in one of its collections', () => {
    const { heap, map, set } = filledHeap()
    map.clear()
    for (let n = 0; n < 500; n++) set.add(valueOf(100 + n)) // of the size of what was cleared: memory of one size is not used for another
    expect(set.size).toBe(600)
    heap.check()
  })
})

describe('a full set', () => {
  it.each(['string', 'any', 'number', 'bigint', 'bytes'] as const)(
    'of kind %s adds as many as fit, finds and deletes them, and adds again',
    (value) => {
      const set = new SharedSet(null, { value, maxBytes: LEAST_BYTES } as never) as SharedSet<any>
      const made = (n: number): unknown =>
        ({
          string: `member ${n}`,
          any: n % 2 ? `member ${n}` : n,
          number: n,
          bigint: BigInt(n),
          bytes: new Uint8Array(new Int32Array([n, 7]).buffer),
        })[value]
      const all = Array.from({ length: 30_000 }, (_, n) => made(n))
      expectOutOfMemory(() => set.addMany(all))
      const { size } = set
      expect(size).toBeGreaterThan(500)
      expect(set.hasMany(all)).toEqual(all.map((_, n) => n < size))
      expectOutOfMemory(() => {
        for (let n = size; ; n++) set.add(made(n))
      })
      set.check()
      expect(set.deleteMany(all)).toBeGreaterThanOrEqual(size)
      expect(set.size).toBe(0)
      expectOutOfMemory(() => set.addMany(all))
      expect(set.size).toBeGreaterThan(0.9 * size)
      set.check()
    },
  )
})

/** A heap with a small set and a map that takes all the rest, which others may join before. */
function filledHeap<T>(join: (heap: SharedHeap) => T = () => undefined as T) {
  const heap = new SharedHeap({ maxBytes: MAX_BYTES })
  const joined = join(heap)
  const set = heap.set('set') as SharedSet<any>
  for (let n = 0; n < 100; n++) set.add(`member ${n}`)
  const map = heap.map('map') as SharedMap<any, any>
  const count = fill(map)
  heap.check()
  return { heap, joined, map, set, count }
}

/** Fills a map to the last entry: returns how many. */
function fill(map: SharedMap<any, any>): number {
  expectOutOfMemory(() => {
    for (let n = 0; ; n++) map.set(`key ${n}`, valueOf(n))
  })
  return map.size
}

function valueOf(n: number): string {
  return `value ${n} `.repeat(5)
}

function expectOutOfMemory(action: () => unknown): void {
  expectError(thrownBy(action), 'ERR_OUT_OF_MEMORY', 'The heap has no room left')
}
