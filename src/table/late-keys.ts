import { Columns, KEYS_AND_WORDS, LARGEST_BATCH } from './columns.js'
import { KEY_HASH } from './layout.js'
import { readColumns } from './scan.js'
import type { Table } from './table.js'

// A walk over values reads no keys: each may lie in a block of its own somewhere. It keeps their words. Once its thread has written
// to the table the keys are needed, to see what has become of the entries that have not been visited. A key that is a word is read
// from that. For blocks the places of the batch are read once more: an entry that has been there all the time has the same word, since its
// key stays where it is, and with the word comes the key.

/** In place of a key: its entry is not there any more. */
export const GONE: unique symbol = Symbol('gone')

/** Reads the keys of a batch of values, of which those from the entry `from` on have not been visited. */
export function bringKeys<K, V>(table: Table<K, V>, columns: Columns<K, V>, from: number): void {
  if (columns.hasKeys) return
  const { columnOf } = table.keyReader
  columns.keys = columnOf ? (columnOf(columns.words.buffer) as K[]) : keysOf(table, columns, from)
  columns.hasKeys = true
}

function keysOf<K, V>(table: Table<K, V>, columns: Columns<K, V>, from: number): K[] {
  const { words, count } = columns
  const known = new Map<string, number>()
  for (let i = 0; i < count; i++) known.set(nameOf(words, i), i)
  const keys = new Array<K | typeof GONE>(count).fill(GONE)
  const others = new Map<number, K[]>()
  readAgain(table, columns, (name, hash, key) => {
    const i = known.get(name)
    if (i !== undefined) keys[i] = key
    else if (others.get(hash)?.push(key) === undefined) others.set(hash, [key])
  })
  // What was removed and set again lies in another block. It is told by the bits of its hash; if it may be one that has been visited it is not
  // visited again. (Of two in one chain that have the same bits, one pair in some thousands, it may be the other one that is passed over, or
  // visited again in its block. What is there throughout is visited once in any case.)
  for (let i = 0; i < from; i++) if (keys[i] === GONE) others.get(hashOf(words, i))?.pop()
  for (let i = from; i < count; i++) if (keys[i] === GONE) keys[i] = others.get(hashOf(words, i))?.pop() ?? GONE
  return keys as K[]
}

/** Tells all keys that there are now in the places of a batch. */
function readAgain<K, V>(
  table: Table<K, V>,
  { first, last }: Columns<K, V>,
  tell: (name: string, hash: number, key: K) => void,
): void {
  const columns = new Columns<K, V>()
  let cursor = first
  do {
    cursor = readColumns(table, columns, cursor, last, LARGEST_BATCH, KEYS_AND_WORDS)
    const { keys, words, count } = columns
    for (let i = 0; i < count; i++) tell(nameOf(words, i), hashOf(words, i), keys[i]!)
  } while (cursor !== 0)
}

function nameOf(words: Int32Array, i: number): string {
  return `${words[2 * i]} ${words[2 * i + 1]}`
}

/** The bits of a hash that the word of a block has. */
function hashOf(words: Int32Array, i: number): number {
  const bits = (words[2 * i + 1]! << (32 - KEY_HASH.shift)) | (words[2 * i]! >>> KEY_HASH.shift)
  return bits & (2 ** KEY_HASH.bits - 1)
}
