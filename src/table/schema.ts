import type { ObjectCodec } from '../codecs/object-codec.js'
import type { Kind, StoredKind } from '../core/kinds.js'
import { KIND_CODES, RECORD } from '../core/layout.js'
import { type Noun, nounOf } from '../core/structures.js'
import type { Heap } from '../heap/heap.js'

/** What a table holds: all threads that open it must agree on this. */
export interface Schema {
  readonly noun: Noun
  readonly key: Kind
  readonly value: StoredKind
  /** What turns objects into bytes, in a table with values of kind any. */
  readonly codec: ObjectCodec | undefined
  /** What a cache is made with. */
  readonly bounds?: Bounds | undefined
}

/** The bounds of a cache, and how long its entries live. 0: not bounded so; Infinity: for good. */
export interface Bounds {
  readonly max: number
  readonly maxBytes: number
  readonly ttl: number
  readonly jitter: number
  /** How long they live unused; undefined: none has such a time. */
  readonly idle: number | undefined
}

/** Where a table lies. The record at an address is used again; the generation tells which collection is meant. */
export interface Place {
  readonly address: number
  readonly generation: number
}

/** Whether the collection of a place has no name, and so ends with the last thread that has it open. */
export function isUnnamed({ generation }: Pick<Place, 'generation'>): boolean {
  return generation % 2 === 0
}

/** What a table's record says about its schema. */
export interface Found {
  readonly noun: Noun
  readonly key: string
  readonly value: string
  readonly codec: number
}

/** What the record at an address says. */
export function foundAt(heap: Heap, address: number): Found {
  const value = kindName(heap.wordAt(address + RECORD.valueKind))
  return {
    noun: nounOf(heap.wordAt(address + RECORD.structure), value),
    key: kindName(heap.wordAt(address + RECORD.keyKind)),
    value,
    codec: heap.wordAt(address + RECORD.codec),
  }
}

function kindName(code: number): string {
  return Object.entries(KIND_CODES).find(([, known]) => known === code)?.[0] ?? 'unknown'
}

/** How a table's record names a codec: a hash of its name (FNV-1a), 0 for none. */
export function codecWord(codec: { readonly name: string } | undefined): number {
  if (!codec) return 0
  let hash = 0x811c9dc5
  for (let i = 0; i < codec.name.length; i++) hash = Math.imul(hash ^ codec.name.charCodeAt(i), 0x01000193)
  return hash >>> 0 || 1
}
