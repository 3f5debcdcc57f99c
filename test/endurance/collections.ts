// All kinds of collections: 25 of maps and 5 of sets.
import { type Kind, type SharedHeap, type SharedSet, SharedSet as SetClass } from 'tophash'
import { wordsOf } from '../support/memory.js'
import { ALL_KINDS, type Kinds, type TestMap, newMap } from '../support/untyped.js'
import { Player } from './player.js'
import type { Share } from './share.js'
import { SECRETS } from '../../src/core/layout.js'

/** The kinds of a map's keys and values, or of a set's values. */
export type Shape = Kinds | readonly [value: Kind]

const SETS = ALL_KINDS.filter(([key, value]) => key === value).map(([kind]) => [kind] as const)

export const SHAPES: readonly Shape[] = [...ALL_KINDS, ...SETS]

export function nameOf([key, value]: Shape): string {
  return value ? `a map of ${key} keys and ${value} values` : `a set of ${key} values`
}

export type Collection = TestMap | SharedSet<any>

/** The collection of this shape in a heap that has one of each. */
export function openIn(heap: SharedHeap, shape: Shape): Collection {
  const [key, value] = shape
  if (!value) return heap.set(nameOf(shape), { value: key, capacity: 1 } as never)
  return heap.map(nameOf(shape), { key, value, capacity: 1 } as never) as unknown as TestMap
}

export function playerOn(collection: Collection, [, value]: Shape, share: Share): Player {
  return value ? Player.ofMap(collection as TestMap, value, share) : Player.ofSet(collection as SharedSet<any>, share)
}

/** Bytes of a heap that is made for one collection. */
const MAX_BYTES = 2 ** 30

/**
 * A collection in a heap of its own, whose hashes follow from the random numbers too: so the same seed puts every entry
 * into the same bucket.
 */
export function newCollection([key, value]: Shape, random: (n: number) => number): Collection {
  const options = { capacity: 1, maxBytes: MAX_BYTES }
  const collection = value ? newMap([key, value], options) : new SetClass(null, { value: key, ...options } as never)
  const words = wordsOf(collection.handle)
  for (let at = SECRETS.first; at < SECRETS.end; at += 4) words[at / 4] = random(2 ** 32)
  return collection
}
