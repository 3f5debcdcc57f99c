import type { Structure } from '../core/structure.js'
import { HASH_MAP } from '../table/layout.js'

/** A set, to those who know no structure: a hash map without values. */
export const set = {
  id: HASH_MAP,
  className: 'SharedSet',
  described: ({ key }) => `a set with value: '${key}'`,
  kinds: ({ key }) => [key],
  sizedBy: 'capacity',
  example: "{ value: 'string' }",
  said: (key) => `value: ${key}`,
  found: ({ key }) => `the set there has ${key} values`,
  invariants: {},
} as const satisfies Structure
