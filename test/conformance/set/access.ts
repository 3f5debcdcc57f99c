// ECMA-262: Set.prototype.add, has, delete, clear and size.
import { describe, expect, it } from 'vitest'
import { expectValues } from '../support/expect.js'
import { PRIMITIVES, sample, samples } from '../support/samples.js'
import type { SetSubject } from '../support/subject.js'

export function setAccess(subject: SetSubject): void {
  const { Class, kind } = subject
  const value = (n: number): unknown => sample(kind, n)
  const values = samples(kind, 6)

  describe('add', () => {
    it('adds values and returns the set', () => {
      const set = new Class()
      expect(set.add(value(0))).toBe(set)
      expect(set.add(value(1)).add(value(2))).toBe(set)
      expectValues(set, values.slice(0, 3))
    })

    it('leaves a value that is there and returns the set', () => {
      const set = new Class(values)
      for (const n of [0, 3, 5]) expect(set.add(value(n))).toBe(set)
      expectValues(set, values)
    })
  })

  describe('has', () => {
    it('tells whether a value is there', () => {
      const set = new Class(values)
      for (let n = 0; n < 6; n++) expect(set.has(value(n))).toBe(true)
      expect(set.has(value(99))).toBe(false)
      expect(new Class().has(value(0))).toBe(false)
      set.delete(value(0))
      expect(set.has(value(0))).toBe(false)
    })
  })

  describe('delete', () => {
    it('returns whether the value was there, and removes it', () => {
      const set = new Class(values)
      expect([set.delete(value(99)), set.delete(value(0)), set.delete(value(0))]).toEqual([false, true, false])
      expectValues(set, values.slice(1))
    })

    it('leaves an empty set when it has removed all, and the set is usable', () => {
      const set = new Class(values)
      for (const each of values) expect(set.delete(each)).toBe(true)
      expectValues(set, [])
      expectValues(set.add(value(1)), [value(1)])
    })
  })

  describe('clear', () => {
    it('removes all values and returns undefined', () => {
      for (const set of [new Class(), new Class(values)]) {
        expect(set.clear()).toBe(undefined)
        expectValues(set, [])
        for (const each of values) expect([set.has(each), set.delete(each)]).toEqual([false, false])
        expectValues(set.add(value(1)), [value(1)])
        expect(set.clear()).toBe(undefined)
        expectValues(set, [])
      }
    })
  })

  describe('size', () => {
    it('counts values', () => {
      const set = new Class()
      const sizes = [set.size]
      const note = (): unknown => sizes.push(set.size)
      set.add(value(0))
      note()
      set.add(value(0))
      note()
      set.add(value(1))
      note()
      set.delete(value(5))
      note()
      set.delete(value(0))
      note()
      set.clear()
      note()
      expect(sizes).toEqual([0, 1, 1, 2, 2, 1, 0])
      expect(new Class([...values, ...values]).size).toBe(values.length)
    })

    it('cannot be assigned', () => {
      const set = new Class(values)
      expect(() => Object.assign(set, { size: 1 })).toThrow(TypeError)
      expect(set.size).toBe(values.length)
    })
  })

  setSameValueZero(subject)
}

/** Values are compared by SameValueZero. */
function setSameValueZero({ Class, kind }: SetSubject): void {
  if (kind === 'any' || kind === 'number')
    describe('SameValueZero of numbers', () => {
      it('knows one zero, and keeps it as 0', () => {
        for (const zero of [0, -0]) {
          const set = new Class([zero])
          expectValues(set.add(-zero), [0])
          expect(Object.is([...set][0], 0)).toBe(true)
          set.forEach((value) => expect(Object.is(value, 0)).toBe(true))
          expect([set.has(0), set.has(-0), set.delete(-zero), set.size]).toEqual([true, true, true, 0])
        }
      })

      it('knows one NaN', () => {
        const set = new Class([NaN, 0 / 0])
        expect([set.size, set.has(NaN), set.has(-NaN), set.has(Number('x'))]).toEqual([1, true, true, true])
        expect([set.add(NaN).size, set.delete(NaN), set.has(NaN), set.delete(NaN)]).toEqual([1, true, false, false])
      })
    })

  if (kind === 'any')
    describe('SameValueZero of other types', () => {
      it('tells every primitive from every other', () => {
        const set = new Class()
        for (const [n, value] of PRIMITIVES.entries()) {
          expect(set.has(value)).toBe(false)
          expect(set.add(value).size).toBe(n + 1)
        }
        expectValues(set, PRIMITIVES)
        for (const value of PRIMITIVES) {
          expect([set.has(value), set.delete(value), set.has(value)]).toEqual([true, true, false])
        }
        expect(set.size).toBe(0)
      })

      it('tells bigints from numbers, and compares bigints by value', () => {
        const set = new Class([1n, 1, BigInt('1'), 2n ** 200n, BigInt(String(2n ** 200n))])
        expectValues(set, [1n, 1, 2n ** 200n])
        expect(set.has(2 ** 200)).toBe(false)
      })

      it('takes undefined for a value like any other, given or not', () => {
        const set = new Class()
        const call = (name: 'add' | 'has' | 'delete', ...args: unknown[]): unknown => Reflect.apply(set[name], set, args)
        expect([call('has'), call('add'), call('has', undefined), set.size]).toEqual([false, set, true, 1])
        expect([call('delete'), set.size]).toEqual([true, 0])
      })
    })
}
