// The iterators that Map and Set would return: they have `next` and inherit from %IteratorPrototype%, but have no
// `return`, so a loop that is left early can be taken up again with the same iterator. Those of maps are no iterators of
// sets: each has a `next` of its own, which refuses the other's.

const IteratorPrototype: object = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()))

class MapStepIterator<T> {
  readonly #steps: Iterator<T, undefined>

  constructor(steps: Iterator<T, undefined>) {
    this.#steps = steps
  }

  next(): IteratorResult<T, undefined> {
    return this.#steps.next()
  }
}

class SetStepIterator<T> {
  readonly #steps: Iterator<T, undefined>

  constructor(steps: Iterator<T, undefined>) {
    this.#steps = steps
  }

  next(): IteratorResult<T, undefined> {
    return this.#steps.next()
  }
}

function makeIterator({ prototype }: { readonly prototype: object }, tag: string): void {
  Object.setPrototypeOf(prototype, IteratorPrototype)
  Object.defineProperty(prototype, Symbol.toStringTag, { value: tag, configurable: true })
}

makeIterator(MapStepIterator, 'SharedMap Iterator')
makeIterator(SetStepIterator, 'SharedSet Iterator')

/** An iterator as Map returns. */
export function mapIterator<T>(steps: Iterator<T, undefined>): MapIterator<T> {
  return new MapStepIterator(steps) as unknown as MapIterator<T>
}

/** An iterator as Set returns. */
export function setIterator<T>(steps: Iterator<T, undefined>): SetIterator<T> {
  return new SetStepIterator(steps) as unknown as SetIterator<T>
}
