// ECMA-262: what the set methods ask of their argument, step by step, and what if it fails.
import { expect, it } from 'vitest'
import { expectValues, thrownBy } from '../support/expect.js'
import type { Faults } from '../support/observed.js'
import { samples } from '../support/samples.js'
import { RECORD, setLike, walked } from '../support/set-like.js'
import { SET_METHODS, type SetSubject, describeMethod } from '../support/subject.js'

/** For each method the size of an argument that makes it use keys() on a set of 3. */
const SIZE_FOR_KEYS = {
  union: 3,
  intersection: 2,
  difference: 2,
  symmetricDifference: 3,
  isSupersetOf: 3,
  isDisjointFrom: 2,
} as const
/** The same for has(). */
const SIZE_FOR_HAS = { intersection: 3, difference: 3, isSubsetOf: 3, isDisjointFrom: 3 } as const
type KeysMethod = keyof typeof SIZE_FOR_KEYS
type HasMethod = keyof typeof SIZE_FOR_HAS

export function setSteps(subject: SetSubject): void {
  for (const method of SET_METHODS) {
    if (method in SIZE_FOR_KEYS) describeMethod(subject, method, () => withKeys(subject, method as KeysMethod))
    if (method in SIZE_FOR_HAS) describeMethod(subject, method, () => withHas(subject, method as HasMethod))
  }
  earlyExit(subject)
}

function withKeys({ Class, kind }: SetSubject, method: KeysMethod): void {
  const size = SIZE_FOR_KEYS[method]
  const own = samples(kind, 3)
  /** What the method walks to the end: isDisjointFrom would stop at a value of its own, isSupersetOf at another. */
  const values = method === 'isDisjointFrom' ? samples(kind, 3, 6) : own

  it('calls keys once, looks up next once, calls it to the end, and never has nor return', () => {
    const other = setLike(values, { size })
    new Class(own)[method](other)
    expect(other.log).toEqual([...RECORD, ...walked(values.length + 1)])
  })

  it('believes the iterator, not the size, about where the end is', () => {
    for (const walkedValues of [[], values.slice(0, 1), [...values, ...values, ...values]]) {
      const other = setLike(walkedValues, { size })
      new Class(own)[method](other)
      expect(other.log).toEqual([...RECORD, ...walked(walkedValues.length + 1)])
    }
  })

  it('takes values that come twice as one', () => {
    const result = (walked: unknown[]): unknown => new Class(own)[method](setLike(walked, { size }))
    expect(result([...values, ...values])).toEqual(result(values))
  })

  it.each(['keys()', 'next'])('passes on what %s throws', (step) => {
    const error = new Error(step)
    const other = setLike(values, {
      size,
      on(at) {
        if (at === step) throw error
      },
    })
    expect(thrownBy(() => new Class(own)[method](other))).toBe(error)
    expect(other.log.at(-1)).toBe(step)
  })

  it.each(['next', 'done', 'value'] as const)('passes on what %s of its iterator throws, not closing it', (fault) => {
    const error = new Error(fault)
    const other = setLike(values, { size, faults: { [fault]: error } })
    expect(thrownBy(() => new Class(own)[method](other))).toBe(error)
    expect(other.log).toEqual([...RECORD, ...walked(values.length + 1)])
  })

  it.each([undefined, null, true, 1, 'abc', Symbol()])('throws a TypeError if keys returns %o', (iterator) => {
    expect(() => new Class(own)[method]({ size, has: () => true, keys: () => iterator })).toThrow(TypeError)
  })

  it.each([undefined, null, 1, {}])('throws a TypeError if next is %o', (next) => {
    expect(() => new Class(own)[method]({ size, has: () => true, keys: () => ({ next }) })).toThrow(TypeError)
  })

  it.each([undefined, null, true, 1, 'abc'])('throws a TypeError if next returns %o', (result) => {
    const keys = (): unknown => ({ next: () => result, return: () => expect.fail('return was called') })
    expect(() => new Class(own)[method]({ size, has: () => true, keys })).toThrow(TypeError)
  })

  it('takes whatever `done` says as true or false', () => {
    for (const [going, gone] of [
      [undefined, 1],
      [0, 'yes'],
      ['', {}],
      [null, true],
    ]) {
      let calls = 0
      const next = (): unknown => ({ done: calls++ < values.length ? going : gone, value: values[calls - 1] })
      const result = new Class(own)[method]({ size, has: () => true, keys: () => ({ next }) })
      expect(result).toEqual(new Class(own)[method](setLike(values, { size })))
      expect(calls).toBe(values.length + 1)
    }
  })
}

function withHas({ Class, kind }: SetSubject, method: HasMethod): void {
  const size = SIZE_FOR_HAS[method]
  const own = samples(kind, 3)
  /** What the method asks all of its values about: isDisjointFrom would stop at one, isSubsetOf at another. */
  const values = method === 'isDisjointFrom' ? [] : own

  it('calls has once for each of its own values, and never keys', () => {
    const other = setLike(values, { size })
    new Class(own)[method](other)
    expect(other.log).toEqual([...RECORD, 'has()', 'has()', 'has()'])
    const asked: unknown[] = []
    const has = (value: unknown): boolean => asked.push(value) > 0 && method !== 'isDisjointFrom'
    new Class(own)[method]({ size, has, keys: () => expect.fail('keys was called') })
    expectValues(new Set(asked), own)
    expect(asked).toHaveLength(3)
  })

  it('calls has for nothing if it is empty', () => {
    const other = setLike(own)
    new Class()[method](other)
    expect(other.log).toEqual(RECORD)
  })

  it('takes whatever has returns as true or false', () => {
    const keys = (): Iterator<unknown> => [].values()
    const result = (answer: unknown): unknown => new Class(own)[method]({ size, has: () => answer, keys })
    for (const yes of [1, 'no', {}, [], Symbol('yes'), -1n]) expect(result(yes)).toEqual(result(true))
    for (const no of [0, '', null, undefined, NaN, 0n]) expect(result(no)).toEqual(result(false))
    expect(result(true)).not.toEqual(result(false))
  })

  it('passes on what has throws, and asks no more', () => {
    const error = new Error('has')
    const other = setLike(values, {
      size,
      on(step) {
        if (step === 'has()') throw error
      },
    })
    expect(thrownBy(() => new Class(own)[method](other))).toBe(error)
    expect(other.log).toEqual([...RECORD, 'has()'])
  })
}

/** isSubsetOf, isSupersetOf and isDisjointFrom stop as soon as they know; the last two close the iterator then. */
function earlyExit(subject: SetSubject): void {
  const { Class, kind } = subject
  const own = samples(kind, 3)
  const others = samples(kind, 3, 6)

  describeMethod(subject, 'isSubsetOf', () => {
    it('stops at the first value that the argument has not', () => {
      const other = setLike(others)
      expect(new Class(own).isSubsetOf(other)).toBe(false)
      expect(other.log).toEqual([...RECORD, 'has()'])
    })
  })

  describeMethod(subject, 'isDisjointFrom', () => {
    it('stops at the first value that the argument has', () => {
      const other = setLike(own)
      expect(new Class(own).isDisjointFrom(other)).toBe(false)
      expect(other.log).toEqual([...RECORD, 'has()'])
    })
  })

  const stopping = { isSupersetOf: [own[0], ...others], isDisjointFrom: [others[0], ...own] } as const
  for (const method of ['isSupersetOf', 'isDisjointFrom'] as const) {
    const other = (faults: Faults = {}): ReturnType<typeof setLike> => setLike(stopping[method], { size: 2, faults })
    const stopped = [...RECORD, ...walked(2), 'return()']

    describeMethod(subject, method, () => {
      it('stops at the first value that decides it, and closes the iterator', () => {
        const asked = other()
        expect(new Class(own)[method](asked)).toBe(false)
        expect(asked.log).toEqual(stopped)
      })

      it('passes on what return throws', () => {
        const error = new Error('return')
        const asked = other({ return: error })
        expect(thrownBy(() => new Class(own)[method](asked))).toBe(error)
        expect(asked.log).toEqual(stopped)
      })

      it.each([undefined, null, true, 1, 'abc'])('throws a TypeError if return returns %o', (returns) => {
        expect(() => new Class(own)[method](other({ returns }))).toThrow(TypeError)
      })

      it('needs no return', () => {
        for (const absent of [{}, { return: undefined }, { return: null }]) {
          const values = stopping[method].values()
          const keys = (): unknown => ({ next: () => values.next(), ...absent })
          expect(new Class(own)[method]({ size: 2, has: () => false, keys })).toBe(false)
        }
      })
    })
  }
}
