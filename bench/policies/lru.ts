import { oldestOf, type Policy } from './policy.js'

/** Evicts what was not asked for the longest. */
export class Lru implements Policy {
  readonly #capacity: number
  readonly #keys = new Set<number>()

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get size(): number {
    return this.#keys.size
  }

  request(key: number): boolean {
    const isHit = this.#keys.delete(key)
    if (!isHit && this.#keys.size >= this.#capacity) this.#keys.delete(oldestOf(this.#keys.keys())!)
    this.#keys.add(key)
    return isHit
  }
}
