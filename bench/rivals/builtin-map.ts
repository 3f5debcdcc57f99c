import { now } from '../harness/clock.js'
import type { Key, Rival, RivalMap } from './rival.js'

class BuiltinMap<K extends Key> implements RivalMap<K> {
  #map = new Map<K, number>()

  get size(): number {
    return this.#map.size
  }

  setAll(keys: ArrayLike<K>, values: Float64Array, from: number, to: number): void {
    const map = this.#map
    for (let i = from; i < to; i++) map.set(keys[i]!, values[i]!)
  }

  getAll(keys: ArrayLike<K>, from: number, to: number): number {
    const map = this.#map
    let sum = 0
    for (let i = from; i < to; i++) sum += map.get(keys[i]!)!
    return sum
  }

  setTimed(keys: ArrayLike<K>, values: Float64Array, stamps: BigInt64Array): void {
    const map = this.#map
    stamps[0] = now()
    for (let i = 0; i < keys.length; i++) {
      map.set(keys[i]!, values[i]!)
      stamps[i + 1] = now()
    }
  }

  slide(keys: ArrayLike<K>, values: Float64Array): number {
    const map = this.#map
    const half = keys.length / 2
    let deleted = 0
    for (let oldest = 0, next = half; oldest < keys.length; oldest++) {
      map.set(keys[next]!, values[next]!)
      if (map.delete(keys[oldest]!)) deleted++
      if (++next === keys.length) next = 0
    }
    return deleted
  }

  dispose(): void {
    this.#map = new Map()
  }
}

export const builtinMap: Rival = {
  name: 'Map',
  open: <K extends Key>() => new BuiltinMap<K>(),
}
