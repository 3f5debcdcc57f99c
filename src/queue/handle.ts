import type { ObjectCodec } from '../codecs/object-codec.js'
import { attachTable, type holds, readHandle } from '../collection/handle.js'
import type { Kind } from '../core/kinds.js'
import type { WasmMemory } from '../core/wasm.js'
import type { Table } from '../table/table.js'

/** What travels to another thread, as a map's handle does: to be passed to `SharedQueue.attach`. */
export interface SharedQueueHandle<T = any> {
  readonly tophash: 'SharedQueue'
  readonly memory: WasmMemory
  readonly table: number
  readonly generation: number
  readonly value: Kind
  readonly codec: string | null
  /** For TypeScript only: what the queue has. */
  readonly [holds]?: T
}

/** Opens the queue that another thread's `queue.handle` names, after checking all that can be checked. */
export function attachQueue<T>(handle: unknown, codecOf: (value: Kind) => ObjectCodec | undefined): Table<undefined, T> {
  const { memory, table, generation, value, codec } = readHandle('SharedQueue', handle) as SharedQueueHandle
  return attachTable({ memory, table, generation, key: 'number', value, codec }, 'queue', codecOf)
}
