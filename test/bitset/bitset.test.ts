// SharedBitset in one thread, and in two copies of the library that are two threads to it: against a Set of numbers.
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { SharedBitset, SharedHeap, SharedSet } from 'tophash'
import { anotherCopy } from '../support/copies.js'
import { expectError, thrownBy } from '../support/errors.js'
import { sized } from '../support/size.js'
import { randomOf, seedOf } from '../stress/random.js'

const other = await anotherCopy('other')
const seed = seedOf()
const random = randomOf(seed)

describe('a bit', () => {
  it('is set, found, turned over and cleared, each by one call alone', () => {
    using bits = new SharedBitset({ length: 100 })
    expect([bits.has(7), bits.add(7), bits.add(7), bits.has(7)]).toEqual([false, true, false, true])
    expect([bits.delete(7), bits.delete(7), bits.has(7)]).toEqual([true, false, false])
    expect([bits.flip(99), bits.flip(99), bits.flip(0), bits.size, [...bits]]).toEqual([true, false, true, 1, [0]])
    bits.check()
  })

  it('is one of those that there are', () => {
    using bits = new SharedBitset({ length: 100 })
    for (const bit of [-1, 100, 2 ** 32, 0.5, Number.NaN, '7', 7n, undefined, null]) {
      for (const method of ['has', 'add', 'delete', 'flip'] as const) {
        expectError(
          thrownBy(() => bits[method](bit as number)),
          'ERR_OPTIONS',
          'from 0 to 99',
        )
      }
    }
    expect(bits.size).toBe(0)
  })

  it('can be the last of 2^32; what was never touched takes no memory', () => {
    using bits = new SharedBitset({ length: 2 ** 32 })
    expect([bits.has(2 ** 32 - 1), bits.delete(2 ** 31), bits.stats().pages]).toEqual([false, false, 0])
    expect([bits.add(2 ** 32 - 1), bits.add(2 ** 31), bits.add(0), bits.size]).toEqual([true, true, true, 3])
    expect([...bits]).toEqual([0, 2 ** 31, 2 ** 32 - 1])
    expect([bits.next(1), bits.next(2 ** 31 + 1), bits.nextUnset(2 ** 32 - 1)]).toEqual([2 ** 31, 2 ** 32 - 1, -1])
    expect(bits.stats()).toMatchObject({ length: 2 ** 32, pages: 3, pageBytes: 3 * 8192 })
    bits.check()
  })
})

describe(`any operations (seed ${seed})`, () => {
  it.each([1, 31, 64, 65_536, 65_537, 200_003])('on %i bits do what a Set of numbers does', (length) => {
    using bits = new SharedBitset({ length })
    let model = new Set<number>()
    const bit = (): number => random(length)
    const range = (): [number, number] => {
      const from = random(length + 1)
      return [from, Math.min(length, from + random(200))]
    }
    const within = ([from, to]: [number, number]): number[] => Array.from({ length: to - from }, (_, i) => from + i)
    const acts: (() => void)[] = [
      () => {
        const i = bit()
        expect(bits.add(i)).toBe(!model.has(i))
        model.add(i)
      },
      () => {
        const i = bit()
        expect(bits.delete(i)).toBe(model.delete(i))
      },
      () => {
        const i = bit()
        if (!model.delete(i)) model.add(i)
        expect(bits.flip(i)).toBe(model.has(i))
      },
      () => {
        const all = range()
        expect(bits.addRange(...all)).toBe(within(all).filter((i) => !model.has(i)).length)
        for (const i of within(all)) model.add(i)
      },
      () => {
        const all = range()
        expect(bits.deleteRange(...all)).toBe(within(all).filter((i) => model.delete(i)).length)
      },
      () => {
        const all = range()
        expect(bits.count(...all)).toBe(within(all).filter((i) => model.has(i)).length)
      },
      () => {
        const i = bit()
        const sorted = [...model].sort((a, b) => a - b)
        expect(bits.next(i)).toBe(sorted.find((one) => one >= i) ?? -1)
        let unset = i
        while (model.has(unset)) unset++
        expect(bits.nextUnset(i)).toBe(unset < length ? unset : -1)
      },
    ]
    for (let round = 0; round < sized(300, 3000); round++) acts[random(acts.length)]!()
    expect([...bits]).toEqual([...model].sort((a, b) => a - b))
    expect(bits.size).toBe(model.size)
    const words = bits.toUint32Array()
    expect(words.length).toBe(Math.ceil(length / 32))
    expect(
      [...words].flatMap((word, w) =>
        within([0, 32])
          .filter((i) => (word >>> i) & 1)
          .map((i) => w * 32 + i),
      ),
    ).toEqual([...bits])
    bits.check()
    bits.clear()
    model = new Set()
    expect([bits.size, bits.next()]).toEqual([model.size, -1])
  })

  it.each(['the same heap', 'two heaps'])('of two bitsets in %s do what they do with Sets', (where) => {
    const length = 150_000
    const heap = new SharedHeap()
    const options = { length, heap }
    const one = new SharedBitset(options)
    const two = where === 'two heaps' ? new SharedBitset({ length }) : new SharedBitset(options)
    const fill = (bits: SharedBitset): Set<number> => {
      bits.clear()
      for (let n = 0; n < 500; n++) bits.add(random(random(2) ? length : 300))
      return new Set(bits)
    }
    const sorted = (bits: Iterable<number>): number[] => [...bits].sort((a, b) => a - b)
    for (let round = 0; round < 5; round++) {
      let [a, b] = [fill(one), fill(two)]
      expect(one.intersects(two)).toBe([...a].some((i) => b.has(i)))
      expect(one.isDisjointFrom(two)).toBe(![...a].some((i) => b.has(i)))
      expect([...one.or(two)]).toEqual(sorted(new Set([...a, ...b])))
      expect([two.isSubsetOf(one), one.isSupersetOf(two)]).toEqual([true, true])
      ;[a, b] = [fill(one), fill(two)]
      expect([...one.and(two)]).toEqual(sorted([...a].filter((i) => b.has(i))))
      expect(one.isSubsetOf(two)).toBe(true)
      ;[a, b] = [fill(one), fill(two)]
      expect([...one.andNot(two)]).toEqual(sorted([...a].filter((i) => !b.has(i))))
      ;[a, b] = [fill(one), fill(two)]
      expect([...one.xor(two)]).toEqual(sorted([...[...a].filter((i) => !b.has(i)), ...[...b].filter((i) => !a.has(i))]))
      expect([...two]).toEqual(sorted(b))
      expect([one.xor(one).size, one.isSubsetOf(two)]).toEqual([0, true])
    }
    one.check()
    two.check()
  })

  it('of two bitsets need two of one length', () => {
    using bits = new SharedBitset({ length: 10 })
    using longer = new SharedBitset({ length: 11 })
    for (const method of ['or', 'and', 'andNot', 'xor', 'isSubsetOf', 'isSupersetOf', 'intersects', 'isDisjointFrom'] as const) {
      expectError(
        thrownBy(() => bits[method](longer)),
        'ERR_OPTIONS',
        'of the same length, 10; its length is 11',
      )
      expectError(
        thrownBy(() => bits[method](new SharedSet([1]) as never)),
        'ERR_OPTIONS',
        'takes a SharedBitset',
      )
    }
  })
})

describe('a bitset in a heap', () => {
  it('is found by its name in another thread, and by its handle', () => {
    const heap = new SharedHeap()
    const bits = heap.bitset('seen', { length: 1000 })
    bits.add(3)
    const theirs = other.SharedHeap.attach(heap.handle).bitset('seen', { length: 1000 })
    expect([theirs.has(3), theirs.add(4), bits.has(4)]).toEqual([true, true, true])
    expect(other.SharedBitset.attach(structuredClone(bits.handle)).length).toBe(1000)
    expect(inspect(heap)).toContain("'seen' => SharedBitset")
    heap.check()
  })

  it('is not opened as anything else', () => {
    const heap = new SharedHeap()
    const bits = heap.bitset('seen', { length: 1000 })
    heap.map('map')
    expectError(
      thrownBy(() => heap.map('seen')),
      'ERR_OPTIONS',
      'is that of a bitset; it cannot be opened as a map',
    )
    expectError(
      thrownBy(() => heap.set('seen', { value: 'number' })),
      'ERR_OPTIONS',
      'it cannot be opened as a set',
    )
    expectError(
      thrownBy(() => heap.bitset('map', { length: 1 })),
      'ERR_OPTIONS',
      'it cannot be opened as a bitset',
    )
    expectError(
      thrownBy(() => heap.bitset('seen', { length: 999 })),
      'ERR_OPTIONS',
      'was made with length: 1000',
    )
    expectError(
      thrownBy(() => SharedSet.attach(bits.handle)),
      'ERR_BAD_HANDLE',
      'call SharedBitset.attach(handle)',
    )
    expectError(
      thrownBy(() => SharedBitset.attach(heap.map('map').handle)),
      'ERR_BAD_HANDLE',
      'call SharedMap.attach(handle)',
    )
    const forged = { ...bits.handle, tophash: 'SharedSet', value: 'number' }
    expectError(
      thrownBy(() => SharedSet.attach(forged)),
      'ERR_BAD_HANDLE',
      'what is there is a bitset',
    )
    for (const length of [0, -1, 1.5, 2 ** 32 + 1, undefined, '5']) {
      expectError(
        thrownBy(() => new SharedBitset({ length: length as number })),
        'ERR_OPTIONS',
        'length must be a whole number',
      )
    }
  })

  it('gives all of its memory back when it is deleted, and when the last thread lets go of one without a name', () => {
    const heap = new SharedHeap({ maxBytes: 4 << 20 })
    const used = (): number => heap.stats().approximateUsedBytes
    const cycle = (make: () => SharedBitset, end: (bits: SharedBitset) => void): void => {
      for (let n = 0; n < 20; n++) {
        const bits = make()
        bits.addRange(0, 10_000_000)
        expect(bits.stats().pageBytes).toBe(153 * 8192) // 1.25 MB
        end(bits)
        heap.check()
      }
    }
    cycle(
      () => new SharedBitset({ length: 10_000_000, heap }),
      (bits) => bits.dispose(),
    )
    heap.bitset('bits', { length: 10_000_000 }) // the first name takes a block of its own
    heap.delete('bits')
    const before = used()
    cycle(
      () => heap.bitset('bits', { length: 10_000_000 }),
      (bits) => {
        heap.delete('bits')
        expectError(
          thrownBy(() => bits.has(1)),
          'ERR_DISPOSED',
          'was deleted from its heap',
        )
      },
    )
    expect(used()).toBe(before)
  })

  it('refuses once it was disposed of, or deleted by another thread', () => {
    const heap = new SharedHeap()
    const bits = heap.bitset('bits', { length: 100 })
    bits.add(1)
    other.SharedHeap.attach(heap.handle).delete('bits')
    const acts = [
      () => bits.add(1),
      () => bits.has(1),
      () => bits.size,
      () => bits.next(),
      () => [...bits],
      () => bits.toUint32Array(),
      () => bits.or(bits),
      () => bits.stats(),
      () => bits.handle,
      () => bits.isSubsetOf(bits),
      () => bits.clear(),
    ]
    for (const act of acts) expectError(thrownBy(act), 'ERR_DISPOSED', 'heap.bitset(name)')
    heap.check()
  })

  it('of a full heap sets nothing and says so; what was set stays', () => {
    const heap = new SharedHeap({ maxBytes: 458_752 })
    const bits = heap.bitset('bits', { length: 2 ** 32 })
    let set = 0
    const error = thrownBy(() => {
      for (let bit = 0; ; bit += 65_536, set++) bits.add(bit)
    })
    expectError(error, 'ERR_OUT_OF_MEMORY', 'no room left')
    expect([bits.size, bits.add(5), bits.has(set * 65_536)]).toEqual([set, true, false])
    heap.check()
  })

  it('prints how many bits are set, and the first of them', () => {
    using bits = new SharedBitset({ length: 1000 })
    bits.addRange(5, 8)
    expect(inspect(bits)).toBe('SharedBitset(3) { 5, 6, 7 }')
    expect(Object.prototype.toString.call(bits)).toBe('[object SharedBitset]')
  })
})
