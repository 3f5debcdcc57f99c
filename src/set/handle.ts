import { attachTable, type holds, readHandle } from '../collection/handle.js'
import type { Kind } from '../core/kinds.js'
import type { WasmMemory } from '../core/wasm.js'
import type { Table } from '../table/table.js'

/** What travels to another thread, as a map's handle does: to be passed to `SharedSet.attach`. */
export interface SharedSetHandle<T = any> {
  readonly tophash: 'SharedSet'
  readonly memory: WasmMemory
  readonly table: number
  readonly generation: number
  readonly value: Kind
  /** For TypeScript only: what the set has. */
  readonly [holds]?: T
}

/** Opens the set that another thread's `set.handle` names, after checking all that can be checked. */
export function attachSet<T>(handle: unknown): Table<T, undefined> {
  const { memory, table, generation, value } = readHandle('SharedSet', handle) as SharedSetHandle
  return attachTable({ memory, table, generation, key: value, value: 'none', codec: null }, 'set', () => undefined)
}
