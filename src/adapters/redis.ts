// 'tophash/redis': a SharedCache that all threads of a process share, before a Redis or Valkey server.

export { connectionOf } from './redis/connection.js'
export type { TieredClient, TieredConnection, TieredEvents, TieredListening } from './redis/connection.js'
export type { TieredCacheHandle, TieredCacheOptions, TieredGetOptions, TieredTimes } from './redis/options.js'
export type { TieredStats } from './redis/shared.js'
export { TieredCache, type TieredLoader } from './redis/tiered.js'
