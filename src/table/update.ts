import { isBytes } from '../codecs/bytes.js'
import { type Encoded, isObject, ownEncoded } from '../codecs/encoded.js'
import { BATCH } from './columns.js'
import { LAST, readBatch } from './scan.js'
import { checkTries } from './contention.js'
import { retold } from '../core/failure.js'
import { publish, read, readAgain, removeIf } from './operations.js'
import { callFor, endRun, isWrittenSince } from './reentrancy.js'
import type { Table } from './table.js'

// Operations that call back, without a lock: what the callback decides is applied only if the entry is still what it
// saw, byte for byte; else it is asked again, so often and no more (contention.ts). What it has itself made of what it saw
// counts as seen (reentrancy.ts).

/** The type of SharedMap.remove. (TypeScript makes `symbol` of a unique symbol that a callback without parameters returns.) */
export interface Removal {
  readonly [removal]: true
}
declare const removal: unique symbol

/** What a callback of update returns to remove the entry. */
export const REMOVE = Symbol.for('tophash.remove') as unknown as Removal

/** Replaces the value of a key by what `decide` makes of it; REMOVE removes it. Returns the new value. */
export function update<K, V>(
  table: Table<K, V>,
  given: K,
  decide: (current: V | undefined, exists: boolean) => V | typeof REMOVE,
): V | undefined {
  const key = ownEncoded(table.keys.pack(given))
  for (let tries = 0; ; tries++) {
    checkTries(tries, 'update')
    const before = readAgain(table, key, tries)
    const { result, pending } = callFor(table, key, before, () => {
      const decided = decide(before && table.values.unpack(before), before !== undefined)
      return decided === REMOVE ? undefined : copyOf(table, decided as V)
    })
    if (pending.isOvertaken) continue
    if (publish(table, key, pending.seen, result?.encoded)) return result?.value
  }
}

/**
 * The value of a key; if there is none, the one that `compute` returns is set, and wins over others' by being first.
 */
export function getOrInsertComputed<K, V>(table: Table<K, V>, given: K, compute: (key: K) => V): V {
  const key = ownEncoded(table.keys.pack(given))
  for (let tries = 0; ; tries++) {
    checkTries(tries, 'getOrInsertComputed')
    const before = readAgain(table, key, tries)
    if (before) return table.values.unpack(before)
    const { result, pending } = callFor(table, key, undefined, () => copyOf(table, compute(canonical(given))))
    if (pending.isOvertaken) continue
    if (publish(table, key, pending.seen, result.encoded)) return result.value
  }
}

/** A value as it will be stored, and as it will be returned then: that can fail, so it is done before it is set. */
function copyOf<V>({ values }: Table<unknown, V>, given: V): { encoded: Encoded; value: V } {
  const encoded = ownEncoded(values.pack(given))
  return { encoded, value: values.unpack(encoded) }
}

/** A key as callbacks get it: 0 for -0. Bytes are a copy, which is theirs. */
export function canonical<K>(key: K): K {
  if (key === 0) return 0 as K
  return isBytes(key) ? (new Uint8Array(key) as K) : key
}

/** Removes the entries that `keep` refuses. Returns how many. */
export function retain<K, V>(table: Table<K, V>, keep: (value: V, key: K) => unknown): number {
  let removed = 0
  try {
    retainAll(table, keep, () => removed++)
  } catch (error) {
    throw retold(error, { done: `${removed} entries were removed before, and no other has changed` })
  }
  return removed
}

function retainAll<K, V>(table: Table<K, V>, keep: (value: V, key: K) => unknown, noteRemoved: () => void): void {
  let cursor = 0
  let seenRun = 0
  let isTouched = false
  const isKept = (value: V, key: K): unknown => {
    const answer = keep(value, key)
    isTouched = isWrittenSince(table.written, seenRun)
    return answer
  }
  do {
    seenRun = endRun()
    const batch = readBatch(table, cursor, LAST, BATCH)
    for (const [key, item] of batch.entries) {
      table.ensureOpen()
      const encoded = ownEncoded(table.keys.pack(key))
      // What this thread has written since may have been this entry.
      const seen = isWrittenSince(table.written, seenRun) ? read(table, encoded) : table.values.seal(item)
      if (seen && refuses(table, key, encoded, seen, isKept)) {
        noteRemoved()
        if (!isTouched) seenRun = endRun() // all that was written is this removal
      }
    }
    cursor = batch.cursor
  } while (cursor !== 0)
}

/** Asks about one entry until the answer is about what is there. Whether it was removed. */
function refuses<K, V>(
  table: Table<K, V>,
  key: K,
  encoded: Encoded,
  first: Encoded,
  keep: (value: V, key: K) => unknown,
): boolean {
  let current: Encoded | undefined = first
  for (let tries = 1; current; tries++) {
    const asked = current
    const { result, pending } = callFor(table, encoded, asked, () => keep(table.values.unpack(asked), key))
    if (result) return false
    if (!pending.isOvertaken) {
      if (pending.seen === undefined) return false // the predicate has removed it itself
      if (removeIf(table, encoded, pending.seen)) return true
    }
    checkTries(tries, 'retain')
    current = readAgain(table, encoded, tries)
  }
  return false
}

/** Adds bigints of any size in a table of kind any. Undefined: what is there is no bigint. */
export function addBigint<K>(table: Table<K, unknown>, given: K, by: bigint): bigint | undefined {
  const key = ownEncoded(table.keys.pack(given))
  for (let tries = 0; ; tries++) {
    const before = readAgain(table, key, tries)
    const value = before ? !isObject(before.meta) && table.values.unpack(before) : 0n
    if (typeof value !== 'bigint') return undefined
    const total = value + by
    if (publish(table, key, before, table.values.pack(total))) return total
  }
}
