// Caches, as histories are recorded of them: what a map does, where there is room for all, and time for good.
import type { Recorded } from '../../histories/recorded.js'
import { HISTORIES as OF_MAPS } from '../hashmap/histories.js'

const cache: Recorded = {
  ...OF_MAPS.map!,
  open: (heap, name, { key, value }) => heap.cache(name, { key, value, capacity: 1, max: 1_000_000 } as never),
}

export const HISTORIES: Readonly<Record<string, Recorded>> = { cache }
