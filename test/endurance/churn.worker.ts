// Sets and deletes, keeping as many entries as there are places: what is in a place was mostly put there by another
// thread.
import { parentPort, workerData } from 'node:worker_threads'
import { SharedHeap, type SharedSet } from 'tophash'
import { meet } from '../stress/jobs.js'
import { randomOf } from '../stress/random.js'
import type { TestMap } from '../support/untyped.js'
import { type Collection, SHAPES, type Shape, nameOf, openIn } from './collections.js'
import type { ChurnJob } from './jobs.js'
import { keyAt } from './keys.js'
import { expectEqual } from './share.js'
import { expectValue, valueAt } from './values.js'

const { handle, seed, index, threads, places, rounds, cycles, gate } = workerData as ChurnJob
const heap = SharedHeap.attach(handle)
const collections = SHAPES.map((shape) => openIn(heap, shape))
const random = randomOf(seed + index)
/** Places per collection. */
const window = places.length / SHAPES.length
/** Keys of a thread come again after so many, when they have long been taken out: there are no numbers without end. */
const KEYS_PER_THREAD = 2 ** 20
let inserted = 0
let meetings = 0

for (let round = 0; round < rounds; round++) {
  meet(gate, threads, ++meetings)
  for (let i = 0; i < cycles; i++) replace(random(places.length))
  meet(gate, threads, ++meetings)
  for (let place = index; place < places.length; place += threads) remove(place, Atomics.exchange(places, place, 0))
  meet(gate, threads, ++meetings)
  if (index === 0) report() // nobody writes meanwhile
  meet(gate, threads, ++meetings)
}
for (const collection of collections) collection.dispose()
heap.dispose()

/** Everything has been removed: all is accounted for, and so large is the heap. */
function report(): void {
  heap.check()
  for (const collection of collections) expectEqual('size', collection.size, 0)
  const { heapBytes, memoryBytes } = heap.stats()
  parentPort!.postMessage({ heapBytes, memoryBytes })
}

/** Takes out what is in a place, and puts a new entry there. Another thread may do the same at this moment. */
function replace(place: number): void {
  remove(place, Atomics.exchange(places, place, 0))
  const n = nextNumber()
  insert(place, n)
  remove(place, Atomics.exchange(places, place, n))
}

/** The number of a key that is nowhere at present: of so many threads each has every so-many-th. Never 0. */
function nextNumber(): number {
  inserted = (inserted + 1) % KEYS_PER_THREAD
  return 1 + inserted * threads + index
}

function insert(place: number, n: number): void {
  const [collection, [key, value]] = collectionOf(place)
  if (value) (collection as TestMap).set(keyAt(key, n), valueAt(value, codeOf(n)))
  else (collection as SharedSet<any>).add(keyAt(key, n))
}

/** Removes the entry with this number, which must be there and whole; 0: there is none. */
function remove(place: number, n: number): void {
  if (n === 0) return
  const [collection, shape] = collectionOf(place)
  const [kind, value] = shape
  const key = keyAt(kind, n)
  try {
    if (value && n & 1) expectValue(value, (collection as TestMap).take(key), codeOf(n))
    else expectEqual('delete', collection.delete(key), true)
  } catch (error) {
    throw new Error(`key ${n} of ${nameOf(shape)}, seed ${seed}: ${(error as Error).message}`, { cause: error })
  }
}

function collectionOf(place: number): readonly [Collection, Shape] {
  const i = Math.floor(place / window)
  return [collections[i]!, SHAPES[i]!]
}

/** The value that is set follows from the key: of another size than that. */
function codeOf(n: number): number {
  return 1 + ((n * 40_503) & 0x3fffffff)
}
