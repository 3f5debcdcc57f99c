import type { SharedCache, SharedCacheHandle } from '../index.js'
import { type Opened, type StoreOptions, clearWith, openCache } from './store.js'

/** How a store for Keyv is made. Times are Keyv's: `new Keyv({ store, ttl })`. */
export type KeyvTophashOptions = Omit<StoreOptions, 'ttl' | 'idle' | 'jitter'>

/** An entry as Keyv hands it over. */
export interface KeyvTophashEntry {
  readonly key: string
  readonly value: unknown
  readonly ttl?: number | undefined
}

/**
 * A store for Keyv that all threads of the program share.
 *
 *     new Keyv({ store: new KeyvTophash({ max: 50_000 }), namespace: 'users' })
 *
 * Keys come with their namespace before them, as Keyv writes it; clear() and the iterator keep to that namespace. Two namespaces need
 * a store each, because Keyv tells a store which one is its: both can stand on one cache.
 */
export class KeyvTophash {
  /** Set by Keyv 5. It is not there before: Keyv 6 would take a store that has one for one that writes it before its keys. */
  declare namespace: string | undefined
  /** Keyv iterates over the stores whose dialect it knows, by their iterator(). */
  readonly opts: { readonly dialect: string; readonly url: string } = { dialect: 'redis', url: '' }
  readonly #opened: Opened<unknown>
  readonly #cache: SharedCache<string, unknown>

  /** @throws ERR_OPTIONS, and what SharedCache throws */
  constructor(options: KeyvTophashOptions) {
    this.#opened = openCache('tophash/keyv', options ?? {}, 'any')
    this.#cache = this.#opened.cache
  }

  /** What to send to the other threads: there, `new KeyvTophash({ cache: handle })`. */
  get handle(): SharedCacheHandle<string, unknown> {
    return this.#cache.handle
  }

  /** Keyv listens for errors of a connection; this has none. What an operation throws, its promise rejects with. */
  on(_event: string, _listener: (...values: any[]) => void): this {
    return this
  }

  async get(key: string): Promise<any> {
    return this.#cache.get(key)
  }

  async getMany(keys: readonly string[]): Promise<any[]> {
    return this.#cache.getMany(keys)
  }

  async set(key: string, value: unknown, ttl?: number): Promise<boolean> {
    this.#set(key, value, ttl)
    return true
  }

  async setMany(entries: readonly KeyvTophashEntry[]): Promise<void> {
    for (const { key, value, ttl } of entries) this.#set(key, value, ttl)
  }

  /** Keyv means no end by 0, as by nothing. What has ended already is not there. */
  #set(key: string, value: unknown, ttl: number | undefined): void {
    if (ttl === undefined || ttl === null || ttl === 0) this.#cache.set(key, value, { ttl: Infinity })
    else if (ttl <= 0) this.#cache.delete(key)
    else this.#cache.set(key, value, { ttl }) // which refuses what is no time
  }

  async delete(key: string): Promise<boolean> {
    return this.#cache.delete(key)
  }

  /** Whether one of them was there. */
  async deleteMany(keys: readonly string[]): Promise<boolean> {
    let isDeleted = false
    for (const key of keys) if (this.#cache.delete(key)) isDeleted = true
    return isDeleted
  }

  async has(key: string): Promise<boolean> {
    return this.#cache.has(key)
  }

  async hasMany(keys: readonly string[]): Promise<boolean[]> {
    return keys.map((key) => this.#cache.has(key))
  }

  async clear(): Promise<void> {
    clearWith(this.#cache, this.namespace === undefined ? '' : `${this.namespace}:`)
  }

  /** The entries of a namespace, with the keys as they are stored. What stays while others write is visited once. */
  async *iterator(namespace: string | undefined = this.namespace): AsyncGenerator<[string, any], void> {
    const prefix = namespace === undefined ? '' : `${namespace}:`
    for (const [key, value] of this.#cache.entries()) if (key.startsWith(prefix)) yield [key, value]
  }

  /** Closes the cache in this thread, unless the program has given it. */
  async disconnect(): Promise<void> {
    if (this.#opened.isOwn) this.#cache.dispose()
  }
}
