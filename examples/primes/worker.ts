// Crosses out the multiples of one prime after the other, as long as there is one that nobody has taken.
import { workerData } from 'node:worker_threads'
import { SharedBitset, type SharedBitsetHandle } from 'tophash'

export interface Job {
  readonly composites: SharedBitsetHandle
  readonly primes: readonly number[]
  /** How many of them are taken. */
  readonly taken: Int32Array
}

const { composites: handle, primes, taken } = workerData as Job
const composites = SharedBitset.attach(handle)
const { length } = composites

for (let next = Atomics.add(taken, 0, 1); next < primes.length; next = Atomics.add(taken, 0, 1)) {
  const prime = primes[next]!
  // Smaller multiples have a smaller prime factor. Two threads may come to one bit: it is set once, whoever is first.
  for (let multiple = prime * prime; multiple < length; multiple += prime) composites.add(multiple)
}
