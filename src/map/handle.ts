import type { ObjectCodec } from '../codecs/object-codec.js'
import { attachTable, type holds, readHandle } from '../collection/handle.js'
import { ensureThere } from '../collection/heap-collection.js'
import type { Kind } from '../core/kinds.js'
import type { WasmMemory } from '../core/wasm.js'
import type { AnyTable, Table } from '../table/table.js'

/**
 * What travels to another thread, by workerData or postMessage: the memory and where in it the map lies. Plain data,
 * structured-cloneable, no copy of any entry. To be passed to `SharedMap.attach`.
 */
export interface SharedMapHandle<K = any, V = any> {
  readonly tophash: 'SharedMap'
  readonly memory: WasmMemory
  readonly table: number
  readonly generation: number
  readonly key: Kind
  readonly value: Kind
  /** Name of what turns objects into bytes; null where there is none. */
  readonly codec: string | null
  /** For TypeScript only: what the map has, which `attach` takes from here. */
  readonly [holds]?: readonly [K, V]
}

/** Opens the map that another thread's `map.handle` names, after checking all that can be checked. */
export function attachMap<K, V>(handle: unknown, codecOf: (value: Kind) => ObjectCodec | undefined): Table<K, V> {
  return attachTable(readHandle('SharedMap', handle) as SharedMapHandle, 'map', codecOf)
}

/** The handle of a map, or of what is built on one, which stays open in this thread from here on: see SharedMap.handle. */
export function handleOf<C extends 'SharedMap' | 'SharedCache'>(
  className: C,
  table: AnyTable,
): Omit<SharedMapHandle, 'tophash'> & { readonly tophash: C } {
  ensureThere(table)
  table.keepOpen()
  const { heap, address, generation, schema } = table
  const { key, value } = schema
  const codec = schema.codec?.name ?? null
  return { tophash: className, memory: heap.memory, table: address, generation, key, value: value as Kind, codec }
}
