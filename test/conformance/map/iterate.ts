// ECMA-262: Map.prototype.keys, values, entries, [Symbol.iterator], and Map iterators.
import { describe, expect, it } from 'vitest'
import { expectEntries } from '../support/expect.js'
import { protocol } from '../support/iterators.js'
import { MANY, sample, sampleEntries, sampleValue } from '../support/samples.js'
import type { MapSubject } from '../support/subject.js'

const METHODS = ['keys', 'values', 'entries'] as const

export function mapIterators(subject: MapSubject): void {
  const { Class, kind, valueKind } = subject
  const entries = sampleEntries(kind, valueKind, 3)
  const many = sampleEntries(kind, valueKind, MANY)

  describe.each([...METHODS, Symbol.iterator] as const)('%o', (method) => {
    const map = new Class(entries)
    protocol({ iterate: () => map[method](), empty: () => new Class()[method]() })
  })

  describe('the iterators of a map', () => {
    it('are one method, entries and [Symbol.iterator]', () => {
      expect(Class.prototype[Symbol.iterator]).toBe(Class.prototype.entries)
    })

    it('hand out every key, value and entry once', () => {
      const map = new Class(many)
      expectEntries(new Class([...map]), many)
      expectEntries(new Class([...map.entries()]), many)
      expect(new Set(map.keys())).toEqual(new Set(many.map(([key]) => key)))
      expect([...map.keys(), ...map.values(), ...map]).toHaveLength(3 * MANY)
    })

    it('agree about the order while nothing changes', () => {
      const map = new Class(many)
      const order = [...map]
      expect([...map.entries()]).toEqual(order)
      expect([...map.keys()]).toEqual(order.map(([key]) => key))
      expect([...map.values()]).toEqual(order.map(([, value]) => value))
    })

    it("hand out arrays of key and value that are the caller's own", () => {
      const map = new Class(entries)
      for (const entry of map) {
        expect(Array.isArray(entry)).toBe(true)
        expect(entry).toHaveLength(2)
        entry[0] = entry[1] = 'changed'
      }
      expectEntries(map, entries)
      expect(new Set([...map, ...map]).size).toBe(6)
    })

    it('are new at each call and independent of each other', () => {
      const map = new Class(many)
      for (const method of METHODS) {
        const [one, other] = [map[method](), map[method]()]
        expect(one === other).toBe(false) // not.toBe would compare them by iterating over both
        one.next()
        expect(other.next().value).toEqual(map[method]().next().value)
        expect([...one]).toHaveLength(MANY - 1)
        expect([...other]).toHaveLength(MANY - 1)
      }
    })

    it('are understood wherever an iterable of entries is', () => {
      const map = new Class(entries)
      expect(new Map(map)).toEqual(new Map(entries))
      expect(Object.fromEntries(map)).toEqual(Object.fromEntries(entries))
      expect(Array.from(map.keys(), (key) => [key])).toHaveLength(3)
    })
  })

  mapIteratorChanges(subject)
}

/** The map changes between two calls of next, in the same thread. */
function mapIteratorChanges({ Class, kind, valueKind }: MapSubject): void {
  const key = (n: number): unknown => sample(kind, n)
  const value = (n: number): unknown => sampleValue(valueKind, n)
  const many = sampleEntries(kind, valueKind, MANY)

  describe.each(METHODS)('%s, of a map that changes meanwhile,', (method) => {
    it('begins when it is first asked', () => {
      const map = new Class()
      const iterator = map[method]()
      map.set(key(1), value(1))
      expect(iterator.next().done).toBe(false)
      expect(iterator.next().done).toBe(true)
    })

    it('hands out nothing that was deleted before it was asked', () => {
      const map = new Class(many)
      const iterator = map[method]()
      for (let n = 0; n < MANY; n += 2) map.delete(key(n))
      expect([...iterator]).toHaveLength(MANY / 2)
    })

    it('hands out nothing that was deleted between two calls', () => {
      const map = new Class(many)
      const iterator = map[method]()
      iterator.next()
      map.clear()
      expect(iterator.next()).toStrictEqual({ value: undefined, done: true })
    })

    it('stays at its end when entries are added later', () => {
      const map = new Class(many.slice(0, 1))
      const iterator = map[method]()
      iterator.next()
      expect(iterator.next().done).toBe(true)
      map.set(key(2), value(2))
      expect(iterator.next()).toStrictEqual({ value: undefined, done: true })
      expect([...iterator]).toEqual([])
    })

    it('goes on after its map was changed by each step', () => {
      const map = new Class(many)
      let steps = 0
      for (const _ of map[method]()) {
        steps++
        const [first] = map.keys()
        map.set(first, value(steps % 20))
      }
      expect(steps).toBe(MANY)
    })
  })

  describe('entries, of a map that changes meanwhile,', () => {
    it('shows the value at the time of the call', () => {
      const map = new Class(many)
      const iterator = map.entries()
      iterator.next()
      for (let n = 0; n < MANY; n++) map.set(key(n), value(1))
      const rest = [...iterator]
      expect(rest).toHaveLength(MANY - 1)
      for (const [, shown] of rest) expect(shown).toEqual(value(1))
    })

    it('keeps what it has handed out', () => {
      const map = new Class(many.slice(0, 1))
      const [entry] = map
      map.set(key(0), value(1))
      expect(entry).toEqual(many[0])
    })
  })
}
