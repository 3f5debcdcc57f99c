// ECMA-262: Set ( [ iterable ] ).
import { describe, expect, it } from 'vitest'
import { expectValues, thrownBy } from '../support/expect.js'
import { observed, taken } from '../support/observed.js'
import { NOT_ITERABLE, samples } from '../support/samples.js'
import type { SetSubject } from '../support/subject.js'

export function setConstructor(subject: SetSubject): void {
  const { Class, kind } = subject
  const values = samples(kind, 4)

  describe('constructor', () => {
    it('throws a TypeError when called without new', () => {
      expect(() => Reflect.apply(Class as never, undefined, [])).toThrow(TypeError)
      expect(() => Reflect.apply(Class as never, new Class(), [values])).toThrow(TypeError)
    })

    it('makes an empty set of nothing, undefined and null, and looks up no add', () => {
      const Silent = withAdd(Class, () => {
        throw new Error('add was looked up.')
      })
      for (const set of [new Silent(), new Silent(undefined), new Silent(null)]) expectValues(set, [])
    })

    it('makes an empty set of an iterable without items, and calls no add', () => {
      const set = new (withAdd(Class, () => () => expect.fail('add was called')))([])
      expectValues(set, [])
    })

    it('takes values from arrays, Sets, iterators, generators and its own kind', () => {
      const sources = [values, new Set(values), new Set(values).values(), generate(values), new Class(values)]
      for (const source of sources) expectValues(new Class(source), values)
    })

    it('keeps one of equal values', () => {
      expectValues(new Class([...values, ...values, ...samples(kind, 4)]), values)
    })

    if (kind === 'any')
      it('takes the code points of a string, and the keys of a Map', () => {
        expectValues(new Class('aba\ud83d\ude00'), ['a', 'b', '\ud83d\ude00'])
        expectValues(
          new Class(
            new Map([
              [1, 2],
              [3, 4],
            ]).keys(),
          ),
          [1, 3],
        )
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
      const source = observed(values)
      expectValues(new Class(source), values)
      expect(source.log).toEqual(taken(values.length + 1))
    })

    it('does not close it if it fails by itself', () => {
      for (const fault of ['next', 'done', 'value'] as const) {
        const error = new Error(fault)
        const source = observed(values.slice(0, 1), { [fault]: error })
        expect(thrownBy(() => new Class(source))).toBe(error)
        expect(source.log).toEqual(taken(2))
      }
    })

    it('closes it if add throws, and throws that whatever return() does', () => {
      const error = new Error('add')
      const Failing = withAdd(Class, () => () => {
        throw error
      })
      for (const faults of [{}, { return: new Error('return') }, { returns: 1 }]) {
        const source = observed(values, faults)
        expect(thrownBy(() => new Failing(source))).toBe(error)
        expect(source.log).toEqual([...taken(1), 'return()'])
      }
    })
  })

  describe('constructor, with the add of a subclass', () => {
    it('calls it for each value, on the new set, with the value alone', () => {
      const calls: unknown[][] = []
      class Noting extends Class {
        override add(...args: [unknown]): this {
          calls.push([this, ...args])
          return super.add(...args)
        }
      }
      const set = new Noting(values)
      expect(calls).toEqual(values.map((value) => [expect.toSatisfy((it) => it === set), value]))
      expectValues(set, values)
    })

    it('looks it up once, before the iterator', () => {
      const source = observed(values)
      const Noting = withAdd(Class, () => {
        source.log.push('add')
        return Class.prototype.add
      })
      expectValues(new Noting(source), values)
      expect(source.log).toEqual(['add', ...taken(values.length + 1)])
    })

    it.each([undefined, null, 1, {}])('throws a TypeError if it is %o, before it asks the iterable', (add) => {
      const Broken = withAdd(Class, () => add)
      expectValues(new Broken(), [])
      const source = observed([])
      expect(() => new Broken(source)).toThrow(TypeError)
      expect(source.log).toEqual([])
    })

    it('passes on what looking it up throws', () => {
      const error = new Error('add')
      const Failing = withAdd(Class, () => {
        throw error
      })
      expect(thrownBy(() => new Failing([]))).toBe(error)
    })
  })
}

/** A subclass whose `add` is what `get` returns. */
function withAdd(Class: SetSubject['Class'], get: () => unknown): SetSubject['Class'] {
  class Overriding extends Class {}
  Object.defineProperty(Overriding.prototype, 'add', { get })
  return Overriding
}

function* generate<T>(items: readonly T[]): Generator<T, void> {
  yield* items
}
