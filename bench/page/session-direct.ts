// A map that the worker calls itself: a SharedMap, or a Map of its own.
import { SharedMap } from 'tophash'
import { indexOf, nextRandom, valueOf, type Key } from './keys.js'
import { now, type Range, type ReadResult, type Session, type FillResult } from './session.js'

interface MapLike {
  get(key: Key): number | undefined
  set(key: Key, value: number): unknown
}

/** Operations between two looks at the clock, which costs as much as an operation. */
const SLICE = 256

export function openShared(handle: unknown, keys: Key[]): Session {
  const map = SharedMap.attach<Key, number>(handle)
  return { ...direct(map, keys), close: () => map.dispose() }
}

export function openOwn(keys: Key[]): Session {
  return { ...direct(new Map<Key, number>(), keys), close: () => {} }
}

function direct(map: MapLike, keys: Key[]): Pick<Session, 'fill' | 'read'> {
  return {
    fill: (range) => fill(map, keys, range),
    read: (seed, milliseconds) => read(map, keys, seed, milliseconds),
  }
}

/** Always fills the whole share: the growth from an empty table is part of what is measured. */
function fill(map: MapLike, keys: Key[], { from, to }: Range): FillResult {
  for (let index = from; index < to; index++) map.set(keys[index]!, valueOf(index))
  return { operations: to - from, ended: now() }
}

/** An absent value makes the sum start over, which the replay of the reads then finds out. */
function read(map: MapLike, keys: Key[], seed: number, milliseconds: number): ReadResult {
  const keyCount = keys.length
  const deadline = now() + milliseconds
  let state = seed
  let sum = 0
  let operations = 0
  let ended: number
  do {
    for (let step = 0; step < SLICE; step++) {
      state = nextRandom(state)
      sum = (sum + map.get(keys[indexOf(state, keyCount)]!)!) | 0
    }
    operations += SLICE
    ended = now()
  } while (ended < deadline)
  return { operations, sum, ended }
}
