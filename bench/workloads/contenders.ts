// What several workloads have their contenders do.
import { collectGarbage, time } from '../harness/clock.js'
import { ChecksumError, type Contender } from '../harness/measurement.js'
import type { Key, KeyKind, Rival, RivalMap } from '../rivals/rival.js'

/** The checksum of a whole map: the sum of its values, which is NaN unless it holds these keys and no others. */
export function contentsOf<K extends Key>(map: RivalMap<K>, keys: ArrayLike<K>): number {
  return map.size === keys.length ? map.getAll(keys, 0, keys.length) : NaN
}

/** A map of these keys and values. */
export function fill<K extends Key>(rival: Rival, kind: KeyKind, keys: ArrayLike<K>, values: Float64Array): RivalMap<K> {
  const map = rival.open<K>(kind)
  map.setAll(keys, values, 0, keys.length)
  const [found, expected] = [contentsOf(map, keys), values.reduce((sum, value) => sum + value)]
  if (found !== expected) throw new ChecksumError('after filling', rival.name, found, expected)
  return map
}

/** Looks all keys up, so many times. */
export function getting<K extends Key>(name: string, map: RivalMap<K>, keys: ArrayLike<K>, repeats = 1): Contender {
  const { length } = keys
  return {
    name,
    sample() {
      let checksum = 0
      const nanoseconds = time(length * repeats, () => {
        for (let i = 0; i < repeats; i++) checksum += map.getAll(keys, 0, length)
      })
      return { nanoseconds, checksum }
    },
  }
}

/** Sets keys that are there, so many times. `valuesIn` gives the values of a round. */
export function setting<K extends Key>(
  name: string, map: RivalMap<K>, keys: ArrayLike<K>, valuesIn: (round: number) => Float64Array, repeats = 1,
): Contender {
  const { length } = keys
  return {
    name,
    sample(round) {
      const values = valuesIn(round)
      const nanoseconds = time(length * repeats, () => {
        for (let i = 0; i < repeats; i++) map.setAll(keys, values, 0, length)
      })
      return { nanoseconds, checksum: contentsOf(map, keys) }
    },
  }
}

/** Inserts all keys into a new map of default capacity. */
export function inserting<K extends Key>(rival: Rival, kind: KeyKind, keys: ArrayLike<K>, values: Float64Array): Contender {
  return {
    name: rival.name,
    sample() {
      const map = rival.open<K>(kind)
      const nanoseconds = time(keys.length, () => map.setAll(keys, values, 0, keys.length))
      const checksum = contentsOf(map, keys)
      map.dispose()
      collectGarbage() // now, so that this map's memory is free again when the other contender starts
      return { nanoseconds, checksum }
    },
  }
}
