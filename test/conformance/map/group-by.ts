// ECMA-262: Map.groupBy ( items, callback ) and GroupBy.
import { expect, it, vi } from 'vitest'
import { expectEntries, thrownBy } from '../support/expect.js'
import { observed, taken } from '../support/observed.js'
import { NOT_ITERABLE, PRIMITIVES, UNCALLABLE } from '../support/samples.js'
import { type MapSubject, describeMethod } from '../support/subject.js'

/** For maps whose keys and values are of kind 'any' only: the values are arrays. */
export function mapGroupBy(subject: MapSubject): void {
  const { Class } = subject

  describeMethod(subject, 'groupBy', () => {
    it('makes a map of arrays, each in the order of the items', () => {
      const map = Class.groupBy([1, 2, 3, 4, 5], (n: number) => (n % 2 === 0 ? 'even' : 'odd'))
      expect(map).toBeInstanceOf(Class)
      expectEntries(map, [
        ['odd', [1, 3, 5]],
        ['even', [2, 4]],
      ])
    })

    it('makes an empty map of no items, and does not call back', () => {
      const callback = vi.fn()
      expectEntries(Class.groupBy([], callback), [])
      expectEntries(Class.groupBy('', callback), [])
      expect(callback).not.toHaveBeenCalled()
    })

    it('calls back with item and index, and undefined for this', () => {
      const calls: unknown[] = []
      Class.groupBy(new Set(['a', 'b']), function (this: unknown, ...args: unknown[]) {
        calls.push(this, args)
      })
      expect(calls).toEqual([undefined, ['a', 0], undefined, ['b', 1]])
    })

    it('takes any iterable; strings go by code point', () => {
      const length = (item: string): number => item.length
      expectEntries(Class.groupBy('a\ud83d\ude00b\ud83d', length), [
        [1, ['a', 'b', '\ud83d']],
        [2, ['\ud83d\ude00']],
      ])
      expectEntries(
        Class.groupBy(
          new Map([
            [1, 'a'],
            [2, 'a'],
          ]),
          ([, v]: string[]) => v,
        ),
        [
          [
            'a',
            [
              [1, 'a'],
              [2, 'a'],
            ],
          ],
        ],
      )
      expectEntries(
        Class.groupBy(Uint8Array.of(1, 2), () => 'all'),
        [['all', [1, 2]]],
      )
    })

    it('takes keys as they are: nothing becomes a property key', () => {
      const map = Class.groupBy(PRIMITIVES, (key: unknown) => key)
      expectEntries(
        map,
        PRIMITIVES.map((key) => [key, [key]]),
      )
      expectEntries(
        Class.groupBy([1, '1', 1n], (key: unknown) => key),
        [
          [1, [1]],
          ['1', ['1']],
          [1n, [1n]],
        ],
      )
    })

    it('knows one zero, as 0, and one NaN', () => {
      const map = Class.groupBy([0, -0, NaN, -0, NaN], (key: unknown) => key)
      expect([...map.keys()].some((key) => Object.is(key, -0))).toBe(false)
      const zeros = map.get(0) as number[]
      expect(zeros.map((zero) => Object.is(zero, -0))).toEqual([false, true, true])
      expect([map.size, (map.get(NaN) as number[]).length]).toEqual([2, 2])
    })

    it('keeps groups of many items, and many groups', () => {
      const items = Array.from({ length: 3000 }, (_, n) => n)
      const map = Class.groupBy(items, (n: number) => n % 100)
      expect(map.size).toBe(100)
      for (const [key, group] of map) expect(group).toEqual(items.filter((n) => n % 100 === key))
    })

    it('keeps absent items of arrays as undefined', () => {
      // eslint-disable-next-line no-sparse-arrays
      expectEntries(
        Class.groupBy([, 1, undefined], (item: unknown) => typeof item),
        [
          ['undefined', [undefined, undefined]],
          ['number', [1]],
        ],
      )
    })

    it('needs no receiver', () => {
      const { groupBy } = Class
      expectEntries(
        groupBy([1], () => 'all'),
        [['all', [1]]],
      )
    })
  })

  groupByErrors(subject)
}

function groupByErrors(subject: MapSubject): void {
  const { Class } = subject

  describeMethod(subject, 'groupBy', () => {
    const bad = [undefined, null, ...NOT_ITERABLE, { [Symbol.iterator]: 1 }]
    it.each(bad)('throws a TypeError for the items %o', (items) => {
      expect(() => Class.groupBy(items, () => 1)).toThrow(TypeError)
    })

    it.each(UNCALLABLE)('throws a TypeError for the callback %o, and asks the items nothing', (callback) => {
      const items = observed([])
      expect(() => Class.groupBy(items, callback)).toThrow(TypeError)
      expect(items.log).toEqual([])
    })

    it('takes the items to the end and does not close their iterator', () => {
      const items = observed([1, 2])
      expectEntries(
        Class.groupBy(items, (n: unknown) => n),
        [
          [1, [1]],
          [2, [2]],
        ],
      )
      expect(items.log).toEqual(taken(3))
    })

    it('closes it if the callback throws, and throws that whatever return() does', () => {
      const error = new Error('callback')
      for (const faults of [{}, { return: new Error('return') }, { returns: 1 }]) {
        const items = observed([1, 2, 3], faults)
        const thrown = thrownBy(() =>
          Class.groupBy(items, (n: unknown) => {
            if (n === 2) throw error
          }),
        )
        expect(thrown).toBe(error)
        expect(items.log).toEqual([...taken(2), 'return()'])
      }
    })

    it('does not close it if it fails by itself', () => {
      for (const fault of ['next', 'done', 'value'] as const) {
        const error = new Error(fault)
        const items = observed([1], { [fault]: error })
        expect(thrownBy(() => Class.groupBy(items, () => 1))).toBe(error)
        expect(items.log).toEqual(taken(2))
      }
    })
  })
}
