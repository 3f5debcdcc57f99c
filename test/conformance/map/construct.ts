// ECMA-262: Map ( [ iterable ] ) and AddEntriesFromIterable.
import { describe, expect, it } from 'vitest'
import { observed, taken } from '../support/observed.js'
import { NOT_ITERABLE, sampleEntries } from '../support/samples.js'
import type { MapSubject } from '../support/subject.js'
import { expectEntries, thrownBy } from '../support/expect.js'

export function mapConstructor(subject: MapSubject): void {
  const { Class, kind, valueKind } = subject
  const entries = sampleEntries(kind, valueKind, 4)
  const [first, second] = entries as [[unknown, unknown], [unknown, unknown]]

  describe('constructor', () => {
    it('throws a TypeError when called without new', () => {
      expect(() => Reflect.apply(Class as never, undefined, [])).toThrow(TypeError)
      expect(() => Reflect.apply(Class as never, new Class(), [entries])).toThrow(TypeError)
    })

    it('makes an empty map of nothing, undefined and null, and looks up no set', () => {
      const Silent = withSet(Class, () => {
        throw new Error('set was looked up.')
      })
      for (const map of [new Silent(), new Silent(undefined), new Silent(null)]) expectEntries(map, [])
    })

    it('makes an empty map of an iterable without items, and calls no set', () => {
      const map = new (withSet(Class, () => () => expect.fail('set was called')))([])
      expectEntries(map, [])
    })

    it('takes entries from arrays, Maps, generators and its own kind', () => {
      const sources = [entries, new Map(entries), new Map(entries).entries(), generate(entries), new Class(entries)]
      for (const source of sources) expectEntries(new Class(source), entries)
    })

    it('keeps the last of the values of one key', () => {
      expectEntries(new Class([[first[0], first[1]], second, [first[0], second[1]]]), [[first[0], second[1]], second])
    })

    it('reads 0 and 1 of any object as key and value, in this order', () => {
      const log: string[] = []
      const entry = {
        get 0() {
          log.push('0')
          return first[0]
        },
        get 1() {
          log.push('1')
          return first[1]
        },
      }
      expectEntries(new Class([entry]), [first])
      expect(log).toEqual(['0', '1'])
      expectEntries(new Class([{ 0: first[0], 1: first[1], 2: 'more', length: 0 }]), [first])
      expectEntries(new Class([Object.assign(() => undefined, first)]), [first])
    })

    it.each(NOT_ITERABLE)('throws a TypeError for %o, which is not iterable', (source) => {
      expect(() => new Class(source)).toThrow(TypeError)
    })

    it.each([undefined, null, 1, {}, 'abc'])('throws a TypeError if [Symbol.iterator] is %o', (method) => {
      expect(() => new Class({ [Symbol.iterator]: method })).toThrow(TypeError)
    })

    it.each([undefined, null, 1, 'abc'])('throws a TypeError if the iterator is %o', (iterator) => {
      expect(() => new Class({ [Symbol.iterator]: () => iterator })).toThrow(TypeError)
    })
  })

  describe('constructor, with its iterator', () => {
    it('looks up next once, calls it to the end, and does not close it', () => {
      const source = observed(entries)
      expectEntries(new Class(source), entries)
      expect(source.log).toEqual(taken(entries.length + 1))
    })

    it('does not close it if it fails by itself', () => {
      for (const fault of ['next', 'done', 'value'] as const) {
        const error = new Error(fault)
        const source = observed([first], { [fault]: error })
        expect(thrownBy(() => new Class(source))).toBe(error)
        expect(source.log).toEqual(taken(2))
      }
    })

    it('passes on what [Symbol.iterator] throws', () => {
      const error = new Error('iterate')
      const source = {
        [Symbol.iterator]() {
          throw error
        },
      }
      expect(thrownBy(() => new Class(source))).toBe(error)
    })

    const bad: unknown[] = [undefined, null, true, 1, 1n, 'ab', Symbol('entry')]
    it.each(bad)('throws a TypeError for %o among the entries, and closes it', (item) => {
      const source = observed([first, item, second])
      expect(() => new Class(source)).toThrow(TypeError)
      expect(source.log).toEqual([...taken(2), 'return()'])
    })

    it('throws a TypeError for a string: its items are no objects', () => {
      expect(() => new Class('ab')).toThrow(TypeError)
    })

    it.each(['0', '1'])('closes it if %s of an entry throws', (part) => {
      const error = new Error(part)
      const entry = Object.defineProperty([...first], part, {
        get() {
          throw error
        },
      })
      const source = observed([entry, second])
      expect(thrownBy(() => new Class(source))).toBe(error)
      expect(source.log).toEqual([...taken(1), 'return()'])
    })

    it('closes it if set throws, and throws that whatever return() does', () => {
      const error = new Error('set')
      const Failing = withSet(Class, () => () => {
        throw error
      })
      for (const faults of [{}, { return: new Error('return') }, { returns: 1 }]) {
        const source = observed(entries, faults)
        expect(thrownBy(() => new Failing(source))).toBe(error)
        expect(source.log).toEqual([...taken(1), 'return()'])
      }
    })
  })

  describe('constructor, with the set of a subclass', () => {
    it('calls it for each entry, on the new map, with key and value', () => {
      const calls: unknown[][] = []
      class Noting extends Class {
        override set(...args: [unknown, unknown]): this {
          calls.push([this, ...args])
          return super.set(...args)
        }
      }
      const map = new Noting(entries)
      expect(calls).toEqual(entries.map((entry) => [expect.toSatisfy((it) => it === map), ...entry]))
      expectEntries(map, entries)
    })

    it('looks it up once, before the iterator', () => {
      const source = observed(entries)
      const Noting = withSet(Class, () => {
        source.log.push('set')
        return Class.prototype.set
      })
      expectEntries(new Noting(source), entries)
      expect(source.log).toEqual(['set', ...taken(entries.length + 1)])
    })

    it.each([undefined, null, 1, {}])('throws a TypeError if it is %o, before it asks the iterable', (set) => {
      const Broken = withSet(Class, () => set)
      expectEntries(new Broken(), [])
      const source = observed([])
      expect(() => new Broken(source)).toThrow(TypeError)
      expect(source.log).toEqual([])
    })

    it('passes on what looking it up throws', () => {
      const error = new Error('set')
      const Failing = withSet(Class, () => {
        throw error
      })
      expect(thrownBy(() => new Failing([]))).toBe(error)
    })
  })
}

/** A subclass whose `set` is what `get` returns. */
function withSet(Class: MapSubject['Class'], get: () => unknown): MapSubject['Class'] {
  class Overriding extends Class {}
  Object.defineProperty(Overriding.prototype, 'set', { get })
  return Overriding
}

function* generate<T>(items: readonly T[]): Generator<T, void> {
  yield* items
}
