// Letting go of a map: what it ends, and what it leaves to others.
import { describe, expect, it } from 'vitest'
import { SharedMap } from 'tophash'
import { anotherCopy } from '../support/copies.js'
import { expectError, thrownBy } from '../support/errors.js'
import { slotStates } from '../support/memory.js'
import { SLOT_KIND } from '../../src/core/layout.js'
import { untilCollected } from '../support/garbage.js'

const other = await anotherCopy('other')

/** Everything that can be asked of a map. */
const USES: readonly (readonly [name: string, use: (map: SharedMap<string, string>) => unknown])[] = [
  ['get', (map) => map.get('ann')],
  ['get of a long key', (map) => map.get('x'.repeat(10_000))],
  ['has', (map) => map.has('ann')],
  ['has of a long key', (map) => map.has('x'.repeat(10_000))],
  ['delete', (map) => map.delete('ann')],
  ['delete of a long key', (map) => map.delete('x'.repeat(10_000))],
  ['increment', (map) => (map as unknown as SharedMap<string, number>).increment('ann')],
  ['clear', (map) => map.clear()],
  ['size', (map) => map.size],
  ['forEach', (map) => map.forEach(() => {})],
  ['forEach of nothing', (map) => map.forEach(undefined as never)],
  ['entries', (map) => map.entries()],
  ['keys', (map) => map.keys()],
  ['values', (map) => map.values()],
  ['for-of', (map) => [...map]],
  ['handle', (map) => map.handle],
  ['reserve', (map) => map.reserve(10)],
  ['reserve of nonsense', (map) => map.reserve(-1)],
  ['stats', (map) => map.stats()],
  ['check', (map) => map.check()],
]

describe('a map that was disposed of', () => {
  it.each(USES)('refuses %s, and does not touch the memory', (_, use) => {
    const map = names()
    const { handle } = map
    map.dispose()
    expectUntouched(handle.memory, () => {
      expectError(
        thrownBy(() => use(map)),
        'ERR_DISPOSED',
        'Keep the handle and call SharedMap.attach(handle) to use it again.',
      )
    })
    expectWhole(SharedMap.attach(handle))
  })

  it('refuses what number maps do too', () => {
    const map = new SharedMap([[1, 1]], { key: 'number', value: 'number' })
    const { memory } = map.handle
    map.dispose()
    expectUntouched(memory, () => {
      for (const use of [() => map.get(1), () => map.has(1), () => map.set(1, 2), () => map.delete(1), () => map.increment(1)]) {
        expectError(thrownBy(use), 'ERR_DISPOSED', 'disposed of in this thread')
      }
    })
  })

  it.each([
    ['a short value', 'ann', 'Ann'],
    ['a long value', 'ann', 'x'.repeat(30_000)],
    ['a value of several pages', 'ann', 'x'.repeat(200_000)],
    ['a long key', 'x'.repeat(10_000), 'Ann'],
  ])('refuses set of %s, and does not touch the memory', (_, key, value) => {
    const map = names()
    const { memory } = map.handle
    map.dispose()
    expectUntouched(memory, () => {
      expectError(
        thrownBy(() => map.set(key, value)),
        'ERR_DISPOSED',
        'disposed of in this thread',
      )
    })
  })

  it('is first of all disposed of, whatever it is given', () => {
    const map = new SharedMap([[1, 1]], { key: 'number', value: 'number' })
    map.dispose()
    expectError(
      thrownBy(() => map.set(1, 'wrong' as never)),
      'ERR_DISPOSED',
      'disposed of in this thread',
    )
  })

  it('can be disposed of again, and still has a name', () => {
    const map = names()
    map.dispose()
    expect([map.dispose(), map[Symbol.dispose]()]).toEqual([undefined, undefined])
    expect(String(map)).toBe('[object SharedMap]')
  })

  it('ends the iterations over it at their next batch', () => {
    const map = new SharedMap(
      Array.from({ length: 1000 }, (_, n): [number, number] => [n, n]),
      { key: 'number', value: 'number' },
    )
    const iterator = map.entries()
    iterator.next()
    map.dispose()
    expectError(
      thrownBy(() => [...iterator]),
      'ERR_DISPOSED',
      'disposed of in this thread',
    )
    expect(iterator.next().done).toBe(true)
  })

  it('ends the iterations over it at once', () => {
    const map = names()
    const iterator = map.entries()
    iterator.next()
    map.dispose()
    expectError(
      thrownBy(() => iterator.next()),
      'ERR_DISPOSED',
      'disposed of in this thread',
    )
  })
})

describe('dispose', () => {
  it('happens at the end of a block, by using', () => {
    let leaked: SharedMap<string, string>
    {
      using map = names()
      leaked = map
      expect(map.size).toBe(2)
    }
    expectError(
      thrownBy(() => leaked.size),
      'ERR_DISPOSED',
      'disposed of in this thread',
    )
  })

  it('gives the thread slot back when the last map of the heap is let go', () => {
    const map = names()
    const { handle } = map
    const second = SharedMap.attach<string, string>(handle)
    map.dispose()
    map.dispose() // which must not count twice
    expect(slotStates(handle)[0]).toBe(SLOT_KIND.attached)
    expectWhole(second)
    second.dispose()
    expect(slotStates(handle)[0]).toBe(SLOT_KIND.free)
  })

  it('is about this thread only', () => {
    const map = names()
    const theirs = other.SharedMap.attach<string, string>(map.handle)
    expect(map.stats().threads).toBe(2)
    map.dispose()
    expect(theirs.stats().threads).toBe(1)
    expect(theirs.set('cid', 'Cid').get('ann')).toBe('Ann')
    theirs.delete('cid')
    expectWhole(theirs)
  })

  it('leaves the thread slot to whoever comes next, often', () => {
    const map = names()
    for (let n = 0; n < 500; n++) {
      using joined = other.SharedMap.attach<string, string>(map.handle)
      joined.set('guest', `number ${n}`)
      expect(map.get('guest')).toBe(`number ${n}`)
    }
    map.delete('guest')
    expect(map.stats()).toMatchObject({ threads: 1, memoryBytes: 1 << 20 })
    expectWhole(map)
  })

  it('leaves a map that can be attached again', () => {
    const map = names()
    const { handle } = map
    map.dispose()
    const again = SharedMap.attach<string, string>(handle)
    again.set('ann', 'Anna')
    expect([again.get('ann'), again.size]).toEqual(['Anna', 2])
    again.check()
  })
})

describe('a map that was dropped without dispose', () => {
  it('gives its thread slot back when it is collected, and leaves the entries', async () => {
    const handle = (() => names().handle)()
    expect(slotStates(handle)[0]).toBe(SLOT_KIND.attached)
    await untilCollected(() => slotStates(handle)[0] !== SLOT_KIND.attached)
    expect(slotStates(handle)[0]).toBe(SLOT_KIND.free)
    expectWhole(SharedMap.attach(handle))
  })
})

/** Expects that an action leaves every byte of a memory as it is. */
function expectUntouched(memory: WebAssembly.Memory, action: () => void): void {
  const before = Buffer.from(new Uint8Array(memory.buffer))
  action()
  expect(Buffer.from(memory.buffer).equals(before)).toBe(true)
}

function names() {
  return new SharedMap(
    [
      ['ann', 'Ann'],
      ['bob', 'Bob'],
    ],
    { key: 'string', value: 'string', maxBytes: 1 << 20 },
  )
}

function expectWhole(map: SharedMap<string, string>): void {
  expect(new Map(map)).toEqual(
    new Map([
      ['ann', 'Ann'],
      ['bob', 'Bob'],
    ]),
  )
  map.check()
}
