import type { Item, Reader } from '../codecs/codec.js'
import { FORM } from './layout.js'

/** Entries per batch: few, so that what is handed out is recent. */
export const BATCH = 64
/** Entries of the largest batch; it may have a few more, because chains are copied whole. */
export const LARGEST_BATCH = 4 * BATCH

/** What of each entry is asked for. */
export const { entries: ENTRIES, keys: KEYS, values: VALUES, keysAndWords: KEYS_AND_WORDS } = FORM

/** What columns of words have room for at first. */
const ROOM = LARGEST_BATCH + BATCH

/** A batch in columns. Those of words are used again for the next one. */
export class Columns<K, V> {
  keys: K[] = []
  items: Item<V>[] = []
  count = 0
  /** Of each key two halves of a word: itself, or what names its block. There where the keys are not, or both are asked for. */
  words: Int32Array = new Int32Array()
  /** The places that the batch covers. */
  first = 0
  last = 0
  /** Whether there are keys: see late-keys.ts. */
  hasKeys = true

  /** Makes place for `count` keys of this reader's. */
  keysFor(reader: Reader<Item<K>>, count: number): Item<K>[] {
    this.keys = columnFor(this.keys, reader, count) as K[]
    return this.keys
  }

  itemsFor(reader: Reader<Item<V>>, count: number): Item<V>[] {
    this.items = columnFor(this.items, reader, count)
    return this.items
  }

  wordsFor(count: number): Int32Array {
    if (this.words.length < 2 * count) this.words = new Int32Array(2 * Math.max(count, ROOM))
    return this.words
  }

  /** Holds on to no entry any more. */
  clear(): void {
    this.keys = []
    this.items = []
    this.count = 0
  }
}

function columnFor<T>(column: T[], reader: Reader<T>, count: number): T[] {
  if (reader.columnOf) return column.length < count ? reader.columnOf(new ArrayBuffer(8 * Math.max(count, ROOM))) : column
  // A new one for each batch: into one that has grown old each object that is new would have to be noted.
  const fresh = new Array<T>(count)
  fresh[0] = undefined as T // an array of anything: in one of doubles each number that is read would be made anew
  return fresh
}
