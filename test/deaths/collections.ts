// The collections of these tests, as one thread has them open.
import type * as library from 'tophash'
import type { SharedHeap, SharedHeapHandle, SharedMap, SharedSet } from 'tophash'
import type { UntypedMap } from '../support/untyped.js'
import { type Kind, idOf, keyOf } from './values.js'

/** Collections that all actors write to, each its own keys; and one that is its actor's alone. */
export const SHARED: readonly { readonly name: string; readonly key: Kind; readonly value: Kind }[] = [
  { name: 'numbers', key: 'number', value: 'number' },
  { name: 'strings', key: 'string', value: 'string' },
  { name: 'anything', key: 'any', value: 'any' },
  { name: 'integers', key: 'bigint', value: 'bigint' },
  { name: 'bytes', key: 'bytes', value: 'bytes' },
]
export const NUMBERS = 0
export const STRINGS = 1
export const ANYTHING = 2
export const INTEGERS = 3
/** A SharedSet. Its members have no values, so nothing but their presence is known. */
export const MEMBERS = 5
/** The actor's own map, which it clears, deletes and makes again. */
export const OWN = 6

/** A map of many numbers, which all write to; and one that is the actor's own. See storm.ts. */
export const STORM = 7
export const FIELD = 8

/** Kinds of the keys and values of a map. */
export function kindsOf(map: number): { readonly key: Kind; readonly value: Kind } {
  return SHARED[map] ?? { key: 'string', value: 'string' }
}

/** The k-th key of an actor in a collection. */
export function keyIn(map: number, actor: number, k: number): unknown {
  return keyOf(kindsOf(map).key, idOf(actor, k))
}

/** The name of an actor's own map. */
export function ownName(actor: number): string {
  return `own ${actor}`
}

export function fieldName(actor: number): string {
  return `field ${actor}`
}

/** A map of whatever kinds. */
export type AnyMap = UntypedMap & Pick<SharedMap, 'dispose' | 'reserve'>

/** The library, or its checked build: each thread uses one of them. */
export type Library = Pick<typeof library, 'SharedHeap' | 'SharedMap'>

/** What a thread has open. */
export class Collections {
  readonly heap: SharedHeap
  readonly maps: readonly AnyMap[]
  readonly members: SharedSet<string>
  readonly storm: AnyMap

  /** @throws ERR_OUT_OF_MEMORY and whatever the library throws; nothing is left open then */
  constructor({ SharedHeap }: Library, handle: SharedHeapHandle) {
    const heap = SharedHeap.attach(handle)
    const open: { dispose(): void }[] = [heap]
    try {
      this.heap = heap
      const note = <T extends { dispose(): void }>(one: T): T => (open.unshift(one), one)
      this.maps = SHARED.map(({ name, key, value }) => note(openMap(heap, name, key, value)))
      this.storm = note(openMap(heap, 'storm', 'number', 'number'))
      this.members = heap.set('members', { value: 'string', capacity: 1 })
    } catch (error) {
      for (const one of open) one.dispose()
      throw error
    }
  }

  /** Opens, or makes, the map of an actor. */
  own(actor: number): AnyMap {
    return openMap(this.heap, ownName(actor), 'string', 'string')
  }

  /** Opens, or makes, the field of an actor. */
  field(actor: number): AnyMap {
    return openMap(this.heap, fieldName(actor), 'number', 'number')
  }

  dispose(): void {
    for (const map of this.maps) map.dispose()
    this.storm.dispose()
    this.members.dispose()
    this.heap.dispose()
  }
}

/** Opens a map, or makes it, as small as can be. */
function openMap(heap: SharedHeap, name: string, key: Kind, value: Kind): AnyMap {
  return heap.map(name, { key, value, capacity: 1 } as never) as unknown as AnyMap
}
