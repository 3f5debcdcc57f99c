// The whole ABI: what the TypeScript layer calls. `stripe` is what openCollection returned.
//
// Whatever is no stripe of this thread's, or no block of its own, is INVALID, and nothing has happened: see guards.ts.
//
// Returns are listed in layout/status.ts. What does not fit into a return value is in the scratch page (Results).

import '../layout/heap' // what other files compute their constants from comes first

export * from './heap'
export * from './hashmap'
export * from './generic'
export * from './bitset'
export * from './queue'

export {
  setTimes, setLease, keepStale, resizeCache, sweep, controlOfCache, listenToCache, readRemovalOf, ringOfCache, writeCacheStats,
} from './cache'
