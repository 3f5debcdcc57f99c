import { LENGTH_SHIFT, TYPE } from './layout.js'
import { type TextBuffer, textBuffer } from './platform.js'
import { compiled } from './compiled.js'
import { LONGEST_SHORT, knownText, shortText } from './short-text.js'
import { LEAST_WRITTEN, fromBytes, fromWords, writeAscii } from './unbuffered.js'

/**
 * Strings as bytes: Latin-1, one byte a character, where every code unit fits; else UTF-16 as it is. So equal strings
 * have equal bytes, and lone surrogates survive, which UTF-8 cannot carry. The meta word that goes with the bytes is
 * `byteLength << 3 | type`.
 */
export class TextView {
  readonly #bytes: Uint8Array
  readonly #units: Uint16Array
  readonly #words: Uint32Array
  readonly #view: DataView
  readonly #buffer: TextBuffer | undefined
  /** Up to here a loop is faster than a call into the runtime. */
  readonly #loopLength: number

  /** A view for encoding and decoding at byte addresses of this memory. */
  constructor(memory: ArrayBufferLike) {
    this.#bytes = new Uint8Array(memory)
    this.#units = new Uint16Array(memory)
    this.#words = new Uint32Array(memory)
    this.#view = new DataView(memory)
    this.#buffer = textBuffer(memory)
    this.#loopLength = this.#buffer ? LOOP_LENGTH : LEAST_WRITTEN - 1
  }

  /** Bytes of memory that this view reaches: memory that grew later is out of its reach. */
  get byteLength(): number {
    return this.#bytes.length
  }

  /** Whether many short texts are best read as one that is cut: a call into a Buffer costs more than a cut. */
  get isBestCut(): boolean {
    return this.#buffer !== undefined
  }

  /** Writes a text that was measured to fit. `at` is a multiple of 4. Returns the meta word. */
  encode(text: string, at: number): number {
    const length = text.length
    if (length > this.#loopLength) return this.#encodeLong(text, at)
    const bytes = this.#bytes
    const words = this.#words
    let seen = 0
    let i = 0
    for (let to = at >>> 2; i + 4 <= length; i += 4, to++) {
      const a = text.charCodeAt(i)
      const b = text.charCodeAt(i + 1)
      const c = text.charCodeAt(i + 2)
      const d = text.charCodeAt(i + 3)
      seen |= a | b | c | d
      words[to] = a | (b << 8) | (c << 16) | (d << 24)
    }
    for (; i < length; i++) {
      const unit = text.charCodeAt(i)
      bytes[at + i] = unit
      seen |= unit
    }
    return seen < 256 ? length << 3 : this.#encodeUtf16(text, at)
  }

  /** The same of so many texts, which are written one behind another, as one. */
  encodeAll(texts: readonly string[], count: number, at: number): number {
    const bytes = this.#bytes
    let end = at
    let seen = 0
    for (let index = 0; index < count; index++) {
      const text = texts[index]!
      const length = text.length
      if (length > this.#loopLength) {
        if (!isLatin1(text)) return this.#encodeAllUtf16(texts, count, at)
        this.#writeLatin1(text, end)
      } else
        for (let i = 0; i < length; i++) {
          const unit = text.charCodeAt(i)
          bytes[end + i] = unit
          seen |= unit
        }
      end += length
    }
    return seen < 256 ? (end - at) << LENGTH_SHIFT : this.#encodeAllUtf16(texts, count, at)
  }

  #encodeAllUtf16(texts: readonly string[], count: number, at: number): number {
    let end = at
    for (let index = 0; index < count; index++) {
      const text = texts[index]!
      this.#encodeUtf16(text, end)
      end += text.length * 2
    }
    return ((end - at) << LENGTH_SHIFT) | TYPE.utf16
  }

  #encodeLong(text: string, at: number): number {
    if (!isLatin1(text)) return this.#encodeUtf16(text, at)
    this.#writeLatin1(text, at)
    return latin1Meta(text)
  }

  #writeLatin1(text: string, at: number): void {
    if (this.#buffer) this.#buffer.latin1Write(text, at, text.length)
    else if (!writeAscii(text, this.#bytes, at)) writeUnits(text, this.#bytes, at)
  }

  #encodeUtf16(text: string, at: number): number {
    writeUnits(text, this.#units, at >>> 1)
    return utf16Meta(text)
  }

  /** Reads so many bytes of Latin-1, LONGEST_SHORT at most, which may have been read before. */
  decodeShort(length: number, at: number): string {
    return knownText(this.#bytes, this.#view, at, length)
  }

  /** Reads the text of a meta word back. */
  decode(meta: number, at: number): string {
    const length = meta >>> LENGTH_SHIFT
    const isUtf16 = meta & TYPE.utf16
    if (length <= LONGEST_SHORT && isUtf16 === 0) return shortText(this.#bytes, at, length)
    const end = at + length
    if (this.#buffer && length > JOIN_LENGTH) return isUtf16 ? this.#buffer.ucs2Slice(at, end) : this.#buffer.latin1Slice(at, end)
    return isUtf16 ? fromWords(this.#units, at >>> 1, end >>> 1) : fromBytes(this.#bytes, at, end)
  }
}

/** Up to here a loop is faster than a Buffer. */
const LOOP_LENGTH = 40

/** The same of reading, in bytes of UTF-16. */
const JOIN_LENGTH = 12

/** Engines know of most texts that all of their units are bytes: then no loop is needed, and this is at its end at once. */
const BEYOND_LATIN1 = compiled(/[^\0-\xff]/)

function isLatin1(text: string): boolean {
  return !BEYOND_LATIN1.test(text)
}

// By multiplication: of a text that is too long the meta word is beyond 32 bits, for the caller to see.

function latin1Meta(text: string): number {
  return text.length * 2 ** LENGTH_SHIFT + TYPE.latin1
}

function utf16Meta(text: string): number {
  return text.length * 2 ** (LENGTH_SHIFT + 1) + TYPE.utf16
}

/** Meta word of a text, without encoding it: for those that do not fit into scratch. 2^32 or more: it is too long. */
export function measure(text: string): number {
  return isLatin1(text) ? latin1Meta(text) : utf16Meta(text)
}

function writeUnits(text: string, to: Uint8Array | Uint16Array, at: number): void {
  for (let i = 0; i < text.length; i++) to[at + i] = text.charCodeAt(i)
}
