import { placeCount, type SearchJob } from '../job.js'
import type { Firsts } from './strategy.js'

/** A Map holds 16.7 million entries at most. */
const MAPS = 4

/**
 * Which place stands for each phrase: for one thread, a Map. But a Map takes twice as long with large numbers as with small
 * integers. So its keys are halves of fingerprints, and what it finds counts if the whole is the same.
 */
export class Places {
  readonly #byHalf = Array.from({ length: MAPS }, () => new Map<number, number>())
  /** Those whose half another one has: of a million fingerprints some hundred. */
  readonly #others = new Map<number, number>()
  #prints = new Float64Array(1 << 16)
  #places = new Float64Array(1 << 16)
  #count = 0

  /** The place at which a phrase was met before, or this one. */
  stand(print: number, place: number): number {
    const half = print | 0
    const byHalf = this.#byHalf[(half >>> 16) % MAPS]! // workers share out phrases by the lowest bits
    const at = byHalf.get(half)
    if (at === undefined) {
      byHalf.set(half, this.#add(print, place))
      return place
    }
    if (this.#prints[at] === print) return this.#places[at]!
    const known = this.#others.get(print)
    if (known === undefined) this.#others.set(print, place)
    return known ?? place
  }

  #add(print: number, place: number): number {
    if (this.#count === this.#prints.length) {
      this.#prints = twice(this.#prints)
      this.#places = twice(this.#places)
    }
    this.#prints[this.#count] = print
    this.#places[this.#count] = place
    return this.#count++
  }
}

function twice(numbers: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * numbers.length)
  larger.set(numbers)
  return larger
}

/** Puts the first place where any place of the same phrase stands for it. */
export function toFirst(job: SearchJob, stands: Firsts): Firsts {
  const firstOf = new Uint32Array(placeCount(job)) // plus one: 0 if there is none yet
  stands.forEach((found, index) => {
    const begin = job.places[index]!
    for (let n = 0; n < found.length; n++) {
      const any = found[n]!
      if (firstOf[any] === 0) firstOf[any] = begin + n + 1
      found[n] = firstOf[any]! - 1
    }
  })
  return stands
}
