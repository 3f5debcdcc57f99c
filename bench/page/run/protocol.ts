// What the page and its workers say to each other.
import type { Key, KeyKind } from '../../streams/keys.js'
import type { Distribution } from '../../streams/zipfian.js'

export type Contender = 'shared' | 'message' | 'own'

/** In the order in which they are shown. */
export const CONTENDERS: readonly Contender[] = ['shared', 'message', 'own']

export const NAMES: Record<Contender, string> = {
  shared: 'SharedMap',
  message: 'Map + postMessage',
  own: 'Map, one thread',
}

/** What all operations of a run have in common; streams follow from it and a worker's index. */
export interface Work {
  kind: KeyKind
  keyCount: number
  /** Per cent of the operations that read; the others set an existing key. */
  reads: number
  distribution: Distribution
}

/** How a worker reaches the map that is measured. */
export type Access =
  | { contender: 'shared'; handle: unknown }
  | { contender: 'message'; port: MessagePort; inFlight: number }
  | { contender: 'own' }

export type Command =
  | { type: 'prepare'; work: Work; seed: number }
  | { type: 'open'; access: Access }
  | { type: 'fill' | 'verify'; contender: Contender; part: Part }
  | { type: 'turn'; contender: Contender; turn: Turn }
  | { type: 'grow'; contender: Contender; task: GrowTask }
  | { type: 'close'; contender: Contender }
  | { type: 'check'; handle: unknown }

/** The worker's place among those that take part. */
export interface Part {
  index: number
  workers: number
}

/** A worker works as fast as it can for some time, then times single operations for a while. */
export interface Turn extends Part {
  untimedMs: number
  timedMs: number
  gate: SharedArrayBuffer
}

export interface TurnResult {
  operations: number
  /** Milliseconds that the operations took: without those in which fresh keys were built. */
  busyMs: number
  /** Values that were read, and whether their sum is what a replay of the stream gives. */
  hits: number
  sum: number
  expectedHits: number
  expectedSum: number
  /** Nanoseconds of single operations, as HdrHistogram encodes them. */
  latency: string
  /** The clock's step, in milliseconds. */
  clockStepMs: number
}

export interface GrowTask extends Part {
  /** Inserts so far, an Int32 for each worker: read by the page meanwhile. */
  progress: SharedArrayBuffer
  gate: SharedArrayBuffer
  /** Stops after so many keys of its part: for warming up. */
  limit: number
}

/** Times are milliseconds since the epoch, comparable between threads. */
export interface GrowResult {
  started: number
  ended: number
  operations: number
  /** When how many were in, each millisecond or so: time, count, time, count... */
  samples: Float64Array
  /** The longest inserts. */
  pauses: { start: number; duration: number }[]
}

export type Answer = { ok: true; result: unknown } | { ok: false; message: string }

/** To the Map on the main thread; answered by one message each: the value, or `true` for a set. */
export type MapRequest = { op: 'get'; key: Key } | { op: 'set'; key: Key; value: number }
