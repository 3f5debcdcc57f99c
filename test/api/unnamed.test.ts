// Collections without a name in a SharedHeap: they end with the last thread that has them open.
import { describe, expect, it } from 'vitest'
import { SharedHeap, SharedMap, SharedSet } from 'tophash'
import { RECORD } from '../../src/core/layout.js'
import { anotherCopy } from '../support/copies.js'
import { expectError, thrownBy } from '../support/errors.js'
import { collectOften, untilCollected } from '../support/garbage.js'
import { sized } from '../support/size.js'

const other = await anotherCopy('other')

describe('a collection without a name', () => {
  it('is reached by its handle, and freed by the last who lets go of it, whoever made it', () => {
    const heap = newHeap()
    const map = new SharedMap([['ann', 1]], { heap })
    const set = new SharedSet([1, 2], { heap, value: 'number' })
    expect([heap.names(), heap.stats().collections]).toEqual([[], 2])
    const theirs = other.SharedMap.attach(map.handle)
    const again = SharedMap.attach(map.handle)
    set.dispose()
    map.dispose()
    again.dispose()
    expect([heap.stats().collections, theirs.get('ann'), theirs.set('bob', 2).size]).toEqual([1, 1, 2])
    heap.check()
    theirs.dispose()
    expect(heap.stats().collections).toBe(0)
    heap.check()
  })

  it('leaves its memory to the next ones, however often', () => {
    const heap = new SharedHeap({ maxBytes: 1 << 20 })
    const cycle = (): void => {
      for (let n = 0; n < 100; n++) {
        new SharedMap([[1, 'x'.repeat(1000)]], { heap }).dispose()
        using set = new SharedSet(
          Array.from({ length: n }, (_, i) => `value ${i}`),
          { heap, value: 'string' },
        )
        expect(set.size).toBe(n)
      }
    }
    cycle()
    const { heapBytes } = heap.stats()
    for (let n = 0; n < sized(10, 50); n++) cycle()
    expect(heap.stats()).toMatchObject({ heapBytes, collections: 0 })
    heap.check()
  })

  it('ends when the last thread leaves the heap', () => {
    const heap = newHeap()
    const theirs = other.SharedHeap.attach(heap.handle)
    const map = new other.SharedMap([[1, 1]], { heap: theirs })
    theirs.dispose()
    expect([heap.stats().collections, map.get(1)]).toEqual([1, 1])
    map.dispose()
    expect(heap.stats()).toMatchObject({ collections: 0, threads: 1 })
    heap.check()
  })

  it('is gone for a handle that comes too late, which leads to nothing else', () => {
    const heap = newHeap()
    const [map, set] = [new SharedMap([['ann', 1]], { heap }), new SharedSet([1], { heap })]
    const handles = [map.handle, set.handle] as const
    map.dispose()
    set.dispose()
    const expectGone = (): void => {
      for (const library of [{ SharedMap, SharedSet }, other]) {
        expectError(
          thrownBy(() => library.SharedMap.attach(handles[0])),
          'ERR_BAD_HANDLE',
          'The map of this handle is gone: it has no name',
        )
        expectError(
          thrownBy(() => library.SharedSet.attach(handles[1])),
          'ERR_BAD_HANDLE',
          'give it a name: heap.set(name).',
        )
      }
    }
    expectGone()
    // Whatever is made in its place, with a name and without one.
    const next = [new SharedMap([['bob', 2]], { heap }), new SharedSet([2], { heap })]
    expectGone()
    for (const one of next) one.dispose()
    heap.map('map').set('bob', 2)
    heap.set('set').add(2)
    expectGone()
    expect(heap.stats().collections).toBe(2)
    heap.check()
  })

  it('says what it takes to open it again', () => {
    const heap = newHeap()
    const map = new SharedMap([['ann', 1]], { heap })
    const theirs = other.SharedMap.attach<string, number>(map.handle)
    const { handle } = map
    map.dispose()
    expectError(
      thrownBy(() => map.size),
      'ERR_DISPOSED',
      'SharedMap.attach(handle) to use it again, while another thread has it open',
    )
    expect(SharedMap.attach<string, number>(handle).get('ann')).toBe(1)
    theirs.dispose()
  })

  it('is freed when it was dropped; but not if its handle was given out, which may be on its way', async () => {
    const heap = newHeap()
    const sent = (() => {
      for (let n = 0; n < 100; n++) new SharedMap([[n, n]], { heap })
      return structuredClone([new SharedMap([['ann', 1]], { heap }).handle, new SharedSet(['ann'], { heap }).handle] as const)
    })()
    expect(heap.stats().collections).toBe(102)
    await untilCollected(() => heap.stats().collections <= 2)
    await collectOften(3)
    expect([...other.SharedMap.attach(sent[0]), ...other.SharedSet.attach(sent[1])]).toEqual([['ann', 1], 'ann'])
    expect(heap.stats().collections).toBe(2)
    heap.check()
  })

  it('takes another record when one has been all the collections that it can be', () => {
    const LAST = 0x0fff_ffff // generations beyond this have no room in a name
    const heap = newHeap()
    const map = new SharedMap([[1, 1]], { heap })
    const { table } = map.handle
    map.dispose()
    new DataView(heap.handle.memory.buffer).setUint32(table + RECORD.generation, LAST - 3, true)
    const used: number[] = []
    for (let n = 0; n < 3; n++) {
      const next = new SharedMap([[n, n]], { heap })
      if (next.handle.table === table) used.push(next.handle.generation)
      next.dispose()
      const named = heap.map('name').set(1, n)
      if (named.handle.table === table) used.push(named.handle.generation)
      expect([heap.map('name').get(1), heap.delete('name')]).toEqual([n, true])
    }
    expect(used).toEqual([LAST - 1])
    heap.check()
  })

  it('is gone if its entries could not be set', () => {
    const heap = newHeap()
    for (let n = 0; n < 10; n++) {
      expect(() => new SharedMap([[1, 1], 2 as never], { heap })).toThrow(TypeError)
      expect(() => new SharedSet([1, 'x' as never], { heap, value: 'number' })).toThrow(TypeError)
    }
    expect(heap.stats().collections).toBe(0)
    heap.check()
  })
})

function newHeap(): SharedHeap {
  return new SharedHeap({ maxBytes: 32 << 20 })
}
