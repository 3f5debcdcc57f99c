// ECMA-262 (ES2026): Map.prototype.getOrInsert ( key, value ), Map.prototype.getOrInsertComputed ( key, callback ).
import { expect, it, vi } from 'vitest'
import { expectEntries, thrownBy } from '../support/expect.js'
import { PRIMITIVES, UNCALLABLE, sample, sampleEntries, sampleValue } from '../support/samples.js'
import { type MapSubject, describeMethod } from '../support/subject.js'

export function mapUpsert(subject: MapSubject): void {
  getOrInsert(subject)
  getOrInsertComputed(subject)
  computedChanges(subject)
}

function getOrInsert(subject: MapSubject): void {
  const { Class, kind, valueKind } = subject
  const entries = sampleEntries(kind, valueKind, 4)
  const [absent, value] = [sample(kind, 9), sampleValue(valueKind, 9)]

  describeMethod(subject, 'getOrInsert', () => {
    it('inserts the value of a key that is not there and returns it', () => {
      const map = new Class(entries)
      expect(map.getOrInsert(absent, value)).toEqual(value)
      expectEntries(map, [...entries, [absent, value]])
    })

    it('returns the value of a key that is there and leaves it', () => {
      const map = new Class(entries)
      for (const [key, old] of entries) expect(map.getOrInsert(key, value)).toEqual(old)
      expectEntries(map, entries)
    })

    it('inserts again what was deleted', () => {
      const map = new Class(entries)
      map.delete(entries[0]![0])
      expect(map.getOrInsert(entries[0]![0], value)).toEqual(value)
      expect([map.size, map.get(entries[0]![0])]).toEqual([entries.length, value])
    })

    if (kind === 'any' || kind === 'number')
      it('knows one zero, and inserts it as 0', () => {
        const map = new Class()
        expect(map.getOrInsert(-0, value)).toEqual(value)
        expect(Object.is([...map.keys()][0], 0)).toBe(true)
        expect([map.getOrInsert(0, sampleValue(valueKind, 1)), map.size]).toEqual([value, 1])
      })

    if (kind === 'any' && valueKind === 'any')
      it('takes every primitive for key and value', () => {
        const map = new Class()
        for (const key of PRIMITIVES) {
          expect([map.getOrInsert(key, key), map.getOrInsert(key, 'other'), map.get(key)]).toEqual([key, key, key])
        }
        expect(map.size).toBe(PRIMITIVES.length)
        expect([map.getOrInsert('u', undefined), map.getOrInsert('u', 1)]).toEqual([undefined, undefined])
        expect(map.has('u')).toBe(true)
        expect(Object.is(map.getOrInsert('-0', -0), -0)).toBe(true)
      })
  })
}

function getOrInsertComputed(subject: MapSubject): void {
  const { Class, kind, valueKind } = subject
  const entries = sampleEntries(kind, valueKind, 4)
  const [absent, value] = [sample(kind, 9), sampleValue(valueKind, 9)]

  describeMethod(subject, 'getOrInsertComputed', () => {
    it('inserts what the callback returns for a key that is not there, and returns it', () => {
      const map = new Class(entries)
      expect(map.getOrInsertComputed(absent, () => value)).toEqual(value)
      expectEntries(map, [...entries, [absent, value]])
    })

    it('calls back once, with the key alone and undefined for this', () => {
      const calls: unknown[] = []
      new Class().getOrInsertComputed(absent, function (this: unknown, ...args) {
        calls.push(this, args)
        return value
      })
      expect(calls).toEqual([undefined, [absent]])
    })

    it('returns the value of a key that is there and does not call back', () => {
      const map = new Class(entries)
      const callback = vi.fn(() => value)
      for (const [key, old] of entries) expect(map.getOrInsertComputed(key, callback)).toEqual(old)
      expect(callback).not.toHaveBeenCalled()
      expectEntries(map, entries)
    })

    it.each(UNCALLABLE)('throws a TypeError for the callback %o, even if the key is there', (callback) => {
      const map = new Class(entries)
      for (const key of [absent, entries[0]![0]]) {
        expect(() => map.getOrInsertComputed(key, callback as never)).toThrow(TypeError)
      }
      expectEntries(map, entries)
    })

    it('takes any function for a callback', () => {
      const results = [() => value, vi.fn(() => value), (() => value).bind(null), new Proxy(() => value, {})]
      for (const callback of results) expect(new Class().getOrInsertComputed(absent, callback)).toEqual(value)
    })

    it('leaves the map as it was if the callback throws', () => {
      const map = new Class(entries)
      const error = new Error('callback')
      const fail = (): never => {
        throw error
      }
      expect(thrownBy(() => map.getOrInsertComputed(absent, fail))).toBe(error)
      expectEntries(map, entries)
      expect(map.getOrInsertComputed(absent, () => value)).toEqual(value)
    })

    if (kind === 'any' || kind === 'number')
      it('gives the callback the key that it will keep: 0 for -0', () => {
        const map = new Class()
        const callback = vi.fn((_: unknown) => value)
        expect(map.getOrInsertComputed(-0, callback)).toEqual(value)
        expect(Object.is(callback.mock.calls[0]![0], 0)).toBe(true)
        expect(Object.is([...map.keys()][0], 0)).toBe(true)
      })

    if (kind === 'any' && valueKind === 'any')
      it('takes every primitive for key and value', () => {
        const map = new Class()
        for (const key of PRIMITIVES) {
          expect(map.getOrInsertComputed(key, (given) => given)).toBe(key)
          expect(map.getOrInsertComputed(key, () => expect.fail('was called'))).toBe(key)
        }
        expect(map.size).toBe(PRIMITIVES.length)
      })
  })
}

/** The callback changes the map. "NOTE: The Map may have been modified during execution of callback." */
function computedChanges(subject: MapSubject): void {
  const { Class, kind, valueKind } = subject
  const entries = sampleEntries(kind, valueKind, 4)
  const [absent, value, other] = [sample(kind, 9), sampleValue(valueKind, 9), sampleValue(valueKind, 8)]

  describeMethod(subject, 'getOrInsertComputed', () => {
    it('overwrites what the callback itself set for the key', () => {
      const map = new Class(entries)
      expect(
        map.getOrInsertComputed(absent, () => {
          map.set(absent, other)
          return value
        }),
      ).toEqual(value)
      expectEntries(map, [...entries, [absent, value]])
    })

    it('overwrites what an inner call inserted for the key', () => {
      const map = new Class()
      expect(
        map.getOrInsertComputed(absent, () => {
          expect(map.getOrInsertComputed(absent, () => other)).toEqual(other)
          return value
        }),
      ).toEqual(value)
      expectEntries(map, [[absent, value]])
    })

    it('inserts although the callback deleted or cleared', () => {
      const map = new Class(entries)
      expect(
        map.getOrInsertComputed(absent, () => {
          map.set(absent, other)
          map.delete(absent)
          map.clear()
          return value
        }),
      ).toEqual(value)
      expectEntries(map, [[absent, value]])
    })

    it('keeps what the callback set for other keys, and growing does not matter', () => {
      const map = new Class()
      const many = sampleEntries(kind, valueKind, 200)
      expect(
        map.getOrInsertComputed(sample(kind, 500), () => {
          for (const [k, v] of many) map.set(k, v)
          return value
        }),
      ).toEqual(value)
      expectEntries(map, [...many, [sample(kind, 500), value]])
    })

    it('keeps what the callback set if it throws then', () => {
      const map = new Class()
      const fail = (): never => {
        map.set(absent, other)
        throw new RangeError('callback')
      }
      expect(() => map.getOrInsertComputed(absent, fail)).toThrow(RangeError)
      expectEntries(map, [[absent, other]])
    })
  })
}
