// SharedHeap in one thread, and in two copies of the library that are two threads to it: names, what they lead to, and what
// deleting gives back. Collections without a name: unnamed.test.ts.
import { describe, expect, it } from 'vitest'
import { SharedHeap, SharedMap } from 'tophash'
import { SLOT_KIND } from '../../src/core/layout.js'
import { anotherCopy } from '../support/copies.js'
import { expectError, thrownBy } from '../support/errors.js'
import { slotStates } from '../support/memory.js'
import { BUCKET_BYTES } from '../../src/table/layout.js'
import { untilCollected } from '../support/garbage.js'

const other = await anotherCopy('other')

/** Names that might be taken for others. */
const NAMES = [
  '',
  ' ',
  'a',
  'A',
  '0',
  '\0',
  'é',
  'e\u0301',
  '\ud800',
  '\udc00',
  '😀',
  '__proto__',
  'x'.repeat(4028),
  'x'.repeat(10_000),
  '€'.repeat(40_000),
]

describe('a heap', () => {
  it('begins with the memory that it is told, and grows to what it is told', () => {
    const heap = new SharedHeap({ maxBytes: 3 << 20, initialBytes: 2 << 20 })
    expect(heap.stats()).toMatchObject({ memoryBytes: 2 << 20, maxBytes: 3 << 20, threads: 1, collections: 0 })
    expect(new SharedHeap({ maxBytes: 3 << 20 }).stats()).toMatchObject({ memoryBytes: 1 << 20, maxBytes: 3 << 20 })
    expect(new SharedHeap().stats()).toMatchObject({ memoryBytes: 1 << 20, maxBytes: 2 ** 32 })
    expect(Object.prototype.toString.call(heap)).toBe('[object SharedHeap]')
    expect([...heap.names()]).toEqual([])
    heap.check()
  })

  it('is opened by its handle, through a structured clone too', () => {
    const heap = newHeap()
    expect(Object.keys(heap.handle)).toEqual(['tophash', 'memory'])
    heap.map('scores').set('ann', 1)
    for (const opened of [
      SharedHeap.attach(heap.handle),
      SharedHeap.attach(structuredClone(heap.handle)),
      other.SharedHeap.attach(heap.handle),
    ]) {
      expect([...opened.map('scores')]).toEqual([['ann', 1]])
    }
    expect(heap.stats().threads).toBe(2)
  })

  it('is not the heap that a map has of its own', () => {
    const map = new SharedMap([['ann', 1]])
    const handle = { tophash: 'SharedHeap', memory: map.handle.memory }
    for (const Heap of [SharedHeap, other.SharedHeap])
      expectError(
        thrownBy(() => Heap.attach(handle)),
        'ERR_BAD_HANDLE',
        'not of a SharedHeap',
      )
    expect(map.stats().threads).toBe(1)
    map.check()
  })
})

describe('a name', () => {
  it('leads to the same collection, however it is opened', () => {
    const heap = newHeap()
    const first = heap.map('scores', { key: 'string', value: 'number' }).set('ann', 1)
    const opened = [
      heap.map<string, number>('scores', { key: 'string', value: 'number', capacity: 1000 }),
      new SharedMap(null, { heap, name: 'scores', key: 'string', value: 'number' }),
      SharedMap.attach<string, number>(first.handle),
      other.SharedHeap.attach(heap.handle).map('scores', { key: 'string', value: 'number' }),
    ]
    opened.forEach((map, n) => map.set(`set by ${n}`, n))
    for (const map of [first, ...opened]) expect(map.size).toBe(5)
    expect(heap.stats().collections).toBe(1)
  })

  it('may be any string', () => {
    const heap = newHeap()
    NAMES.forEach((name, n) => (n % 2 ? heap.map(name).set('name', name) : heap.set(name).add(name)))
    expect(new Set(heap.names())).toEqual(new Set(NAMES))
    expect(heap.names()).toHaveLength(NAMES.length)
    NAMES.forEach((name, n) => expect(n % 2 ? heap.map(name).get('name') : [...heap.set(name)][0]).toBe(name))
    NAMES.forEach((name, n) => {
      expect([heap.delete(name), heap.delete(name), heap.names().length]).toEqual([true, false, NAMES.length - n - 1])
    })
    heap.check()
  })

  it('is free again when its collection was deleted, for another kind as well', () => {
    const heap = newHeap()
    heap.map('one', { key: 'string', value: 'number' }).set('ann', 1)
    heap.delete('one')
    expect([...heap.set('one', { value: 'bigint' }).add(7n)]).toEqual([7n])
    heap.delete('one')
    expect([...heap.map('one')]).toEqual([])
    heap.check()
  })

  it('stays when what was to be put into the map could not be', () => {
    const heap = newHeap()
    const map = heap.map('scores', { key: 'string', value: 'number' }).set('ann', 1)
    const make = (): unknown =>
      new SharedMap(
        [
          ['bob', 2],
          ['cid', 'three' as never],
        ],
        { heap, name: 'scores', key: 'string', value: 'number' },
      )
    expectError(thrownBy(make), 'ERR_VALUE_TYPE', 'got the string "three"')
    expect(new Map(map)).toEqual(new Map([['ann', 1]]))
    heap.check()
  })
})

describe('delete', () => {
  it('gives all memory back, however often', () => {
    const heap = newHeap()
    const kinds = ['any', 'string', 'bytes'] as const
    const cycle = (n: number): void => {
      const map = heap.map('map', { key: 'string', value: kinds[n % 3]! }) as SharedMap<string, unknown>
      for (let i = 0; i < 500; i++) map.set(`key ${i}`, kinds[n % 3] === 'bytes' ? new Uint8Array(i) : 'x'.repeat(i))
      map.set('large', kinds[n % 3] === 'bytes' ? new Uint8Array(100_000) : 'x'.repeat(100_000))
      if (n % 2) map.dispose()
      heap.delete('map')
    }
    for (let n = 0; n < 6; n++) cycle(n)
    const { heapBytes } = heap.stats()
    for (let n = 0; n < 60; n++) cycle(n)
    expect(heap.stats().collections).toBe(0)
    expect(heap.stats().heapBytes).toBeLessThan(heapBytes + 65_536) // not all of it is at hand at every moment
    heap.check()
  })

  it('gives the buckets back when the last thread that has the map open has noticed', () => {
    const heap = newHeap()
    const theirs = other.SharedHeap.attach(heap.handle)
    const map = theirs.map('map', { capacity: 50_000 })
    const full = heap.stats().heapBytes
    expect(heap.delete('map')).toBe(true)
    expect(heap.stats().collections).toBe(1)
    expect(heap.stats().heapBytes).toBeGreaterThanOrEqual(full)
    expectError(
      thrownBy(() => map.get(1)),
      'ERR_DISPOSED',
      'deleted',
    )
    expect(heap.stats().collections).toBe(0)
    expect(heap.stats().heapBytes).toBeLessThan(full - 6000 * BUCKET_BYTES)
    heap.check()
  })

  it('ends everything of the map that this thread has open, and nothing else', () => {
    const heap = newHeap()
    const maps = [heap.map('one'), heap.map('one'), new SharedMap(null, { heap, name: 'one' })]
    const rest = [heap.map('two').set(1, 1), new SharedMap([[1, 1]], { heap })]
    const iterator = maps[0]!.set(1, 1).entries()
    heap.delete('one')
    for (const map of maps)
      expectError(
        thrownBy(() => map.size),
        'ERR_DISPOSED',
        'This map was deleted from its heap',
      )
    expectError(
      thrownBy(() => iterator.next()),
      'ERR_DISPOSED',
      'Call heap.map(name) to make a new one.',
    )
    for (const map of rest) expect([...map]).toEqual([[1, 1]])
  })
})

describe('a thousand collections', () => {
  it('live in one heap, and their memory serves the next thousand', () => {
    const heap = new SharedHeap({ maxBytes: 64 << 20 })
    const fill = (): number => {
      for (let n = 0; n < 1000; n++) {
        if (n % 3) heap.map(`map ${n}`).set('n', n).set(n, `value ${n}`)
        else heap.set<number>(`set ${n}`, { value: 'number' }).add(n)
      }
      expect([heap.names().length, heap.stats().collections]).toEqual([1000, 1000])
      for (let n = 0; n < 1000; n++) {
        if (n % 3) expect([heap.map(`map ${n}`).get('n'), heap.map(`map ${n}`).get(n)]).toEqual([n, `value ${n}`])
        else expect([...heap.set<number>(`set ${n}`, { value: 'number' })]).toEqual([n])
      }
      const { heapBytes } = heap.stats()
      for (const name of heap.names()) expect(heap.delete(name)).toBe(true)
      expect([heap.names(), heap.stats().collections]).toEqual([[], 0])
      return heapBytes
    }
    const once = fill()
    expect(fill()).toBeLessThanOrEqual(once + 65_536)
    heap.check()
  })
})

describe('the thread slot', () => {
  it('is kept while the heap or anything in it is open, and given back then', () => {
    const heap = newHeap()
    const { handle } = heap
    const [map, set] = [heap.map('map'), heap.set('set')]
    heap.dispose()
    heap.dispose()
    expectError(
      thrownBy(() => heap.map('map')),
      'ERR_DISPOSED',
      'SharedHeap.attach(handle)',
    )
    expectError(
      thrownBy(() => new SharedMap(null, { heap, name: 'map' })),
      'ERR_DISPOSED',
      'SharedHeap.attach(handle)',
    )
    map.set(1, 1).dispose()
    expect([slotStates(handle)[0], set.add(1).size]).toEqual([SLOT_KIND.attached, 1])
    set.dispose()
    expect(slotStates(handle)[0]).toBe(SLOT_KIND.free)
    {
      using again = SharedHeap.attach(handle)
      expect([...again.map('map')]).toEqual([[1, 1]])
      again.check()
    }
    expect(slotStates(handle)[0]).toBe(SLOT_KIND.attached) // a map was made and not disposed of
  })

  it('and the maps of objects that were dropped are given back when those are collected', async () => {
    const { handle } = newHeap()
    ;(() => {
      const heap = other.SharedHeap.attach(handle)
      for (let n = 0; n < 100; n++) heap.map(`map ${n}`).set(1, 1)
    })()
    expect(slotStates(handle).filter((state) => state === SLOT_KIND.attached).length).toBeGreaterThan(0)
    await untilCollected(() => !slotStates(handle).includes(SLOT_KIND.attached))
    expect(slotStates(handle)).not.toContain(SLOT_KIND.attached)
    const heap = SharedHeap.attach(handle)
    expect(heap.names()).toHaveLength(100)
    for (const name of heap.names()) heap.delete(name)
    expect(heap.stats().collections).toBe(0) // nobody has them open any more
    heap.check()
  })
})

function newHeap(): SharedHeap {
  return new SharedHeap({ maxBytes: 32 << 20 })
}
