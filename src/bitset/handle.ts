import { attachTable, readHandle } from '../collection/handle.js'
import type { WasmMemory } from '../core/wasm.js'
import type { Table } from '../table/table.js'

/** What travels to another thread, as a map's handle does: to be passed to `SharedBitset.attach`. */
export interface SharedBitsetHandle {
  readonly tophash: 'SharedBitset'
  readonly memory: WasmMemory
  readonly table: number
  readonly generation: number
}

/** Opens the bitset that another thread's `bitset.handle` names, after checking all that can be checked. */
export function attachBitset(handle: unknown): Table<number, undefined> {
  const { memory, table, generation } = readHandle('SharedBitset', handle) as SharedBitsetHandle
  return attachTable({ memory, table, generation, key: 'number', value: 'none', codec: null }, 'bitset', () => undefined)
}
