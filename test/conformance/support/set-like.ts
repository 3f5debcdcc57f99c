// An object that a set method accepts for its argument, and that notes what is asked of it.
import { expect } from 'vitest'
import { type Faults, observedIterator } from './observed.js'

export interface SetLikeOptions {
  /** What `size` says; the number of values unless given. */
  readonly size?: unknown
  /** Where the iterator that `keys` returns fails. */
  readonly faults?: Faults
  /** Is told each step before it is done, and may fail or change something. */
  on?(step: string, values: unknown[]): void
}

/** What GetSetRecord does, in order. */
export const RECORD = ['size', 'valueOf()', 'has', 'keys']

/** What is noted of keys() and an iterator that is asked `count` times. */
export function walked(count: number): string[] {
  return ['keys()', 'next', ...Array<string>(count).fill('next()')]
}

/** `log` is what has been done, in order: a name for what was looked up, a name with () for what was called. */
export interface RecordedSet {
  readonly log: string[]
}

/** Behaves as a Set of `values` would. The iterator that `keys` returns has next and return, and is not iterable. */
export function setLike(values: readonly unknown[], options: SetLikeOptions = {}): RecordedSet {
  const { faults = {}, on } = options
  const size = 'size' in options ? options.size : values.length // which may be undefined
  const own = [...values]
  const log: string[] = []
  const note = (step: string): void => {
    log.push(step)
    on?.(step, own)
  }
  const other = {
    log,
    get size() {
      note('size')
      if (typeof size !== 'number') return size
      return {
        valueOf() {
          note('valueOf()')
          return size
        },
      }
    },
    get has() {
      note('has')
      return function (this: unknown, ...args: unknown[]): boolean {
        expect([this === other, args.length]).toEqual([true, 1])
        note('has()')
        return own.includes(args[0])
      }
    },
    get keys() {
      note('keys')
      return function (this: unknown, ...args: unknown[]): Iterator<unknown> {
        expect([this === other, args.length]).toEqual([true, 0])
        note('keys()')
        return observedIterator(own, faults, noting(log, note))
      }
    },
  }
  return other
}

/** A log whose push goes through `note`, so that steps of the iterator are told too. */
function noting(log: string[], note: (step: string) => void): string[] {
  const through: string[] = []
  through.push = (...steps) => {
    steps.forEach(note)
    return log.length
  }
  return through
}

/** The ways to hand the same values to a set method: each a name and an object. */
export function guises(Class: new (values: unknown) => object, values: readonly unknown[]): [string, object][] {
  const has = (value: unknown): boolean => values.includes(value)
  const keys = (): Iterator<unknown> => values[Symbol.iterator]()
  return [
    ['a Set', new Set(values)],
    ['a Map', new Map(values.map((value) => [value, 'unused']))],
    ['its own class', new Class(values)],
    ['an object', { size: values.length, has, keys }],
    ['an object that inherits all', Object.create({ size: values.length, has, keys }) as object],
    ['an object that looks on', setLike(values)],
    ['a function', Object.assign(() => undefined, { size: values.length, has, keys })],
    ['an array that is made a set', Object.assign(['not', 'these'], { size: values.length, has, keys })],
  ]
}
