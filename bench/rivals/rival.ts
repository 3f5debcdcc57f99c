// What a contender's adapter does. Every method is a whole loop, which each adapter writes out for itself: a call
// through an interface for every operation of 10 ns would measure the call, and a loop that contenders shared would
// make V8's caches remember both of them.

export type Key = number | string
export type KeyKind = 'number' | 'string'

/** Keys to numbers. Ranges are half open. */
export interface RivalMap<K extends Key> {
  readonly size: number
  /** Sets keys[i] to values[i]. */
  setAll(keys: ArrayLike<K>, values: Float64Array, from: number, to: number): void
  /** Returns the sum of the values, which is NaN if one is missing. */
  getAll(keys: ArrayLike<K>, from: number, to: number): number
  /** Sets all keys, and writes the time before the first into stamps[0] and that after keys[i] into stamps[i + 1]. */
  setTimed(keys: ArrayLike<K>, values: Float64Array, stamps: BigInt64Array): void
  /**
   * The map holds the first half of the keys. Inserts the next key and deletes the oldest, until it holds the first
   * half again. Returns how many deletions found their key.
   */
  slide(keys: ArrayLike<K>, values: Float64Array): number
  dispose(): void
}

export interface Rival {
  readonly name: string
  /** Opens an empty map of default capacity. */
  open<K extends Key>(kind: KeyKind): RivalMap<K>
}
