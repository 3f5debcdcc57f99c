import type { Structure } from '../core/structure.js'
import { CACHE_ID } from './layout.js'

/** What the core exports for caches, beyond what it does for maps: see assembly/exports/cache.ts, and generic.ts. */
export interface CacheExports {
  peek(stripe: number, ended: boolean): number
  remaining(stripe: number): number
  touch(stripe: number): number
  setTimes(stripe: number, ttl: number, idle: number, keepsTime: boolean): number
  setLease(stripe: number, index: number, word: number): number
  staleSince(stripe: number): number
  keepStale(stripe: number, ms: number): number
  resizeCache(stripe: number, entries: number, bytes: number): number
  sweep(stripe: number, buckets: number): number
  controlOfCache(stripe: number): number
  listenToCache(stripe: number, causes: number, begins: boolean): number
  ringOfCache(stripe: number): number
  readRemovalOf(stripe: number, number: number, causes: number): number
  writeCacheStats(stripe: number): number
}

/** A cache, to those who know no structure. */
export const cache = {
  id: CACHE_ID,
  className: 'SharedCache',
  described: ({ key, value }) => `a cache with key: '${key}', value: '${value}'`,
  kinds: ({ key, value }) => [key, value],
  sizedBy: 'capacity',
  example: '{ max: 10_000, ttl: 60_000 }',
  said: (key, value) => `tophash: 'SharedCache', key: ${key}, value: ${value}`,
  found: ({ key, value }) => `what is there is a cache with ${key} keys and ${value} values`,
  invariants: {
    50: 'nobody holds the lock of the bound of a cache',
    51: 'the credits that threads have, those that none has and what the entries have cost add up to the bound of a cache',
    52: 'each idle time of a cache is one, and each end of one',
    53: 'each use of a cache is one',
    54: 'the removals that are kept of a cache are in order',
  },
} as const satisfies Structure
