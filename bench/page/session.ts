// What a worker can do with a map, however it reaches it.

export interface Range {
  from: number
  to: number
}

export interface FillResult {
  operations: number
  ended: number
}

export interface ReadResult extends FillResult {
  sum: number
}

export interface Session {
  /** Sets the keys of a range; one that is reached by messages may stop after `milliseconds`. */
  fill(range: Range, milliseconds: number): FillResult | Promise<FillResult>
  /** Reads keys at random for `milliseconds`. */
  read(seed: number, milliseconds: number): ReadResult | Promise<ReadResult>
  close(): void
}

/** Comparable between threads, which start their `performance.now()` at different times. */
export function now(): number {
  return performance.timeOrigin + performance.now()
}
