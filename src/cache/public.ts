import type { Key } from '../core/kinds.js'
import { SharedCache as CacheClass } from './cache.js'
import type { SharedCacheConstructor } from './constructor.js'

/** A cache that all threads of the program share. */
export type SharedCache<K extends Key = any, V = any> = CacheClass<K, V>
export const SharedCache = CacheClass as unknown as SharedCacheConstructor

export type { SharedCacheConstructor } from './constructor.js'
export type { SharedCacheHandle } from './handle.js'
export type { SharedCacheOptions } from './options.js'
export type { Removal, RemovalCause, RemovalOptions, Removals } from './removals.js'
export type { SharedCacheStats } from './stats.js'
export type { CacheTimes, FetchOptions, LoadContext, WriteTimes } from './times.js'
