/**
 * How a map's keys cross the boundary. Each method checks the key's type and calls the export that is made for it;
 * what it returns is that export's raw result.
 */
export interface KeyCodec<K> {
  /** The value's raw result; NaN says: look at the status. */
  get(key: K): number
  has(key: K): number
  setNumber(key: K, value: number): number
  setBlock(key: K, source: number, meta: number): number
  delete(key: K): number
  increment(key: K, by: number): number
}

/** How a map's values cross the boundary. */
export interface ValueCodec<V> {
  /** Sets a key to a value: a status. */
  set<K>(keys: KeyCodec<K>, key: K, value: V): number
  /** The value that a raw result (not NaN) stands for. */
  decode(raw: number): V
  /** The value of a raw result that is NaN although there is an entry. */
  readonly nan: V | undefined
}

/** Reads the entries of a batch one by one from the scratch page, or from where it spilled to. */
export interface Reader<T> {
  /** Reads what lies at byte address `at`, and leaves in `end` the address behind it. */
  read(at: number): T
  readonly end: number
}
