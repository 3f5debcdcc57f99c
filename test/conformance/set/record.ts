// ECMA-262: GetSetRecord ( obj ), which every set method begins with.
import { describe, expect, it } from 'vitest'
import { thrownBy } from '../support/expect.js'
import { sample, samples } from '../support/samples.js'
import { RECORD, setLike } from '../support/set-like.js'
import { SET_METHODS, type SetSubject, describeMethod } from '../support/subject.js'

const has = (): boolean => false
const keys = (): Iterator<unknown> => [].values()

export function setRecord(subject: SetSubject): void {
  describe('the argument', () => {
    for (const method of SET_METHODS) {
      describeMethod(subject, method, () => {
        objectsOnly(subject, method)
        sizes(subject, method)
        methods(subject, method)
      })
    }
  })
  sizesDecide(subject)
}

type Method = (typeof SET_METHODS)[number]

function objectsOnly({ Class, kind }: SetSubject, method: Method): void {
  const set = new Class(samples(kind, 3))

  it.each([undefined, null, true, 1, 1n, 'abc', '', Symbol()])('is refused with a TypeError if it is %o', (other) => {
    expect(() => set[method](other)).toThrow(TypeError)
  })

  it('is refused with a TypeError if it is no set: arrays, iterables, functions, weak sets', () => {
    const others = [[], [1, 2], {}, samples(kind, 3).values(), () => 1, new WeakSet(), new Date(), new String('a')]
    for (const other of others) {
      expect(() => set[method](other)).toThrow(TypeError)
    }
    expect(() => Reflect.apply(set[method], set, [])).toThrow(TypeError)
  })

  it('is asked for size, has and keys once, in this order', () => {
    const other = setLike(samples(kind, 3))
    set[method](other)
    expect(other.log.slice(0, 4)).toEqual(RECORD)
    for (const name of RECORD) expect(other.log.filter((step) => step === name)).toHaveLength(1)
  })

  it.each(RECORD)('passes on what %s throws, and is asked no more', (step) => {
    const error = new Error(step)
    const other = setLike(samples(kind, 3), {
      on(at) {
        if (at === step) throw error
      },
    })
    expect(thrownBy(() => set[method](other))).toBe(error)
    expect(other.log).toEqual(RECORD.slice(0, RECORD.indexOf(step) + 1))
  })
}

function sizes({ Class, kind }: SetSubject, method: Method): void {
  const set = new Class(samples(kind, 3))

  it.each([undefined, NaN, 'three', {}, [1, 2], () => 1])('is refused with a TypeError if its size is %o', (size) => {
    const other = setLike([], { size })
    expect(() => set[method](other)).toThrow(TypeError)
    expect(other.log).not.toContain('has')
  })

  it.each([1n, Symbol('size')])('is refused with a TypeError if its size is %o', (size) => {
    expect(() => set[method](setLike([], { size }))).toThrow(TypeError)
  })

  const negative = [-1, -1.5, -Infinity, '-2', { valueOf: () => -3 }]
  it.each(negative)('is refused with a RangeError if its size is %o', (size) => {
    const other = setLike([], { size })
    expect(() => set[method](other)).toThrow(RangeError)
    expect(other.log).not.toContain('has')
  })

  const good = [0, -0, -0.9, 0.5, Infinity, '', ' 7 ', null, true, [], [2], { valueOf: () => '3' }, new Date(5)]
  it.each(good)('is accepted if its size is %o', (size) => {
    expect(() => set[method](setLike([], { size }))).not.toThrow()
  })
}

function methods({ Class, kind }: SetSubject, method: Method): void {
  const set = new Class(samples(kind, 3))
  const wrong = [undefined, null, true, 1, 'abc', {}, Symbol('method')]

  it.each(wrong)('is refused with a TypeError if its has is %o, before keys is looked up', (value) => {
    const other = Object.defineProperty({ size: 1, has: value }, 'keys', {
      get() {
        throw new Error('keys was looked up.')
      },
    })
    expect(() => set[method](other)).toThrow(TypeError)
  })

  it.each(wrong)('is refused with a TypeError if its keys is %o', (value) => {
    expect(() => set[method]({ size: 1, has, keys: value })).toThrow(TypeError)
  })

  it('is refused before anything is asked of an empty set, too', () => {
    expect(() => new Class()[method]({ size: NaN, has, keys })).toThrow(TypeError)
    expect(() => new Class()[method]({ size: 0, has, keys: 1 })).toThrow(TypeError)
    expect(() => new Class()[method]({ size: 0, has: 1, keys })).toThrow(TypeError)
  })
}

/** Which of `has` and `keys` is used follows from the sizes: a size is truncated towards 0 before they are compared. */
function sizesDecide(subject: SetSubject): void {
  const { Class, kind } = subject
  const values = samples(kind, 3)
  const absent = [sample(kind, 8)]
  /** Sizes and their integers, to be compared with the 3 of the set. */
  const table: [size: unknown, integer: number][] = [
    [0, 0],
    [null, 0],
    [-0.9, 0],
    [true, 1],
    [2, 2],
    [2.9, 2],
    ['2', 2],
    [3, 3],
    [3.9, 3],
    ['3.5', 3],
    [[3], 3],
    [4, 4],
    [Infinity, Infinity],
  ]

  for (const method of ['intersection', 'difference', 'isDisjointFrom'] as const) {
    describeMethod(subject, method, () => {
      it.each(table)('asks has if the size of the argument is not below its own, else keys: %o', (size, integer) => {
        const other = setLike(absent, { size })
        new Class(values)[method](other)
        expect([other.log.includes('has()'), other.log.includes('keys()')]).toEqual([integer >= 3, integer < 3])
      })
    })
  }

  describeMethod(subject, 'isSubsetOf', () => {
    it.each(table)('asks nothing if the size of the argument is below its own: %o', (size, integer) => {
      const other = setLike(values, { size })
      expect(new Class(values).isSubsetOf(other)).toBe(integer >= 3)
      expect([other.log.includes('has()'), other.log.includes('keys()')]).toEqual([integer >= 3, false])
    })
  })

  describeMethod(subject, 'isSupersetOf', () => {
    it.each(table)('asks nothing if the size of the argument is above its own: %o', (size, integer) => {
      const other = setLike(values, { size })
      expect(new Class(values).isSupersetOf(other)).toBe(integer <= 3)
      expect([other.log.includes('has()'), other.log.includes('keys()')]).toEqual([false, integer <= 3])
    })
  })

  for (const method of ['union', 'symmetricDifference'] as const) {
    describeMethod(subject, method, () => {
      it.each(table)('asks keys whatever the sizes are: %o', (size) => {
        const other = setLike(values, { size })
        new Class(values)[method](other)
        expect([other.log.includes('has()'), other.log.includes('keys()')]).toEqual([false, true])
      })
    })
  }
}
