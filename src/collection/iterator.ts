import { runs } from '../table/reentrancy.js'
import { ENTRIES, KEYS, VALUES } from '../table/columns.js'
import type { Walk } from '../table/walk.js'

// The iterators that Map and Set would return: they have `next` and inherit from %IteratorPrototype%, but have no
// `return`, so a loop that is left early can be taken up again with the same iterator. Those of maps are no iterators of
// sets: each has a `next` of its own, which refuses the other's.

const IteratorPrototype: object = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()))

// Each makes its steps itself: an object below it, or a generator, would cost more than the step.

class MapStepIterator {
  readonly #walk: Walk<unknown, unknown>
  readonly #wanted: number
  // What the usual step needs is here at hand: the batch of the walk, and how far this has come in it.
  #keys: readonly unknown[] = NOTHING
  #column: readonly unknown[] = NOTHING
  #at = 0
  #count = 0
  #seenRuns = 0
  #found: unknown = undefined

  constructor(walk: Walk<unknown, unknown>) {
    this.#walk = walk
    this.#wanted = walk.wanted
  }

  next(): IteratorResult<unknown, undefined> {
    // One result for all ways: where an engine makes this a part of the loop it then needs none at all.
    let value: unknown
    let done = false
    const at = this.#at
    if (at < this.#count && runs === this.#seenRuns && typeof (value = this.#column[at]) !== 'object') {
      this.#at = at + 1
      if (this.#wanted === ENTRIES) value = [this.#keys[at], value]
    } else if (this.#goOn()) {
      value = this.#found
      this.#found = undefined
    } else {
      value = undefined
      done = true
    }
    return { value, done } as IteratorResult<unknown, undefined>
  }

  #goOn(): boolean {
    const walk = this.#walk
    try {
      while (this.#at < this.#count || this.#nextBatch()) {
        const at = this.#at++ // before a value is decoded, which may go on with this
        const isThere = walk.isThere(at)
        this.#seenRuns = walk.seenRuns // those that wrote to other tables count no more
        if (!isThere) continue
        this.#found = this.#valueAt(at)
        return true
      }
    } catch (error) {
      walk.end()
      this.#show()
      throw error
    }
    return false
  }

  #valueAt(at: number): unknown {
    const walk = this.#walk
    if (this.#wanted === KEYS) return walk.keyAt(at)
    if (this.#wanted === VALUES) return walk.valueAt(at)
    const key = walk.keyAt(at)
    return [key, walk.valueAt(at)]
  }

  #nextBatch(): boolean {
    const isThere = this.#walk.nextBatch()
    if (!isThere) this.#walk.end()
    this.#show()
    return isThere
  }

  #show(): void {
    const { columns, seenRuns } = this.#walk
    this.#keys = columns.keys
    this.#column = this.#wanted === KEYS ? columns.keys : columns.items
    this.#at = 0
    this.#count = columns.count
    this.#seenRuns = seenRuns
  }
}

const NOTHING: readonly unknown[] = []

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
