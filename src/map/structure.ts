import type { Structure } from '../core/structure.js'
import { HASH_MAP } from '../table/layout.js'

/** A map, to those who know no structure. */
export const map = {
  id: HASH_MAP,
  className: 'SharedMap',
  described: ({ key, value }) => `a map with key: '${key}', value: '${value}'`,
  kinds: ({ key, value }) => [key, value],
  sizedBy: 'capacity',
  example: "{ key: 'string', value: 'number' }",
  said: (key, value) => `key: ${key}, value: ${value}`,
  found: ({ key, value }) => `the map there has ${key} keys and ${value} values`,
  invariants: {
    1: 'no lock is held',
    2: 'a bucket that is not evacuated into has a live parent at the level before',
    3: "a bucket's depth covers its index and is no deeper than the level",
    4: "every entry's hash belongs to its bucket",
    5: "every tophash byte is its entry's",
    6: 'every key is in its chain once',
    7: 'only the last bucket of a chain has empty slots',
    8: 'no overflow bucket is empty',
    9: "every key block holds its key's hash",
    10: 'the striped count equals the entries in the buckets',
    11: 'the count of evacuated buckets equals the live ones',
    12: 'the count of overflow buckets equals those in the chains',
    13: "a bucket's depth says that its child is live",
    15: 'a chain ends, and its entries lie in the heap',
    16: "a table's buckets lie in the heap",
  },
} as const satisfies Structure
