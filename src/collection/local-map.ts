import { isBytes } from '../codecs/bytes.js'

// Local collections that compare Uint8Arrays by their bytes, as tables do, and all else as Map and Set do.

/** A Map like that. Its keys are those that came first. */
export class ContentMap<K, V> {
  readonly #byKey = new Map<unknown, readonly [key: K, value: V]>()
  readonly #byBytes = new Map<string, readonly [key: K, value: V]>()

  get(key: unknown): V | undefined {
    return this.#mapFor(key).get(nameOf(key))?.[1]
  }

  set(key: K, value: V): void {
    const map = this.#mapFor(key)
    const name = nameOf(key)
    map.set(name, [map.get(name)?.[0] ?? (key === 0 ? (0 as K) : key), value])
  }

  has(key: unknown): boolean {
    return this.#mapFor(key).has(nameOf(key))
  }

  delete(key: unknown): boolean {
    return this.#mapFor(key).delete(nameOf(key))
  }

  *[Symbol.iterator](): Generator<readonly [K, V], undefined> {
    yield* this.#byKey.values()
    yield* this.#byBytes.values()
  }

  #mapFor(key: unknown): Map<unknown, readonly [K, V]> {
    return isBytes(key) ? this.#byBytes : this.#byKey
  }
}

/** What a key is found by. */
function nameOf(key: unknown): unknown {
  return isBytes(key) ? Array.from(key, (byte) => String.fromCharCode(byte)).join('') : key
}
