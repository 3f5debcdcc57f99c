// What the stress tests tell their workers.
import type { Kind, SharedHeapHandle, SharedMapHandle } from 'tophash'

export interface GrowJob {
  handle: SharedMapHandle
  kind: Kind
  index: number
  threads: number
  /** Keys 0 to total - 1, dealt out in turn. */
  total: number
  gate: Int32Array
}

export interface MixJob {
  handle: SharedMapHandle
  index: number
  threads: number
  seed: number
  operations: number
  /** Few, so that the threads meet all the time. */
  keys: number
  gate: Int32Array
}

export interface ChurnJob {
  handle: SharedMapHandle
  index: number
  seed: number
  /** Set and delete operations, and after how many to report the heap's size for the first time. */
  operations: number
  settle: number
  /** Keys that this worker keeps at a time. */
  window: number
  longest: number
}

export interface FillJob {
  handle: SharedMapHandle
  index: number
  /** Keys that this worker adds, and how many of them it removes again. */
  adds: number
  /** A word that counts; each part of the keys, named by its end, waits until it is so much. None: all are added at once. */
  turn?: Int32Array
  parts?: readonly number[]
}

export interface CollectionsJob {
  handle: SharedHeapHandle
  index: number
  threads: number
  seed: number
  rounds: number
  /** How many names there are; 0: a new one in each round. */
  names: number
  gate: Int32Array
}

/** Waits until all threads have come this far for the `round`-th time: they start together. */
export function meet(gate: Int32Array, threads: number, round: number): void {
  if (Atomics.add(gate, 0, 1) + 1 === threads * round) Atomics.notify(gate, 0)
  for (let seen = Atomics.load(gate, 0); seen < threads * round; seen = Atomics.load(gate, 0)) Atomics.wait(gate, 0, seen)
}

/** A gate for meet(). */
export function newGate(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4))
}

export interface PressureJob {
  handle: SharedMapHandle
  /** Not 0: the end. */
  gate: Int32Array
  works: boolean
}

/** For sizes.worker.ts. */
export interface SizesJob {
  readonly handle: SharedMapHandle
  /** Names its keys. */
  readonly name: string
  readonly seed: number
  /** Infinity: until it is terminated. */
  readonly operations: number
  /** Different keys. */
  readonly keys: number
  /** Bytes of the values that it has in the map at a time. */
  readonly most: number
}
