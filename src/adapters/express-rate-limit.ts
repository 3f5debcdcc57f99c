import type { ClientRateLimitInfo, Options, Store } from 'express-rate-limit'
import type { SharedCacheHandle } from '../index.js'
import { type Opened, type StoreOptions, checkBeginning, clearWith, openCache } from './store.js'
import { Windows } from './windows.js'

const ENTRY = 'tophash/express-rate-limit'

/** How a store for express-rate-limit is made. */
export interface TophashStoreOptions extends Omit<StoreOptions, 'ttl' | 'idle' | 'jitter'> {
  /** What its keys begin with: for several limits in one cache. Default: nothing. */
  prefix?: string | undefined
}

/**
 * A store for express-rate-limit that counts over all threads of the program, exactly.
 *
 *     rateLimit({ windowMs: 60_000, limit: 100, store: new TophashStore({ max: 100_000 }) })
 *
 * `max` should be more than the clients of one window: whose entry is evicted begins anew.
 */
export class TophashStore implements Store {
  /** What is counted here is seen elsewhere; so the host takes a key that is counted twice, in stores of one prefix, for a mistake. */
  readonly localKeys = false
  readonly prefix: string
  readonly #opened: Opened<number>
  readonly #windows: Windows
  #windowMs = 60_000

  /** @throws ERR_OPTIONS, and what SharedCache throws */
  constructor(options: TophashStoreOptions) {
    const { prefix, ...others } = options ?? {}
    this.prefix = checkBeginning(ENTRY, 'prefix', prefix)
    this.#opened = openCache(ENTRY, others, 'number', ['prefix'])
    this.#windows = new Windows(this.#opened.cache)
  }

  /** What to send to the other threads: there, `new TophashStore({ cache: handle })`. */
  get handle(): SharedCacheHandle<string, number> {
    return this.#opened.cache.handle
  }

  init({ windowMs }: Pick<Options, 'windowMs'>): void {
    this.#windowMs = windowMs
  }

  get(key: string): ClientRateLimitInfo | undefined {
    const count = this.#windows.look(this.prefix + key)
    return count && infoOf(count.hits, count.left)
  }

  increment(key: string): ClientRateLimitInfo {
    const { hits, left } = this.#windows.hit(this.prefix + key, this.#windowMs)
    return infoOf(hits, left)
  }

  decrement(key: string): void {
    this.#windows.takeBack(this.prefix + key)
  }

  resetKey(key: string): void {
    this.#opened.cache.delete(this.prefix + key)
  }

  resetAll(): void {
    clearWith(this.#opened.cache, this.prefix)
  }

  /** Closes the cache in this thread, unless the program has given it. */
  shutdown(): void {
    if (this.#opened.isOwn) this.#opened.cache.dispose()
  }
}

function infoOf(totalHits: number, left: number): ClientRateLimitInfo {
  return { totalHits, resetTime: new Date(Date.now() + left) }
}
