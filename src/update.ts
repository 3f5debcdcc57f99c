import { isBytes } from './codecs/bytes.js'
import { type Form, ownForm } from './codecs/form.js'
import { BATCH, LAST, readBatch } from './batch.js'
import { read, removeIf, replaceIf, tryInsert } from './operations.js'
import { type Pending, callFor, writes } from './pending.js'
import type { Table } from './table.js'

// Operations that call back, without a lock: what the callback decides is applied only if the entry is still what it
// saw, byte for byte; else it is asked again. What it has itself written to the key counts as seen (pending.ts).

/** What a callback of update returns to remove the entry. */
export const REMOVE: unique symbol = Symbol.for('tophash.remove') as never

/** What the entry has to be, for what a callback decided to be applied. */
function seenBy({ hasWritten, written }: Pending, before: Form | undefined): Form | undefined {
  return hasWritten ? written : before
}

/** Sets a value if the entry is still as it was seen; `seen` undefined: if there is none. Whether it did. */
function publish<K, V>(table: Table<K, V>, key: Form, seen: Form | undefined, value: Form): boolean {
  return seen ? replaceIf(table, key, seen, value) : tryInsert(table, key, value)
}

/** Replaces the value of a key by what `decide` makes of it; REMOVE removes it. Returns the new value. */
export function update<K, V>(
  table: Table<K, V>, given: K, decide: (current: V | undefined, exists: boolean) => V | typeof REMOVE,
): V | undefined {
  const key = ownForm(table.keys.pack(given))
  while (true) {
    const before = read(table, key)
    const { result: value, pending } = callFor(table.space, table.address, key, () => {
      const decided = decide(before && table.values.unpack(before), before !== undefined)
      return decided === REMOVE ? undefined : ownForm(table.values.pack(decided))
    })
    const seen = seenBy(pending, before)
    if (!value && (!seen || removeIf(table, key, seen))) return undefined
    if (value && publish(table, key, seen, value)) return table.values.unpack(value)
  }
}

/**
 * The value of a key; if there is none, the one that `compute` returns is set, and wins over others' by being first.
 */
export function getOrInsertComputed<K, V>(table: Table<K, V>, given: K, compute: (key: K) => V): V {
  const key = ownForm(table.keys.pack(given))
  while (true) {
    const before = read(table, key)
    if (before) return table.values.unpack(before)
    const { result: value, pending } = callFor(table.space, table.address, key, () => {
      return ownForm(table.values.pack(compute(canonical(given))))
    })
    const seen = seenBy(pending, undefined)
    if (publish(table, key, seen, value)) return table.values.unpack(value)
  }
}

/** A key as callbacks get it: 0 for -0. Bytes are a copy, which is theirs. */
function canonical<K>(key: K): K {
  if (key === 0) return 0 as K
  return isBytes(key) ? (new Uint8Array(key) as K) : key
}

/** Removes the entries that `keep` refuses. Returns how many. */
export function retain<K, V>(table: Table<K, V>, keep: (value: V, key: K) => unknown): number {
  let removed = 0
  let cursor = 0
  do {
    const batch = readBatch(table, cursor, LAST, BATCH)
    let seenWrites = writes
    for (const [key, item] of batch.entries) {
      table.ensureOpen()
      const form = ownForm(table.keys.pack(key))
      // What this thread has written since may have been this entry.
      const seen = writes === seenWrites ? table.values.seal(item) : read(table, form)
      if (seen && refuses(table, key, form, seen, keep)) {
        removed++
        if (writes === seenWrites + 1) seenWrites++ // that was this removal
      }
    }
    cursor = batch.cursor
  } while (cursor !== 0)
  return removed
}

/** Asks about one entry until the answer is about what is there. Whether it was removed. */
function refuses<K, V>(
  table: Table<K, V>, key: K, form: Form, first: Form, keep: (value: V, key: K) => unknown,
): boolean {
  for (let current: Form | undefined = first; current; current = read(table, form)) {
    const asked = current
    const { result, pending } = callFor(table.space, table.address, form, () => {
      return keep(table.values.unpack(asked), key)
    })
    if (result) return false
    const seen = seenBy(pending, asked)
    if (seen === undefined) return false // the predicate has removed it itself
    if (removeIf(table, form, seen)) return true
  }
  return false
}

/** Adds bigints of any size in a table of kind any. Undefined: what is there is no bigint. */
export function addBigint<K>(table: Table<K, unknown>, given: K, by: bigint): bigint | undefined {
  const key = ownForm(table.keys.pack(given))
  while (true) {
    const before = read(table, key)
    const value = before ? table.values.unpack(before) : 0n
    if (typeof value !== 'bigint') return undefined
    const total = value + by
    const form = table.values.pack(total)
    if (publish(table, key, before, form)) return total
  }
}
