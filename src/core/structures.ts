import { STRUCTURE } from './structure-ids.js'

// The structures that a heap's collections can have, as programs see them: one row each. Handles, names, options and error
// texts read them.

export type Noun = 'map' | 'set' | 'bitset' | 'queue' | 'cache'
export type CollectionName = 'SharedMap' | 'SharedSet' | 'SharedBitset' | 'SharedQueue' | 'SharedCache'

/** What keys and values of a collection are, as its record says. */
interface Kinds {
  readonly key: string
  readonly value: string
}

interface Structure {
  /** The structure of its record in the core: see assembly/heap/registry.ts. */
  readonly id: number
  readonly className: CollectionName
  /** What one of these kinds is called in a sentence. */
  readonly described: (kinds: Kinds) => string
  /** Which of its kinds there are to speak of. */
  readonly kinds: (kinds: Kinds) => readonly string[]
  /** How much of it is made at once, as an option; undefined: nothing is. */
  readonly sizedBy: string | undefined
  /** Options to make one with. */
  readonly example: string
  /** What a handle says of one of these kinds. */
  readonly said: (key: string, value: string) => string
  /** What one is, as the end of a sentence on what has been found. */
  readonly found: (kinds: Kinds) => string
}

export const STRUCTURES: Readonly<Record<Noun, Structure>> = {
  map: {
    id: STRUCTURE.hashMap,
    className: 'SharedMap',
    described: ({ key, value }) => `a map with key: '${key}', value: '${value}'`,
    kinds: ({ key, value }) => [key, value],
    sizedBy: 'capacity',
    example: "{ key: 'string', value: 'number' }",
    said: (key, value) => `key: ${key}, value: ${value}`,
    found: ({ key, value }) => `the map there has ${key} keys and ${value} values`,
  },
  set: {
    id: STRUCTURE.hashMap,
    className: 'SharedSet',
    described: ({ key }) => `a set with value: '${key}'`,
    kinds: ({ key }) => [key],
    sizedBy: 'capacity',
    example: "{ value: 'string' }",
    said: (key) => `value: ${key}`,
    found: ({ key }) => `the set there has ${key} values`,
  },
  bitset: {
    id: STRUCTURE.bitset,
    className: 'SharedBitset',
    described: () => 'a bitset',
    kinds: () => [],
    sizedBy: undefined,
    example: '{ length: 1_000_000 }',
    said: () => "tophash: 'SharedBitset'",
    found: () => 'what is there is a bitset',
  },
  queue: {
    id: STRUCTURE.queue,
    className: 'SharedQueue',
    described: ({ value }) => `a queue with value: '${value}'`,
    kinds: ({ value }) => [value],
    sizedBy: 'capacity',
    example: '{ capacity: 1000 }',
    said: (_, value) => `value: ${value}`,
    found: ({ value }) => `what is there is a queue with ${value} items`,
  },
  cache: {
    id: STRUCTURE.cache,
    className: 'SharedCache',
    described: ({ key, value }) => `a cache with key: '${key}', value: '${value}'`,
    kinds: ({ key, value }) => [key, value],
    sizedBy: 'capacity',
    example: '{ max: 10_000, ttl: 60_000 }',
    said: (key, value) => `tophash: 'SharedCache', key: ${key}, value: ${value}`,
    found: ({ key, value }) => `what is there is a cache with ${key} keys and ${value} values`,
  },
}

/** What the collection of a record is: a hash map without values is a set. */
export function nounOf(id: number, value: string): Noun {
  if (id === STRUCTURE.bitset) return 'bitset'
  if (id === STRUCTURE.queue) return 'queue'
  if (id === STRUCTURE.cache) return 'cache'
  return value === 'none' ? 'set' : 'map'
}

export const NOUNS = Object.keys(STRUCTURES) as readonly Noun[]
