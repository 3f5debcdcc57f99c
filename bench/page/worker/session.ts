// What a worker can do with a map, however it reaches it.
import type { Key } from '../../streams/keys.js'
import type { GrowResult } from '../run/protocol.js'
import type { Latency } from './latency.js'

/** What operations have found. */
export interface Found {
  operations: number
  busyMs: number
  hits: number
  sum: number
}

/** What a SharedMap and a Map have in common. */
export interface MapLike {
  get(key: Key): number | undefined
  set(key: Key, value: number): unknown
}

export interface Session {
  /** Sets every key of a range of ranks, unmeasured. */
  fill(from: number, to: number): void | Promise<void>
  /** Goes on with the stream for some time; with `latency`, every operation is timed. */
  work(milliseconds: number, latency?: Latency): Found | Promise<Found>
  /** Looks up a range of ranks, and throws if one is missing or wrong. */
  verify(from: number, to: number): void | Promise<void>
  /** Inserts a range of ranks, and notes how it goes: only where the worker calls the map itself. */
  grow?(from: number, to: number, progress: Int32Array, index: number): GrowResult
  close(): void
}

export function nothingFound(): Found {
  return { operations: 0, busyMs: 0, hits: 0, sum: 0 }
}

/** Comparable between threads, which start their `performance.now()` at different times. */
export function now(): number {
  return performance.timeOrigin + performance.now()
}
