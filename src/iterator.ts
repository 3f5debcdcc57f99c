// The iterators that Map and Set would return: they have `next` and inherit from %IteratorPrototype%, but have no
// `return`, so a loop that is left early can be taken up again with the same iterator.

const IteratorPrototype: object = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()))

abstract class StepIterator<T> {
  readonly #steps: Iterator<T, undefined>

  constructor(steps: Iterator<T, undefined>) {
    this.#steps = steps
  }

  next(): IteratorResult<T, undefined> {
    return this.#steps.next()
  }
}

class MapStepIterator<T> extends StepIterator<T> {
  get [Symbol.toStringTag](): string {
    return 'SharedMap Iterator'
  }
}

class SetStepIterator<T> extends StepIterator<T> {
  get [Symbol.toStringTag](): string {
    return 'SharedSet Iterator'
  }
}

Object.setPrototypeOf(StepIterator.prototype, IteratorPrototype)

/** An iterator as Map returns. */
export function mapIterator<T>(steps: Iterator<T, undefined>): MapIterator<T> {
  return new MapStepIterator(steps) as unknown as MapIterator<T>
}

/** An iterator as Set returns. */
export function setIterator<T>(steps: Iterator<T, undefined>): SetIterator<T> {
  return new SetStepIterator(steps) as unknown as SetIterator<T>
}
