// One thread, one Map. Files come in the order of their places, so what a phrase meets in the Map is its first place.
import { fingerprint } from '../phrases.js'
import { Places } from './stand.js'
import type { Strategy } from './strategy.js'

export const findWithOneThread: Strategy = async (job, _threads, onProgress) => {
  const places = new Places()
  return job.files.map((_, index) => {
    const firsts = fingerprint(job, index)
    for (let n = 0; n < firsts.length; n++) firsts[n] = places.stand(firsts[n]!, job.places[index]! + n)
    onProgress(2 * (index + 1))
    return firsts
  })
}
