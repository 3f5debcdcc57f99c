// ECMA-262: Set.prototype.keys, values, entries, [Symbol.iterator], and Set iterators.
import { describe, expect, it } from 'vitest'
import { expectValues } from '../support/expect.js'
import { protocol } from '../support/iterators.js'
import { MANY, sample, samples } from '../support/samples.js'
import type { SetSubject } from '../support/subject.js'

const METHODS = ['keys', 'values', 'entries'] as const

export function setIterators(subject: SetSubject): void {
  const { Class, kind } = subject
  const values = samples(kind, 3)
  const many = samples(kind, MANY)

  describe.each([...METHODS, Symbol.iterator] as const)('%o', (method) => {
    const set = new Class(values)
    protocol({ iterate: () => set[method](), empty: () => new Class()[method]() })
  })

  describe('the iterators of a set', () => {
    it('are one method, keys, values and [Symbol.iterator]', () => {
      const { prototype } = Class
      expect(prototype.keys).toBe(prototype.values)
      expect(prototype[Symbol.iterator]).toBe(prototype.values)
      expect(prototype.values.name).toBe('values')
    })

    it('hand out every value once, and entries of value and value', () => {
      const set = new Class(many)
      expectValues(new Class([...set]), many)
      for (const iterate of ['keys', 'values', Symbol.iterator] as const) expect([...set[iterate]()]).toHaveLength(MANY)
      const entries = [...set.entries()]
      expect(entries).toHaveLength(MANY)
      for (const entry of entries) {
        expect([Array.isArray(entry), entry.length]).toEqual([true, 2])
        expect(entry[0]).toBe(entry[1])
      }
      expectValues(new Class(entries.map(([value]) => value)), many)
    })

    it('agree about the order while nothing changes', () => {
      const set = new Class(many)
      const order = [...set]
      expect([...set.keys()]).toEqual(order)
      expect([...set.entries()]).toEqual(order.map((value) => [value, value]))
    })

    it("hand out entries that are the caller's own", () => {
      const set = new Class(values)
      for (const entry of set.entries()) entry[0] = entry[1] = 'changed'
      expectValues(set, values)
      expect(new Set([...set.entries(), ...set.entries()]).size).toBe(6)
    })

    it('are new at each call and independent of each other', () => {
      const set = new Class(many)
      for (const method of METHODS) {
        const [one, other] = [set[method](), set[method]()]
        expect(one === other).toBe(false) // not.toBe would compare them by iterating over both
        one.next()
        expect(other.next().value).toEqual(set[method]().next().value)
        expect([...one]).toHaveLength(MANY - 1)
        expect([...other]).toHaveLength(MANY - 1)
      }
    })

    it('are understood wherever an iterable is', () => {
      const set = new Class(values)
      expect(new Set(set)).toEqual(new Set(values))
      expect(new Map(set.entries())).toEqual(new Map(values.map((value) => [value, value])))
      expect(Array.from(set, (value) => [value])).toHaveLength(3)
    })
  })

  setIteratorChanges(subject)
}

/** The set changes between two calls of next, in the same thread. */
function setIteratorChanges({ Class, kind }: SetSubject): void {
  const value = (n: number): unknown => sample(kind, n)
  const many = samples(kind, MANY)

  describe.each(METHODS)('%s, of a set that changes meanwhile,', (method) => {
    it('begins when it is first asked', () => {
      const set = new Class()
      const iterator = set[method]()
      set.add(value(1))
      expect(iterator.next().done).toBe(false)
      expect(iterator.next().done).toBe(true)
    })

    it('hands out nothing that was deleted before it was asked', () => {
      const set = new Class(many)
      const iterator = set[method]()
      for (let n = 0; n < MANY; n += 2) set.delete(value(n))
      expect([...iterator]).toHaveLength(MANY / 2)
    })

    it('hands out nothing that was deleted between two calls', () => {
      const set = new Class(many)
      const iterator = set[method]()
      iterator.next()
      set.clear()
      expect(iterator.next()).toStrictEqual({ value: undefined, done: true })
    })

    it('stays at its end when values are added later', () => {
      const set = new Class(many.slice(0, 1))
      const iterator = set[method]()
      iterator.next()
      expect(iterator.next().done).toBe(true)
      set.add(value(2))
      expect(iterator.next()).toStrictEqual({ value: undefined, done: true })
      expect([...iterator]).toEqual([])
    })

    it('goes on after its set was changed by each step', () => {
      const set = new Class(many)
      let steps = 0
      for (const _ of set[method]()) {
        steps++
        const [first] = set
        expect(set.add(first).size).toBe(MANY)
      }
      expect(steps).toBe(MANY)
    })
  })
}
