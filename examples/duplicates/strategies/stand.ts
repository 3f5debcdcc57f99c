import { placeCount, type SearchJob } from '../job.js'
import type { Firsts } from './strategy.js'

/** The place that stands for a phrase: the one at which it was met before, or this one. */
export function stand(places: Map<number, number>, print: number, place: number): number {
  const known = places.get(print)
  if (known !== undefined) return known
  places.set(print, place)
  return place
}

/** Puts the first place where any place of the same phrase stands for it. */
export function toFirst(job: SearchJob, stands: Firsts): Firsts {
  const firstOf = new Float64Array(placeCount(job)) // plus one: 0 if there is none yet
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
