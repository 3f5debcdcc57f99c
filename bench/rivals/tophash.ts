import { type KindOf, SharedMap } from 'tophash'
import { now } from '../harness/clock.js'
import type { Key, KeyKind, Rival, RivalMap } from './rival.js'

export class TophashMap<K extends Key> implements RivalMap<K> {
  readonly #map: SharedMap<K, number>

  constructor(map: SharedMap<K, number>) {
    this.#map = map
  }

  static create<K extends Key>(kind: KeyKind, Class = SharedMap): TophashMap<K> {
    return new TophashMap<K>(new Class<K, number>(null, { key: kind as KindOf<K>, value: 'number' }))
  }

  /** Opens what another thread's `handle` names. */
  static attach<K extends Key>(handle: unknown): TophashMap<K> {
    return new TophashMap<K>(SharedMap.attach<K, number>(handle))
  }

  get handle(): unknown {
    return this.#map.handle
  }

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
    this.#map.dispose()
  }
}

/** The rival that uses this class: ours, or that of another build. */
export function rivalOf(name: string, Class: typeof SharedMap): Rival {
  return { name, open: <K extends Key>(kind: KeyKind) => TophashMap.create<K>(kind, Class) }
}

export const tophash = rivalOf('tophash', SharedMap)
