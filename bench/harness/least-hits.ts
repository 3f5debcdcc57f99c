// How often a cache hits at least, if it does its work: hardly less often than the simplest one that is any good.
import { Lru } from '../policies/lru.js'
import { type Plan, operationsOf, rankOf } from '../streams/plan.js'

/** Of all requests a cache may miss so many more than an LRU cache does. */
const TOLERANCE = 0.08

/** The streams of all threads in turns. */
export function leastHits(plan: Plan, limit: number): number {
  const lru = new Lru(plan.bound)
  for (let rank = 0; rank < plan.prefill; rank++) lru.request(rank)
  const totals = plan.streams.map((_, stream) => operationsOf(plan, stream, limit))
  let hits = 0
  for (let done = 0; done < Math.max(...totals); done++) {
    for (const [index, stream] of plan.streams.entries()) {
      if (done < totals[index]! && lru.request(rankOf(stream[done % stream.length]!))) hits++
    }
  }
  const all = totals.reduce((sum, total) => sum + total, 0)
  return Math.floor(hits - TOLERANCE * all)
}
