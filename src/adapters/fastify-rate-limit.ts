import type { SharedCacheHandle } from '../index.js'
import { type StoreOptions, checkBeginning, openCache } from './store.js'
import { Windows } from './windows.js'

const ENTRY = 'tophash/fastify-rate-limit'

/** How a store for @fastify/rate-limit is made. */
export interface TophashStoreOptions extends Omit<StoreOptions, 'ttl' | 'idle' | 'jitter'> {
  /** What its keys begin with: for several limits in one cache. Default: nothing. */
  prefix?: string | undefined
}

/** What @fastify/rate-limit wants to know of a key. */
export interface RateLimitCount {
  readonly current: number
  readonly ttl: number
}

type Callback = (error: Error | null, count?: any) => void

/** What of the options of a limit, or of a route, concerns its store. */
export interface RateLimitParameters {
  readonly continueExceeding?: boolean | undefined
  readonly exponentialBackoff?: boolean | undefined
  readonly routeInfo?: { readonly method?: string | readonly string[]; readonly url?: string } | undefined
}

/** A store, as @fastify/rate-limit makes it. */
export interface TophashStore {
  incr(key: string, callback: Callback, timeWindow: number, max: number): void
  read(key: string, callback: Callback, timeWindow?: number, max?: number): void
  /** @param route the host's options of a route; of these RateLimitParameters are read */
  child(route: any): TophashStore
}

/** The class of such a store, with what belongs to all of its instances. */
export interface TophashStoreClass {
  /** @param parameters the host's options of the limit; of these RateLimitParameters are read */
  new (parameters: any): TophashStore
  /** What to send to the other threads: there, `tophashStore({ cache: handle })`. */
  readonly handle: SharedCacheHandle<string, number>
  /** Closes the cache in this thread, unless the program has given it. */
  close(): void
}

/**
 * The class of a store for @fastify/rate-limit, which counts over all threads of the program, exactly.
 *
 *     fastify.register(rateLimit, { max: 100, timeWindow: 60_000, store: tophashStore({ max: 100_000 }) })
 *
 * `max` should be more than the clients of one window: whose entry is evicted begins anew.
 *
 * @throws ERR_OPTIONS, and what SharedCache throws
 */
export function tophashStore(options: TophashStoreOptions): TophashStoreClass {
  const { prefix, ...others } = options ?? {}
  const beginning = checkBeginning(ENTRY, 'prefix', prefix)
  const { cache, isOwn } = openCache<number>(ENTRY, others, 'number', ['prefix'])
  const windows = new Windows(cache)
  return class extends Limit {
    constructor(parameters?: RateLimitParameters) {
      super(windows, beginning, parameters)
    }

    static get handle(): SharedCacheHandle<string, number> {
      return cache.handle
    }

    static close(): void {
      if (isOwn) cache.dispose()
    }
  }
}

/** One limit: that of the plugin, or of a route. */
class Limit implements TophashStore {
  readonly #windows: Windows
  readonly #prefix: string
  readonly #parameters: RateLimitParameters

  constructor(windows: Windows, prefix: string, parameters: RateLimitParameters = {}) {
    this.#windows = windows
    this.#prefix = prefix
    this.#parameters = parameters
  }

  incr(key: string, callback: Callback, timeWindow: number, max: number): void {
    reply(callback, () => {
      const { hits, left } = this.#windows.hit(this.#prefix + key, timeWindow)
      return { current: hits, ttl: hits > max ? this.#punish(key, hits - max, timeWindow, left) : left }
    })
  }

  /** As the host's own stores: over the limit the window can begin anew with each request, or last twice as long each time. */
  #punish(key: string, excess: number, timeWindow: number, left: number): number {
    const { continueExceeding, exponentialBackoff } = this.#parameters
    if (continueExceeding) return this.#windows.prolong(this.#prefix + key, timeWindow)
    if (!exponentialBackoff) return left
    return this.#windows.prolong(this.#prefix + key, Math.min(timeWindow * 2 ** (excess - 1), Number.MAX_SAFE_INTEGER))
  }

  read(key: string, callback: Callback): void {
    reply(callback, () => {
      const count = this.#windows.look(this.#prefix + key)
      return { current: count?.hits ?? 0, ttl: count?.left ?? 0 }
    })
  }

  /** Each route counts for itself. */
  child(route: RateLimitParameters): TophashStore {
    const { method = '', url = '' } = route.routeInfo ?? {}
    return new Limit(this.#windows, `${this.#prefix}${String(method)}${url}-`, route)
  }
}

function reply(callback: Callback, action: () => RateLimitCount): void {
  let count: RateLimitCount
  try {
    count = action()
  } catch (error) {
    callback(error as Error)
    return
  }
  callback(null, count)
}
