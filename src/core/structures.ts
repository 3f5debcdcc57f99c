import { type BitsetExports, bitset } from '../bitset/structure.js'
import { type CacheExports, cache } from '../cache/structure.js'
import { map } from '../map/structure.js'
import { type QueueExports, queue } from '../queue/structure.js'
import { set } from '../set/structure.js'
import type { Structure } from './structure.js'

// The registry: which structures the collections of a heap can have, as programs see them. Handles, names, options, error texts
// and the check read it, so that none of them knows one. That of the core is assembly/heap/registry.ts.

const ROWS = { map, set, bitset, queue, cache } as const

/** What the core exports for one structure alone. */
export interface StructureExports extends BitsetExports, QueueExports, CacheExports {}

export type Noun = keyof typeof ROWS
export type CollectionName = (typeof ROWS)[Noun]['className']

export const STRUCTURES: Readonly<Record<Noun, Structure & { readonly className: CollectionName }>> = ROWS

/** What the collection of a record is: a hash map without values is a set. */
export function nounOf(id: number, value: string): Noun {
  if (id === map.id) return value === 'none' ? 'set' : 'map'
  return (Object.keys(ROWS) as Noun[]).find((noun) => ROWS[noun].id === id) ?? 'map'
}
