// What the endurance tests tell their workers.
import type { SharedHeapHandle, SharedMapHandle } from 'tophash'
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

export interface ChurnJob {
  readonly handle: SharedHeapHandle
  readonly seed: number
  readonly index: number
  readonly threads: number
  /** The number of the key that is in each place; 0: none. As many for each collection. */
  readonly places: Int32Array
  readonly rounds: number
  /** Replacements in each round. */
  readonly cycles: number
  readonly gate: Int32Array
}

export interface LargeJob {
  readonly handle: SharedMapHandle
  readonly index: number
  readonly threads: number
  /** Keys 0 to total - 1. */
  readonly total: number
  /** How often each key was met. */
  readonly seen: Uint8Array
}

/** How a thread leaves that has visited a heap; 'end': it just ends, with everything open. */
export type Leaving = 'dispose' | 'end' | 'exit' | 'fail' | 'throw'

/** What there is to attach to: maps named 'counts' in these heaps, and one map in a heap of its own. */
export interface Places {
  readonly heaps: readonly SharedHeapHandle[]
  readonly map: SharedMapHandle
}

export type ThreadJob =
  | (Places & { readonly do: 'visit'; readonly number: number; readonly leaving: Leaving })
  | (Places & { readonly do: 'cycle'; readonly times: number })
  | { readonly do: 'crowd'; readonly map: SharedMapHandle; readonly gate: Int32Array }

/** Words of a crowd's gate: how many have tried to attach, how many of them were refused; and whether to go on. */
export const GATE = { tried: 0, refused: 1, go: 2 } as const
