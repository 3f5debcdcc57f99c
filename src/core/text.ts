import { LENGTH_SHIFT, TYPE } from './layout.js'
import { type TextBuffer, textBuffer } from './platform.js'
import { compiled } from './compiled.js'

/**
 * Strings as bytes: Latin-1, one byte a character, where every code unit fits; else UTF-16 as it is. So equal strings
 * have equal bytes, and lone surrogates survive, which UTF-8 cannot carry. The meta word that goes with the bytes is
 * `byteLength << 3 | type`.
 */
export class TextView {
  readonly #bytes: Uint8Array
  readonly #units: Uint16Array
  readonly #buffer: TextBuffer | undefined

  /** A view for encoding and decoding at byte addresses of this memory. */
  constructor(memory: ArrayBufferLike) {
    this.#bytes = new Uint8Array(memory)
    this.#units = new Uint16Array(memory)
    this.#buffer = textBuffer(memory)
  }

  /** Bytes of memory that this view reaches: memory that grew later is out of its reach. */
  get byteLength(): number {
    return this.#bytes.length
  }

  /** Writes a text that was measured to fit. `at` is a multiple of 8. Returns the meta word. */
  encode(text: string, at: number): number {
    const length = text.length
    if (length > LOOP_LENGTH) return this.#encodeLong(text, at)
    const bytes = this.#bytes
    let seen = 0
    for (let i = 0; i < length; i++) {
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
      if (length > LOOP_LENGTH) {
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
    else for (let i = 0; i < text.length; i++) this.#bytes[at + i] = text.charCodeAt(i)
  }

  #encodeUtf16(text: string, at: number): number {
    const units = this.#units
    for (let i = 0, to = at >>> 1; i < text.length; i++, to++) units[to] = text.charCodeAt(i)
    return utf16Meta(text)
  }

  /** Reads the text of a meta word back. */
  decode(meta: number, at: number): string {
    const end = at + (meta >>> LENGTH_SHIFT)
    if (this.#buffer) return meta & TYPE.utf16 ? this.#buffer.ucs2Slice(at, end) : this.#buffer.latin1Slice(at, end)
    return meta & TYPE.utf16 ? fromUnits(this.#units, at >>> 1, end >>> 1) : fromUnits(this.#bytes, at, end)
  }
}

/** Up to here a loop is faster than a call into the runtime. */
const LOOP_LENGTH = 40
/** Arguments that every engine takes in one call. */
const CALL_LENGTH = 4096

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

/** Where code units are decoded without a Buffer. TextDecoder refuses shared memory, and lone surrogates. */
function fromUnits(units: Uint8Array | Uint16Array, begin: number, end: number): string {
  let text = ''
  for (let at = begin; at < end; at += CALL_LENGTH) {
    const part = units.subarray(at, Math.min(end, at + CALL_LENGTH))
    text += String.fromCharCode.apply(null, part as unknown as number[])
  }
  return text
}
