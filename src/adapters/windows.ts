import { SharedCache } from '../index.js'

/** How often something happened in its window, and how many milliseconds that lasts. */
export interface Count {
  readonly hits: number
  readonly left: number
}

/**
 * Counts what happens within a window that begins with the first, exactly over all threads: a hit is one atomic step, which
 * makes the entry and sets its time, or counts it up and leaves its time alone. When the time is over there is no entry.
 */
export class Windows {
  readonly #cache: SharedCache<string, number>

  constructor(cache: SharedCache<string, number>) {
    this.#cache = cache
  }

  /** One hit more. @param ms how long the window lasts that begins if there is none */
  hit(key: string, ms: number): Count {
    const hits = this.#cache.increment(key, 1, { ttl: ms })
    return { hits, left: hits === 1 ? ms : this.#left(key) }
  }

  /** What is counted; undefined: nothing is. */
  look(key: string): Count | undefined {
    const hits = this.#cache.peek(key)
    return hits === undefined ? undefined : { hits, left: this.#left(key) }
  }

  /** One hit less, of those that are counted: one atomic step, which makes no entry, and leaves the time alone. */
  takeBack(key: string): void {
    const less = (hits: number | undefined): number | typeof SharedCache.remove =>
      hits === undefined ? SharedCache.remove : Math.max(hits - 1, 0)
    this.#cache.update(key, less, { keepTtl: true })
  }

  /** Lets the window of what is counted begin anew. */
  prolong(key: string, ms: number): number {
    this.#cache.touch(key, ms)
    return ms
  }

  #left(key: string): number {
    return Math.ceil(this.#cache.remaining(key) ?? 0)
  }
}
