// ECMA-262: what the set methods return, for each way that two sets can lie to each other and each form of argument.
import { expect, it } from 'vitest'
import { expectValues } from '../support/expect.js'
import { type SampleKind, sample, samples } from '../support/samples.js'
import { guises, setLike } from '../support/set-like.js'
import { COMBINATIONS, RELATIONS, SET_METHODS, type SetSubject, describeMethod } from '../support/subject.js'

/** What the methods mean, said with arrays. */
const without = (a: unknown[], b: unknown[]): unknown[] => a.filter((value) => !b.includes(value))
const MEANING: { [M in (typeof COMBINATIONS)[number]]: (a: unknown[], b: unknown[]) => unknown[] } = {
  union: (a, b) => [...a, ...without(b, a)],
  intersection: (a, b) => a.filter((value) => b.includes(value)),
  difference: without,
  symmetricDifference: (a, b) => [...without(a, b), ...without(b, a)],
}
const TRUTH: { [M in (typeof RELATIONS)[number]]: (a: unknown[], b: unknown[]) => boolean } = {
  isSubsetOf: (a, b) => a.every((value) => b.includes(value)),
  isSupersetOf: (a, b) => b.every((value) => a.includes(value)),
  isDisjointFrom: (a, b) => !a.some((value) => b.includes(value)),
}

export function setResults(subject: SetSubject): void {
  combinations(subject)
  relations(subject)
  zeros(subject)
  foreigners(subject)
  subclasses(subject)
}

/** Pairs of ranges of samples: equal, disjoint, overlapping, one within the other, empty, small and large. */
function pairs(kind: SampleKind): [name: string, a: unknown[], b: unknown[]][] {
  const ranges: [[number, number], [number, number]][] = [
    [
      [0, 0],
      [0, 0],
    ],
    [
      [0, 0],
      [0, 3],
    ],
    [
      [0, 3],
      [0, 0],
    ],
    [
      [0, 4],
      [0, 4],
    ],
    [
      [0, 4],
      [4, 8],
    ],
    [
      [0, 4],
      [2, 6],
    ],
    [
      [0, 6],
      [4, 7],
    ],
    [
      [4, 7],
      [0, 6],
    ],
    [
      [0, 6],
      [1, 3],
    ],
    [
      [1, 3],
      [0, 6],
    ],
    [
      [0, 200],
      [100, 220],
    ],
    [
      [0, 20],
      [10, 300],
    ],
    [
      [0, 300],
      [299, 302],
    ],
  ]
  const range = ([from, to]: [number, number]): unknown[] => samples(kind, to - from, from)
  return ranges.map(([a, b]) => [`[${a}) and [${b})`, range(a), range(b)])
}

function combinations(subject: SetSubject): void {
  const { Class, kind } = subject
  for (const method of COMBINATIONS) {
    describeMethod(subject, method, () => {
      it.each(pairs(kind))('of %s is a new Set, whatever the argument is', (_, a, b) => {
        const set = new Class(a)
        for (const [name, other] of guises(Class, b)) {
          const result = set[method](other)
          expect(Object.getPrototypeOf(result), name).toBe(Set.prototype)
          expect([set, other].some((it) => it === result)).toBe(false)
          expectValues(result, MEANING[method](a, b))
        }
        expectValues(set, a)
      })

      it('of a set and itself is right', () => {
        const values = samples(kind, 100)
        const set = new Class(values)
        expectValues(set[method](set), MEANING[method](values, values))
        expectValues(set, values)
      })

      it('is independent of both sets', () => {
        const [a, b] = [new Class(samples(kind, 4)), new Class(samples(kind, 4, 2))]
        const result = a[method](b)
        const before = [...result]
        a.clear()
        b.clear()
        expectValues(result, before)
        result.clear()
        result.add(Symbol('any'))
        expect([a.size, b.size]).toEqual([0, 0])
      })
    })
  }
}

function relations(subject: SetSubject): void {
  const { Class, kind } = subject
  for (const method of RELATIONS) {
    describeMethod(subject, method, () => {
      it.each(pairs(kind))('of %s is right, whatever the argument is', (_, a, b) => {
        const set = new Class(a)
        for (const [name, other] of guises(Class, b)) expect(set[method](other), name).toBe(TRUTH[method](a, b))
        expectValues(set, a)
      })

      it('of a set and itself is right', () => {
        for (const values of [[], samples(kind, 100)]) {
          const set = new Class(values)
          expect(set[method](set)).toBe(TRUTH[method](values, values))
        }
      })
    })
  }
}

/** What the argument's iterator hands out as -0 is 0. */
function zeros(subject: SetSubject): void {
  const { Class, kind } = subject
  if (kind !== 'any' && kind !== 'number') return
  const other = (): object => setLike([-0])

  for (const method of COMBINATIONS) {
    describeMethod(subject, method, () => {
      it('knows one zero and one NaN, and gives 0', () => {
        expectValues(new Class([0, 1])[method](other()), MEANING[method]([0, 1], [0]))
        for (const set of [new Class([-0, NaN]), new Class([NaN]), new Class()]) {
          for (const value of set[method](other())) expect(Object.is(value, -0)).toBe(false)
        }
        expectValues(new Class([1, NaN])[method](setLike([NaN])), MEANING[method]([1, NaN], [NaN]))
      })
    })
  }
  for (const method of RELATIONS) {
    describeMethod(subject, method, () => {
      it('knows one zero and one NaN', () => {
        expect(new Class([0])[method](setLike([-0]))).toBe(method !== 'isDisjointFrom')
        expect(new Class([0, 1])[method](setLike([-0]))).toBe(method === 'isSupersetOf')
        expect(new Class([NaN])[method](setLike([NaN]))).toBe(method !== 'isDisjointFrom')
      })
    })
  }
}

/** The argument may hold what the set never can: it is not in the set, that is all. */
function foreigners(subject: SetSubject): void {
  const { Class, kind } = subject
  const foreign = [Symbol('foreign'), { an: 'object' }, () => 1, kind === 'number' ? 'text' : -77.25, null, undefined]
  const own = samples(kind, 10, 20)

  for (const method of COMBINATIONS) {
    describeMethod(subject, method, () => {
      it('takes values of other types from the argument as what they are', () => {
        for (const a of [own, own.slice(0, 2), []]) {
          for (const b of [foreign, [...foreign, own[0], own[1]]]) {
            expectValues(new Class(a)[method](new Set(b)), MEANING[method](a, b))
            expectValues(new Class(a)[method](setLike(b)), MEANING[method](a, b))
          }
        }
      })
    })
  }
  for (const method of RELATIONS) {
    describeMethod(subject, method, () => {
      it('takes values of other types in the argument as not being its own', () => {
        for (const a of [own, own.slice(0, 2), []]) {
          for (const b of [foreign.slice(0, 1), foreign.slice(1, 2), foreign.slice(2), [...foreign, own[0], own[1]]]) {
            expect(new Class(a)[method](new Set(b))).toBe(TRUTH[method](a, b))
            expect(new Class(a)[method](setLike(b))).toBe(TRUTH[method](a, b))
          }
        }
      })
    })
  }
}

/** Subclasses make no difference for the receiver; for the argument their methods are what counts. */
function subclasses(subject: SetSubject): void {
  const { Class, kind } = subject
  const [a, b] = [samples(kind, 4), samples(kind, 4, 2)]

  class Lying extends Class {
    static get [Symbol.species](): unknown {
      throw new Error('Symbol.species was looked up.')
    }

    override get size(): number {
      return b.length
    }

    override has(value: unknown): boolean {
      return b.includes(value)
    }

    override keys(): IterableIterator<unknown> {
      return b.values()
    }
  }

  for (const method of SET_METHODS) {
    describeMethod(subject, method, () => {
      it('asks size, has and keys of a subclass for an argument, and not its data', () => {
        for (const own of [a, b, samples(kind, 7)]) {
          const set = new Class(own)
          expect(set[method](new Lying([sample(kind, 50)]))).toEqual(set[method](new Set(b)))
        }
      })

      it('asks has and keys that were put on a single object', () => {
        const other = Object.assign(new Class(), { has: (value: unknown) => b.includes(value), keys: () => b.values() })
        Object.defineProperty(other, 'size', { value: b.length })
        expect(new Class(a)[method](other)).toEqual(new Class(a)[method](new Set(b)))
      })

      it('uses the data of a subclass that it is called on, and makes no object of it', () => {
        const result = new Lying(a)[method](new Set(b))
        expect(result).toEqual(new Class(a)[method](new Set(b)))
        if (typeof result === 'object') expect(Object.getPrototypeOf(result)).toBe(Set.prototype)
      })
    })
  }
}
