import type { SharedMapHandle } from 'tophash'

/** What contention.test.ts tells its workers: to write one key until the gate opens. */
export interface Hot {
  readonly do: 'increment' | 'update' | 'set objects'
  readonly handle: SharedMapHandle
  readonly gate: Int32Array
}
