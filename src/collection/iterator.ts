import { KEYS, VALUES } from '../table/scan.js'
import type { Walk } from '../table/walk.js'

// The iterators that Map and Set would return: they have `next` and inherit from %IteratorPrototype%, but have no
// `return`, so a loop that is left early can be taken up again with the same iterator. Those of maps are no iterators of
// sets: each has a `next` of its own, which refuses the other's.

const IteratorPrototype: object = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()))

// Each makes its steps itself: an object below it, or a generator, would cost more than the step.

class MapStepIterator {
  readonly #walk: Walk<unknown, unknown>

  constructor(walk: Walk<unknown, unknown>) {
    this.#walk = walk
  }

  next(): IteratorResult<unknown, undefined> {
    const walk = this.#walk
    return walk.step() ? { value: stepOf(walk), done: false } : { value: undefined, done: true }
  }
}

function stepOf(walk: Walk<unknown, unknown>): unknown {
  if (walk.wanted === KEYS) return walk.key
  if (walk.wanted === VALUES) return walk.value
  const { key } = walk // before the value is decoded, which may walk on
  return [key, walk.value]
}

class SetStepIterator {
  readonly #walk: Walk<unknown, undefined>
  readonly #isTwin: boolean

  constructor(walk: Walk<unknown, undefined>, isTwin: boolean) {
    this.#walk = walk
    this.#isTwin = isTwin
  }

  next(): IteratorResult<unknown, undefined> {
    const walk = this.#walk
    if (!walk.step()) return { value: undefined, done: true }
    const { key } = walk
    return { value: this.#isTwin ? [key, key] : key, done: false }
  }
}

function makeIterator({ prototype }: { readonly prototype: object }, tag: string): void {
  Object.setPrototypeOf(prototype, IteratorPrototype)
  Object.defineProperty(prototype, Symbol.toStringTag, { value: tag, configurable: true })
}

makeIterator(MapStepIterator, 'SharedMap Iterator')
makeIterator(SetStepIterator, 'SharedSet Iterator')

/** An iterator as Map returns, over what a walk is asked for. */
export function mapIterator<T>(walk: Walk<any, any>): MapIterator<T> {
  return new MapStepIterator(walk) as unknown as MapIterator<T>
}

/** An iterator as Set returns: over values, or over [value, value]. */
export function setIterator<T>(walk: Walk<any, undefined>, isTwin = false): SetIterator<T> {
  return new SetStepIterator(walk, isTwin) as unknown as SetIterator<T>
}
