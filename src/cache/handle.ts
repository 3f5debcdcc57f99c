import type { ObjectCodec } from '../codecs/object-codec.js'
import { attachTable, type holds, readHandle } from '../collection/handle.js'
import type { Kind } from '../core/kinds.js'
import type { WasmMemory } from '../core/wasm.js'
import type { Table } from '../table/table.js'

/** What travels to another thread, as a map's handle does: to be passed to `SharedCache.attach`. */
export interface SharedCacheHandle<K = any, V = any> {
  readonly tophash: 'SharedCache'
  readonly memory: WasmMemory
  readonly table: number
  readonly generation: number
  readonly key: Kind
  readonly value: Kind
  /** Name of what turns objects into bytes; null where there is none. */
  readonly codec: string | null
  /** For TypeScript only: what the cache has. */
  readonly [holds]?: readonly [K, V]
}

/** Opens the cache that another thread's `cache.handle` names, after checking all that can be checked. */
export function attachCache<K, V>(handle: unknown, codecOf: (value: Kind) => ObjectCodec | undefined): Table<K, V> {
  return attachTable(readHandle('SharedCache', handle) as SharedCacheHandle, 'cache', codecOf)
}
