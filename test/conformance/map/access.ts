// ECMA-262: Map.prototype.get, set, has, delete, clear and size.
import { describe, expect, it } from 'vitest'
import { expectEntries } from '../support/expect.js'
import { PRIMITIVES, sample, sampleEntries, sampleValue } from '../support/samples.js'
import type { MapSubject } from '../support/subject.js'

export function mapAccess(subject: MapSubject): void {
  const { Class, kind, valueKind } = subject
  const key = (n: number): unknown => sample(kind, n)
  const value = (n: number): unknown => sampleValue(valueKind, n)
  const entries = sampleEntries(kind, valueKind, 6)

  describe('set', () => {
    it('adds entries and returns the map', () => {
      const map = new Class()
      expect(map.set(key(0), value(1))).toBe(map)
      expect(map.set(key(1), value(2)).set(key(2), value(3))).toBe(map)
      expectEntries(map, [
        [key(0), value(1)],
        [key(1), value(2)],
        [key(2), value(3)],
      ])
    })

    it('replaces the value of a key that is there and returns the map', () => {
      const map = new Class(entries)
      expect(map.set(key(1), value(7))).toBe(map)
      expectEntries(
        map,
        entries.map(([k, v], n) => [k, n === 1 ? value(7) : v]),
      )
    })

    it('takes any value in the place of any other', () => {
      const map = new Class()
      for (let n = 0; n < 24; n++) expectEntries(map.set(key(0), value(n)), [[key(0), value(n)]])
    })

    it('takes the same value for many keys', () => {
      const map = new Class()
      for (let n = 0; n < 10; n++) map.set(key(n), value(3))
      expect([map.size, map.get(key(9))]).toEqual([10, value(3)])
    })
  })

  describe('get', () => {
    it('returns the value of a key', () => {
      const map = new Class(entries)
      for (const [k, v] of entries) expect(map.get(k)).toEqual(v)
    })

    it('returns undefined for a key that is not there', () => {
      expect(new Class().get(key(0))).toBe(undefined)
      expect(new Class(entries).get(key(99))).toBe(undefined)
      const map = new Class(entries)
      map.delete(key(0))
      expect(map.get(key(0))).toBe(undefined)
    })
  })

  describe('has', () => {
    it('tells whether there is an entry', () => {
      const map = new Class(entries)
      for (const [k] of entries) expect(map.has(k)).toBe(true)
      expect(map.has(key(99))).toBe(false)
      expect(new Class().has(key(0))).toBe(false)
    })
  })

  describe('delete', () => {
    it('returns whether there was an entry, and removes it', () => {
      const map = new Class(entries)
      expect([map.delete(key(99)), map.delete(key(0)), map.delete(key(0))]).toEqual([false, true, false])
      expectEntries(map, entries.slice(1))
      expect(map.has(key(0))).toBe(false)
    })

    it('leaves an empty map when it has removed all, and the map is usable', () => {
      const map = new Class(entries)
      for (const [k] of entries) expect(map.delete(k)).toBe(true)
      expectEntries(map, [])
      expectEntries(map.set(key(1), value(1)), [[key(1), value(1)]])
    })
  })

  describe('clear', () => {
    it('removes all entries and returns undefined', () => {
      for (const map of [new Class(), new Class(entries)]) {
        expect(map.clear()).toBe(undefined)
        expectEntries(map, [])
        for (const [k] of entries) expect([map.has(k), map.get(k), map.delete(k)]).toEqual([false, undefined, false])
        expectEntries(map.set(key(1), value(5)), [[key(1), value(5)]])
        expect(map.clear()).toBe(undefined)
        expectEntries(map, [])
      }
    })
  })

  describe('size', () => {
    it('counts entries', () => {
      const map = new Class()
      const sizes = [map.size]
      const note = (): unknown => sizes.push(map.size)
      map.set(key(0), value(0))
      note()
      map.set(key(0), value(1))
      note()
      map.set(key(1), value(0))
      note()
      map.delete(key(5))
      note()
      map.delete(key(0))
      note()
      map.clear()
      note()
      expect(sizes).toEqual([0, 1, 1, 2, 2, 1, 0])
      expect(new Class([...entries, ...entries]).size).toBe(entries.length)
    })

    it('cannot be assigned', () => {
      const map = new Class(entries)
      expect(() => Object.assign(map, { size: 1 })).toThrow(TypeError)
      expect(map.size).toBe(entries.length)
    })
  })

  mapSameValueZero(subject)
}

/** Keys are compared by SameValueZero; values are kept as they are. */
function mapSameValueZero({ Class, kind, valueKind }: MapSubject): void {
  const [value, other] = [sampleValue(valueKind, 1), sampleValue(valueKind, 2)]

  if (kind === 'any' || kind === 'number')
    describe('SameValueZero of numbers', () => {
      it('knows one zero, and keeps it as 0', () => {
        for (const zero of [0, -0]) {
          const map = new Class([[zero, value]])
          const [found] = map.keys()
          expect(Object.is(found, 0)).toBe(true)
          for (const same of [0, -0]) expect([map.has(same), map.get(same)]).toEqual([true, value])
          expectEntries(map.set(-zero, other), [[0, other]])
          expect(Object.is([...map.keys()][0], 0)).toBe(true)
          expect([map.delete(-zero), map.size]).toEqual([true, 0])
        }
      })

      it('knows one NaN', () => {
        const map = new Class([[NaN, value]])
        expect([map.has(NaN), map.has(-NaN), map.has(0 / 0), map.get(Number('x'))]).toEqual([true, true, true, value])
        expectEntries(map.set(NaN, other), [[NaN, other]])
        expect([map.delete(NaN), map.has(NaN), map.delete(NaN)]).toEqual([true, false, false])
      })

      it('gives forEach the zero that it keeps', () => {
        let zero: unknown
        new Class([[-0, value]]).forEach((_, key) => {
          zero = key
        })
        expect(Object.is(zero, 0)).toBe(true)
      })
    })

  if (kind === 'any')
    describe('SameValueZero of other types', () => {
      it('tells every primitive from every other', () => {
        const map = new Class()
        for (const [n, key] of PRIMITIVES.entries()) {
          expect([map.has(key), map.get(key)]).toEqual([false, undefined])
          expect(map.set(key, n).size).toBe(n + 1)
        }
        expectEntries(
          map,
          PRIMITIVES.map((key, n) => [key, n]),
        )
        for (const key of PRIMITIVES) expect([map.delete(key), map.has(key)]).toEqual([true, false])
        expect(map.size).toBe(0)
      })

      it('tells bigints from numbers, and compares bigints by value', () => {
        const map = new Class([
          [1n, value],
          [1, other],
        ])
        expect([map.get(1n), map.get(1), map.get(BigInt('1')), map.size]).toEqual([value, other, value, 2])
        for (const big of [0n, 2n ** 63n, -(2n ** 63n), 2n ** 64n, 2n ** 200n]) {
          expect([map.set(big, value).get(BigInt(String(big))), map.has(Number(big))]).toEqual([value, false])
        }
      })

      it('takes undefined for a key like any other, given or not', () => {
        const map = new Class()
        type Name = 'get' | 'set' | 'has' | 'delete'
        const call = (name: Name, ...args: unknown[]): unknown => Reflect.apply(map[name], map, args)
        expect(call('has')).toBe(false)
        expect(call('set', undefined, value)).toBe(map)
        expectEntries(map, [[undefined, value]])
        expect([call('has'), call('get'), call('delete'), map.size]).toEqual([true, value, true, 0])
        if (valueKind === 'any') expectEntries(call('set') as typeof map, [[undefined, undefined]])
      })
    })

  describe('values', () => {
    if (valueKind === 'any')
      it('may be undefined, which is not the same as no entry', () => {
        const map = new Class([[sample(kind, 0), undefined]])
        expect([map.has(sample(kind, 0)), map.get(sample(kind, 0)), map.size]).toEqual([true, undefined, 1])
        expect([map.delete(sample(kind, 0)), map.has(sample(kind, 0))]).toEqual([true, false])
      })

    it('are kept as they are: -0, NaN and every other primitive', () => {
      const map = new Class()
      const values = {
        any: [-0, ...PRIMITIVES],
        number: [-0, 0, NaN, -Infinity],
        string: ['', '\ud83d'],
        bigint: [0n, -1n],
        bytes: [],
      }
      for (const value of values[valueKind]) {
        map.set(sample(kind, 0), value)
        expect(Object.is(map.get(sample(kind, 0)), value)).toBe(true)
        expect(Object.is([...map.values()][0], value)).toBe(true)
      }
    })
  })
}
