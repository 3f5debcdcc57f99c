// The protocol of iterators, the same for those of Map and of Set.
import { expect, it } from 'vitest'

const ITERATOR_PROTOTYPE = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())) as object

/** Iterator helpers (ES2025), as far as they are used here. */
interface Helpers extends IterableIterator<unknown> {
  map(callback: (value: unknown) => unknown): Helpers
  filter(callback: (value: unknown) => boolean): Helpers
  take(count: number): Helpers
  drop(count: number): Helpers
  toArray(): unknown[]
  some(callback: (value: unknown) => boolean): boolean
}

export interface Iterated {
  /** A collection of three elements, the same each time: what one of its methods returns. */
  iterate(): IterableIterator<unknown>
  /** The same of an empty collection. */
  empty(): IterableIterator<unknown>
}

/** Defines the tests of the protocol for what one method returns. */
export function protocol({ iterate, empty }: Iterated): void {
  it('returns an iterator that is iterable, by itself', () => {
    const iterator = iterate()
    expect(typeof iterator.next).toBe('function')
    expect(iterator[Symbol.iterator]()).toBe(iterator)
  })

  it('hands out { value, done: false } for each, then { value: undefined, done: true } for ever', () => {
    const iterator = iterate()
    for (let n = 0; n < 3; n++) {
      const result = iterator.next()
      expect(Object.keys(result).sort()).toEqual(['done', 'value'])
      expect(result.done).toBe(false)
    }
    for (let n = 0; n < 3; n++) expect(iterator.next()).toStrictEqual({ value: undefined, done: true })
  })

  it('is at its end at once when there is nothing', () => {
    const iterator = empty()
    for (let n = 0; n < 2; n++) expect(iterator.next()).toStrictEqual({ value: undefined, done: true })
  })

  it('gives a new result object each time', () => {
    const iterator = iterate()
    const results = new Set(Array.from({ length: 5 }, () => iterator.next()))
    expect(results.size).toBe(5)
  })

  it('ignores what next is given', () => {
    const iterator = iterate()
    const next = iterator.next.bind(iterator) as (arg: unknown) => IteratorResult<unknown>
    expect([next('x').done, next({}).done, next(1).done, next(2).done]).toEqual([false, false, false, true])
  })

  it('has no method return, so that a loop that was left can be taken up again', () => {
    const iterator = iterate()
    for (const _ of iterator) break
    expect('return' in iterator).toBe(false)
    expect([...iterator]).toHaveLength(2)
    expect([...iterator]).toHaveLength(0)
  })

  it('takes no other receiver for its next', () => {
    expect(() => Reflect.apply(iterate().next, {}, [])).toThrow(TypeError)
  })

  it('inherits from %IteratorPrototype%, so that iterator helpers are there', () => {
    expect(Object.prototype.isPrototypeOf.call(ITERATOR_PROTOTYPE, iterate())).toBe(true)
  })

  it.skipIf(!('take' in ITERATOR_PROTOTYPE))('works with iterator helpers (skipped: this runtime has none)', () => {
    const helpers = (): Helpers => iterate() as Helpers
    const all = [...iterate()]
    expect(helpers().toArray()).toEqual(all)
    expect(
      helpers()
        .map((value) => [value])
        .toArray(),
    ).toEqual(all.map((value) => [value]))
    expect(
      helpers()
        .filter(() => false)
        .toArray(),
    ).toEqual([])
    expect(helpers().take(2).toArray()).toEqual(all.slice(0, 2))
    expect(helpers().drop(1).toArray()).toEqual(all.slice(1))
    expect(helpers().some(() => true)).toBe(true)
  })

  it('has a next that throws a TypeError when called on anything else', () => {
    const { next } = iterate()
    for (const receiver of [undefined, null, 1, 'abc', {}, [], [][Symbol.iterator](), Object.create(iterate())]) {
      expect(() => Reflect.apply(next, receiver, [])).toThrow(TypeError)
    }
  })

  it('can be taken apart and spread, and left early', () => {
    const [first, second] = iterate()
    expect([...iterate()].slice(0, 2)).toEqual([first, second])
    expect(Array.from(iterate())).toHaveLength(3)
    for (const value of iterate()) {
      expect(value).toEqual(first)
      break
    }
  })
}
