// What is said between threads.ts and its workers, and which keys both make.
import { freshStrings, makeOrders, numberKeys, stringBytes, valuesOf, type KeyRange } from '../harness/keys.js'
import type { Key, KeyKind } from '../rivals/rival.js'

export interface Task {
  kind: KeyKind
  size: number
  keyRange: KeyRange
}

export type Question =
  | { type: 'open'; handle: unknown }
  | { type: 'close' }
  | { type: 'work'; action: 'get' | 'set'; from: number; to: number; threads: number; barrier: SharedArrayBuffer }

export interface Answer {
  /** Of the values that were read. */
  sum: number
  endedAt: bigint
}

export interface Data {
  keys: ArrayLike<Key>
  values: Float64Array
  /** The same keys in another order. */
  lookups: ArrayLike<Key>
}

/** Strings are made anew in each thread, as they would be: threads cannot share them. */
export function makeData({ kind, size, keyRange }: Task): Data {
  const { inserts, lookups } = makeOrders(size)
  const keysOf = (ranks: Uint32Array): ArrayLike<Key> => {
    return kind === 'number' ? numberKeys(ranks, keyRange) : freshStrings(stringBytes(ranks), 0, size)
  }
  return { keys: keysOf(inserts), values: valuesOf(inserts), lookups: keysOf(lookups) }
}
