// What the page and its workers say to each other.
import type { KeyKind, Key } from './keys.js'

export type Contender = 'shared' | 'message' | 'own'
export type Phase = 'fill' | 'read'

export const CONTENDERS: Record<Contender, string> = {
  shared: 'SharedMap',
  message: 'Map on the main thread, by postMessage',
  own: 'Map of one thread, not shared',
}

export const SHORT_NAMES: Record<Contender, string> = { shared: 'SharedMap', message: 'postMessage', own: 'own Map' }

/** How a worker reaches the map that is measured. */
export type Access =
  | { contender: 'shared'; handle: unknown }
  | { contender: 'message'; port: MessagePort; inFlight: number }
  | { contender: 'own' }

export type Command =
  | { type: 'prepare'; kind: KeyKind; keyCount: number }
  | { type: 'open'; access: Access }
  | { type: 'measure'; task: Task }
  | { type: 'check'; handle: unknown }
  | { type: 'close' }

export interface Task {
  phase: Phase
  /** This worker's place among those that take part. */
  index: number
  workers: number
  milliseconds: number
  seed: number
  /** One Int32: all arrive here before any starts its clock. */
  gate: SharedArrayBuffer
}

/** Times are milliseconds since the epoch, comparable between threads. */
export interface Measured {
  started: number
  ended: number
  operations: number
  /** Of the values read, modulo 2^32: as found, and as it must be. */
  sum: number
  expected: number
}

export type Answer = { ok: true; result: unknown } | { ok: false; message: string }

/** To the Map on the main thread; answered by one message each: the value, or `true` for a set. */
export type MapRequest = { op: 'get'; key: Key } | { op: 'set'; key: Key; value: number }
