// What the endurance tests tell their workers.
import type { SharedHeapHandle } from 'tophash'
import type { Book } from './share.js'

export interface OperationsJob {
  readonly handle: SharedHeapHandle
  readonly seed: number
  readonly index: number
  readonly threads: number
  /** What each collection holds, for all threads; each writes what its keys hold. */
  readonly books: readonly Book[]
  readonly laps: number
  /** In each lap, on each collection. */
  readonly operations: number
  readonly gate: Int32Array
}
