import type { Encoded } from './encoded.js'

/**
 * How a table's keys cross the boundary. The first methods are the fast ones: each checks the key's type and calls the
 * export that is made for it; what it returns is that export's raw result. All other operations take a Encoded.
 */
export interface KeyCodec<K> {
  /** The value's raw result; NaN says: look at the status. */
  get(key: K): number
  /** 1 or 0; NaN says: look at the status. */
  has(key: K): number
  setNumber(key: K, value: number): number
  /** Sets a block that lies in the value area, or in the heap already. */
  setBlock(key: K, source: number, meta: number): number
  /** Sets 64 bits as they are. */
  setWord(key: K, value: bigint): number
  delete(key: K): number
  /** The new number; NaN says: look at the status. */
  increment(key: K, by: number): number
  /** The key as it is stored. @throws ERR_KEY_TYPE, ERR_VALUE_TYPE in a set */
  pack(key: K): Encoded
  /** Its entry is removed: nothing is remembered of this key. */
  forget?(key: Encoded): void
  /** The table is closed in this thread, or cleared: nothing is remembered of its keys. */
  end?(): void
}

/** How a table's values cross the boundary. */
export abstract class ValueCodec<V> {
  /** Sets a key to a value: a status. @throws ERR_VALUE_TYPE */
  abstract set<K>(keys: KeyCodec<K>, key: K, value: V): number
  /** The value that a raw result (not NaN) stands for. */
  abstract decode(raw: number): V
  /** The value that an operation has described in its results. */
  abstract result(): V
  /** The value as it is stored. @throws ERR_VALUE_TYPE */
  abstract pack(value: V): Encoded

  /** The value of something encoded, which stays as it is. */
  unpack(encoded: Encoded): V {
    return encoded.content as V
  }

  /** Something encoded that nobody else uses, as an item of a batch. */
  item(encoded: Encoded): Item<V> {
    return encoded.content as V
  }

  /** The value of an item of a batch. */
  open(item: Item<V>): V {
    return item as V
  }

  /** An item of a batch as it is stored. */
  seal(item: Item<V>): Encoded {
    return this.pack(item as V)
  }
}

/** An object that has been copied out of the table but not been decoded, because that may run code of the program's. */
export class Sealed {
  readonly encoded: Encoded

  constructor(encoded: Encoded) {
    this.encoded = encoded
  }
}

/** A value, or an object that is still sealed. */
export type Item<V> = V | Sealed

/** Reads keys or values one by one from a batch. */
export interface Reader<T> {
  /** Reads what lies at byte address `at`, and leaves in `end` the address behind it. */
  read(at: number): T
  readonly end: number
  /** The address behind it. */
  skip(at: number): number
  /** Bytes of each, where all take the same. */
  readonly bytes?: number
  /** What the words in a buffer stand for, where that is all they are. */
  readonly columnOf?: (buffer: ArrayBufferLike) => T[]
  /** Reads `count` of those, which lie `stride` bytes from one another. */
  readColumn?(column: T[], at: number, count: number, stride: number): void
  /** A new batch begins: forgets what is at hand of the one before. */
  begin?(): void
}
