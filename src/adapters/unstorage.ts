import type { SharedCache, SharedCacheHandle } from '../index.js'
import { type StoreOptions, checkBeginning, clearWith, keysWith, openCache } from './store.js'

const ENTRY = 'tophash/unstorage'

/** How a driver for unstorage is made. */
export interface TophashDriverOptions extends Omit<StoreOptions, 'ttl'> {
  /** What its keys begin with: for several storages in one cache. Default: nothing. */
  base?: string | undefined
  /** Seconds that an item lives, as in the host's other drivers. Default: for good. */
  ttl?: number | undefined
}

/** What unstorage passes with an item. */
export interface TophashItemOptions {
  /** Seconds. */
  readonly ttl?: number
}

/** The driver, as unstorage calls it. */
export interface TophashDriver {
  readonly name: 'tophash'
  readonly flags: { readonly ttl: true }
  readonly options: TophashDriverOptions
  /** What to send to the other threads: there, `tophashDriver({ cache: handle })`. */
  readonly handle: SharedCacheHandle<string, unknown>
  getInstance(): SharedCache<string, unknown>
  hasItem(key: string): boolean
  getItem(key: string): any
  getItems(items: readonly { readonly key: string }[]): { key: string; value: any }[]
  getItemRaw(key: string): unknown
  setItem(key: string, value: string, options?: TophashItemOptions): void
  setItems(items: readonly { key: string; value: string; options?: TophashItemOptions }[], options?: TophashItemOptions): void
  setItemRaw(key: string, value: unknown, options?: TophashItemOptions): void
  removeItem(key: string): void
  getMeta(key: string): { ttl?: number } | null
  getKeys(base?: string): string[]
  clear(base?: string): void
  dispose(): void
}

/**
 * A driver for unstorage, and so for Nitro and Nuxt, whose items all threads of the program share.
 *
 *     createStorage({ driver: tophashDriver({ max: 50_000 }) })
 *
 * @throws ERR_OPTIONS, and what SharedCache throws
 */
export function tophashDriver(options: TophashDriverOptions): TophashDriver {
  const { base: given, ttl: seconds, ...others } = options ?? {}
  const base = checkBeginning(ENTRY, 'base', given)
  const prefix = base === '' || base.endsWith(':') ? base : `${base}:`
  const { cache, isOwn } = openCache<unknown>(ENTRY, others, 'any', ['base', 'ttl', 'idle', 'jitter'])
  const get = (key: string): unknown => cache.get(prefix + key) ?? null
  const set = (key: string, value: unknown, given?: TophashItemOptions): void => {
    const ttl = given?.ttl ?? seconds
    cache.set(prefix + key, value, { ttl: ttl ? ttl * 1000 : Infinity })
  }
  return {
    name: 'tophash',
    flags: { ttl: true },
    options,
    get handle() {
      return cache.handle
    },
    getInstance: () => cache,
    hasItem: (key) => cache.has(prefix + key),
    getItem: get,
    getItems: (items) => items.map(({ key }) => ({ key, value: get(key) })),
    getItemRaw: get,
    setItem: set,
    setItems: (items, common) => items.forEach((item) => set(item.key, item.value, item.options ?? common)),
    setItemRaw: set,
    removeItem: (key) => void cache.delete(prefix + key),
    getMeta: (key) => metaOf(cache.remaining(prefix + key)),
    getKeys: (within = '') => [...keysWith(cache, prefix)].filter((key) => key.startsWith(within)),
    clear: (within = '') => clearWith(cache, prefix + within),
    dispose: () => {
      if (isOwn) cache.dispose()
    },
  }
}

/** Seconds that are left, if there is an end. */
function metaOf(left: number | undefined): { ttl?: number } | null {
  if (left === undefined) return null
  return left === Infinity ? {} : { ttl: left / 1000 }
}

export default tophashDriver
