import type { Memory } from './plain-format.js'

/**
 * Turns the objects in a map whose values are of kind `'any'` into bytes, and back: the `codec` option. Primitives, and
 * a Uint8Array that is a value by itself, need no codec and never reach it.
 *
 * The default is the codec `'structured'`, which keeps what structuredClone keeps. Bring another one to be faster or
 * smaller, or to keep classes:
 *
 * ```js
 * const json = {
 *   name: 'json',
 *   encode: (value) => new TextEncoder().encode(JSON.stringify(value)),
 *   decode: (bytes) => JSON.parse(new TextDecoder().decode(bytes)),
 * }
 * const map = new SharedMap(null, { codec: json })
 * const same = SharedMap.attach(handle, { codec: json }) // in every other thread
 * ```
 */
export interface ObjectCodec {
  /**
   * Names the format, for all threads: a map can be opened only with a codec of the name that it was made with.
   * Change it when the format changes.
   */
  readonly name: string
  /**
   * The bytes of an object. They are copied at once, so the array may be used again afterwards.
   *
   * The same object has to give the same bytes, and so does what decode() makes of them: `compareAndSet` and
   * `compareAndDelete` find out by the bytes whether an object is the expected one. What is thrown here, the operation
   * throws, and the map stays as it was.
   */
  encode(value: unknown): Uint8Array
  /** The object of bytes that encode() made. They are a private copy, not shared memory: it may keep views of them. */
  decode(bytes: Uint8Array): unknown
}

/** A codec of the library's own, which does the same without an array of bytes in between. */
export interface OwnCodec extends ObjectCodec {
  /** Takes in an object. Nobody else may be let in until what it returns is written, and done with. */
  write(value: unknown): Written | Uint8Array
  /** The object of bytes at `at` in this memory, a multiple of 8, where nobody else writes. Undefined: decode() a copy. */
  read(memory: Memory, at: number, byteLength: number): unknown
}

/** An object that has been taken in. */
export interface Written {
  /** The bytes that place() takes at most. */
  readonly mostBytes: number
  /** Writes them to `at`, a multiple of 8. Returns how many there are. */
  place(memory: Memory, at: number): number
  done(): void
}
