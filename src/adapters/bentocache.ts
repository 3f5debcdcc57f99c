import type { SharedCache, SharedCacheHandle } from '../index.js'
import { type Opened, type StoreOptions, checkBeginning, clearWith, openCache } from './store.js'

const ENTRY = 'tophash/bentocache'

/** How a driver for Bentocache is made. Times are Bentocache's: `new BentoCache({ ttl, grace })`. */
export interface TophashDriverOptions extends Omit<StoreOptions, 'ttl' | 'idle' | 'jitter'> {
  /** What its keys begin with, instead of what Bentocache's own `prefix` says. */
  prefix?: string | undefined
  /** false: entries are stored as objects, by the codec of the cache, and not as Bentocache's serializer writes them. Default: true. */
  serialize?: boolean | undefined
}

/** What Bentocache's useL1Layer takes. */
export interface TophashDriverResult {
  readonly options: { readonly prefix?: string; readonly serialize?: boolean }
  readonly factory: (config?: { readonly prefix?: string | undefined }) => TophashDriver
  /** What to send to the other threads: there, `tophashDriver({ cache: handle })`. */
  readonly handle: SharedCacheHandle<string, unknown>
}

/**
 * A driver for Bentocache whose entries all threads of the program share: the first layer, before a server if there is one.
 *
 *     bentostore().useL1Layer(tophashDriver({ max: 50_000 }))
 *
 * @throws ERR_OPTIONS, and what SharedCache throws
 */
export function tophashDriver(options: TophashDriverOptions): TophashDriverResult {
  const { prefix, serialize, ...others } = options ?? {}
  if (prefix !== undefined) checkBeginning(ENTRY, 'prefix', prefix)
  const opened = openCache<unknown>(ENTRY, others, 'any', ['prefix', 'serialize'])
  const uses = { count: 0 }
  return {
    options: { ...(prefix === undefined ? {} : { prefix }), ...(serialize === undefined ? {} : { serialize }) },
    factory: (config) => new TophashDriver(opened, uses, config?.prefix ?? ''),
    get handle() {
      return opened.cache.handle
    },
  }
}

/** The driver, as Bentocache calls it. */
export class TophashDriver {
  readonly type = 'l1'
  readonly #opened: Opened<unknown>
  readonly #cache: SharedCache<string, unknown>
  readonly #uses: { count: number }
  /** With a colon behind it, if there is one. */
  readonly #prefix: string
  #isOpen: boolean

  /** @internal */
  constructor(opened: Opened<unknown>, uses: { count: number }, prefix: string, isNamespace = false) {
    this.#opened = opened
    this.#cache = opened.cache
    this.#uses = uses
    this.#prefix = prefix === '' || prefix.endsWith(':') ? prefix : `${prefix}:`
    this.#isOpen = !isNamespace // which ends with the driver that it is of
    if (this.#isOpen) uses.count++
  }

  namespace(namespace: string): TophashDriver {
    return new TophashDriver(this.#opened, this.#uses, this.#prefix + namespace, true)
  }

  get(key: string): any {
    return this.#cache.get(this.#prefix + key)
  }

  /** Of several threads, one gets it. */
  pull(key: string): any {
    return this.#cache.take(this.#prefix + key)
  }

  /** @param ttl milliseconds; none: for good */
  set(key: string, value: unknown, ttl?: number): boolean {
    if (ttl !== undefined && ttl !== null && ttl <= 0) this.#cache.delete(this.#prefix + key)
    else this.#cache.set(this.#prefix + key, value, { ttl: ttl ?? Infinity })
    return true
  }

  /** Milliseconds; undefined if there is no entry, or no end. */
  getRemainingTtl(key: string): number | undefined {
    const left = this.#cache.remaining(this.#prefix + key)
    return left === Infinity ? undefined : left
  }

  clear(): void {
    clearWith(this.#cache, this.#prefix)
  }

  delete(key: string): boolean {
    return this.#cache.delete(this.#prefix + key)
  }

  deleteMany(keys: readonly string[]): boolean {
    for (const key of keys) this.delete(key)
    return true
  }

  prune(): void {
    this.#cache.sweep()
  }

  /** With the last of those that stand on it the cache is closed in this thread, unless the program has given it. */
  disconnect(): any {
    if (!this.#isOpen) return
    this.#isOpen = false
    if (--this.#uses.count === 0 && this.#opened.isOwn) this.#cache.dispose()
  }
}
