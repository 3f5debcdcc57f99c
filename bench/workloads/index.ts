import { cache, cacheHits, cacheMemory } from './cache.js'
import { counters } from './counters.js'
import { exchange } from './exchange.js'
import { hot } from './hot.js'
import { memory } from './memory.js'
import { rapidGrow } from './rapid-grow.js'
import { readHeavy } from './read-heavy.js'
import { scan } from './scan.js'
import { seed10m } from './seed-10m.js'
import { seedGrow } from './seed-grow.js'
import { seedRatio } from './seed-ratio.js'
import { seedState } from './seed-state.js'
import { seedStore } from './seed-store.js'
import type { Workload } from './workload.js'
import { ycsb } from './ycsb.js'

/** In the order in which they run. */
export const WORKLOADS: readonly Workload[] = [
  seedStore,
  seedRatio,
  seed10m,
  seedState,
  seedGrow,
  readHeavy,
  exchange,
  rapidGrow,
  ycsb,
  hot,
  counters,
  scan,
  memory,
  cache,
  cacheHits,
  cacheMemory,
]

export const WORKLOAD_NAMES = WORKLOADS.map(({ name }) => name)
