import { oldestOf, type Policy } from './policy.js'

const MOST_USES = 3

/** S3-FIFO (Yang et al., SOSP 2023): a small FIFO of a tenth, a main FIFO with second chances, and a FIFO of ghosts. */
export class S3Fifo implements Policy {
  readonly #capacity: number
  readonly #smallCapacity: number
  readonly #small = new Map<number, number>()
  readonly #main = new Map<number, number>()
  readonly #ghosts = new Set<number>()

  constructor(capacity: number) {
    this.#capacity = capacity
    this.#smallCapacity = Math.max(1, Math.floor(capacity / 10))
  }

  get size(): number {
    return this.#small.size + this.#main.size
  }

  request(key: number): boolean {
    for (const queue of [this.#small, this.#main]) {
      const uses = queue.get(key)
      if (uses === undefined) continue
      queue.set(key, Math.min(uses + 1, MOST_USES))
      return true
    }
    while (this.size >= this.#capacity) this.#evict()
    const isKnown = this.#ghosts.delete(key)
    const queue = isKnown ? this.#main : this.#small
    queue.set(key, 0)
    return false
  }

  #evict(): void {
    if (this.#small.size >= this.#smallCapacity || this.#main.size === 0) this.#evictSmall()
    else this.#evictMain()
  }

  /** What was asked for since it came goes on to the main part: then nothing is evicted yet. */
  #evictSmall(): void {
    const key = oldestOf(this.#small.keys())!
    const uses = this.#small.get(key)!
    this.#small.delete(key)
    if (uses > 0) {
      this.#main.set(key, 0)
      return
    }
    this.#ghosts.add(key)
    if (this.#ghosts.size > this.#capacity - this.#smallCapacity) this.#ghosts.delete(oldestOf(this.#ghosts)!)
  }

  #evictMain(): void {
    const key = oldestOf(this.#main.keys())!
    const uses = this.#main.get(key)!
    this.#main.delete(key)
    if (uses > 0) this.#main.set(key, uses - 1)
  }
}
