// An iterable that notes what is done with it, and that fails where a test wants it to.
import { expect } from 'vitest'

/** Where the iterable fails, and with what. */
export interface Faults {
  /** Thrown by next() when the items are used up, instead of ending. */
  readonly next?: unknown
  /** Thrown when `done` of the result after the items is read. */
  readonly done?: unknown
  /** Thrown when `value` of the result after the items is read. */
  readonly value?: unknown
  /** Thrown by return(). */
  readonly return?: unknown
  /** What return() returns; an object unless given. */
  readonly returns?: unknown
}

/** `log` is the list of what has been done, in order: 'iterate', 'next' (looked up), 'next()', 'return()'. */
export interface Observed {
  readonly log: string[]
  [Symbol.iterator](): Iterator<unknown>
}

/** An iterable over `items`. Its iterator checks the receiver and the arguments of every call. */
export function observed(items: readonly unknown[], faults: Faults = {}, log: string[] = []): Observed {
  return {
    log,
    [Symbol.iterator]() {
      log.push('iterate')
      return observedIterator(items, faults, log)
    },
  }
}

/** An iterator, not iterable itself, over `items`. */
export function observedIterator(items: readonly unknown[], faults: Faults, log: string[]): Iterator<unknown> {
  let at = 0
  const iterator: Iterator<unknown> = {
    get next() {
      log.push('next')
      return function (this: unknown, ...args: unknown[]): IteratorResult<unknown> {
        log.push('next()')
        expect(this).toBe(iterator)
        expect(args).toEqual([])
        return at < items.length ? { value: items[at++], done: false } : last(faults)
      }
    },
    return(...args: unknown[]) {
      log.push('return()')
      expect(this).toBe(iterator)
      expect(args).toEqual([])
      if ('return' in faults) throw faults.return
      return ('returns' in faults ? faults.returns : {}) as IteratorResult<unknown>
    },
  }
  return iterator
}

function last(faults: Faults): IteratorResult<unknown> {
  if ('next' in faults) throw faults.next
  if ('done' in faults) return Object.defineProperty({ value: undefined }, 'done', throwing(faults.done)) as never
  if ('value' in faults) return Object.defineProperty({ done: false }, 'value', throwing(faults.value)) as never
  return Object.defineProperty({ done: true }, 'value', throwing(new Error('The value of the end was read.'))) as never
}

function throwing(error: unknown): PropertyDescriptor {
  return {
    get() {
      throw error
    },
  }
}

/** The log of an iteration that took `count` items and went no further. */
export function taken(count: number): string[] {
  return ['iterate', 'next', ...Array<string>(count).fill('next()')]
}
