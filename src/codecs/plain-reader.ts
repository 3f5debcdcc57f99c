import { LENGTH_SHIFT } from '../core/layout.js'
import { LONGEST_SHORT } from '../core/short-text.js'
import { DEEPEST, type Memory, OwnMemory, TAG, TAG_BITS } from './plain-format.js'
import { HEADER_WORDS, MOST_WORDS, type Shape, areInherited, keysOf } from './plain-shapes.js'
import { type Store, common, internalized, storeOf } from './plain-stores.js'

// Reads what plain-writer.ts has written. Bytes that it has not written make another value or an error: every step looks
// where the words and the text end.

/** Up to here the texts are cut from one, to which they hold on; of longer ones each is read by itself. */
const LONGEST_CUT = 1024

/** Words: what is longer is not kept for the next value. */
const MOST_KEPT = 4096

/** A shape that was read before. */
interface Known extends Shape {
  keys: readonly string[]
  stores: readonly Store[]
  reads: number
}

/** What this thread has read before: by the hash in the header two each, of which the first is the newer one. */
const known: Known[] = new Array<Known>(256).fill(knownOf([], new Int32Array(2)))

function knownOf(keys: readonly string[], header: Int32Array): Known {
  return { keys, header, isInherited: areInherited(keys), stores: keys.map(() => common), reads: 0 }
}

/** So many reads of a shape show that its names are none that are met once. */
const OFTEN = 32

export class PlainReader {
  /** The words are copied here: what they lie in can be used again meanwhile, and a text may be read from it. */
  #own = new OwnMemory(1024)
  #at = 0
  #end = 0
  #memory: Memory = this.#own
  #textAt = 0
  #textEnd = 0
  /** Where texts that are read by themselves begin, and whether they are UTF-16. */
  #textBase = 0
  #isUtf16 = 0
  /** All text, if a text was cut from it. */
  #text = ''

  /** The value of the bytes at `at`, a multiple of 8. @throws Error if nobody can have written them */
  read(memory: Memory, at: number, byteLength: number): object {
    const first = memory.words[at >>> 2]!
    const end = first >>> (TAG_BITS + 1)
    const textBytes = byteLength - end * 4
    this.#isUtf16 = (first >>> TAG_BITS) & 1
    if (end < 2 || textBytes < 0 || (textBytes & this.#isUtf16) !== 0) throw damaged()
    this.#load(memory.words, at >>> 2, end)
    this.#memory = memory
    this.#textBase = at + end * 4
    this.#textAt = 0
    this.#textEnd = textBytes >>> this.#isUtf16
    const value = this.#readValue(0)
    if (this.#at !== end || this.#textAt !== this.#textEnd || typeof value !== 'object' || value === null) throw damaged()
    this.#memory = this.#own
    if (this.#text !== '') this.#text = ''
    return value
  }

  #load(words: Int32Array, from: number, end: number): void {
    const room = this.#own.words.length
    if (end > room || room > MOST_KEPT) this.#own = new OwnMemory(Math.max(1024, end * 4))
    const own = this.#own.words
    for (let i = 0; i < end; i++) own[i] = words[from + i]!
    this.#at = 1
    this.#end = end
  }

  /** A text by its place among the characters. */
  #decode(begin: number, length: number): string {
    const isUtf16 = this.#isUtf16
    return this.#memory.text.decode(((length << isUtf16) << LENGTH_SHIFT) | isUtf16, this.#textBase + (begin << isUtf16))
  }

  #next(): number {
    if (this.#at >= this.#end) throw damaged()
    return this.#own.words[this.#at++]!
  }

  #readValue(depth: number): unknown {
    const word = this.#next()
    switch (word & 0xff) {
      case TAG.string:
        return this.#readText(word >>> TAG_BITS)
      case TAG.small:
        return word >> TAG_BITS
      case TAG.double:
        return this.#readDouble()
      case TAG.object:
        return this.#readProperties({}, word, depth)
      case TAG.array:
        return this.#readArray(word >>> TAG_BITS, depth)
      case TAG.null:
        return null
      case TAG.true:
        return true
      case TAG.false:
        return false
      case TAG.undefined:
        return undefined
      case TAG.integer:
        return this.#next()
      case TAG.date:
        return new Date(this.#readDouble())
      case TAG.bare:
        return this.#readProperties(Object.create(null) as object, word, depth)
      default:
        throw damaged()
    }
  }

  #readText(length: number): string {
    const begin = this.#textAt
    const end = begin + length
    if (end > this.#textEnd) throw damaged()
    if (length === 0) return ''
    this.#textAt = end
    if (length <= LONGEST_SHORT && this.#isUtf16 === 0) return this.#memory.text.decodeShort(length, this.#textBase + begin)
    if (this.#textEnd > LONGEST_CUT) return this.#decode(begin, length)
    // Kept from here on only: a new string in an object that is old is something for the garbage collector to note.
    if (this.#text === '') this.#text = this.#decode(0, this.#textEnd)
    return this.#text.substring(begin, end)
  }

  #readDouble(): number {
    const at = this.#at
    if (at + 2 > this.#end) throw damaged()
    this.#at = at + 2
    return this.#own.view.getFloat64(at * 4, true)
  }

  #readArray(length: number, depth: number): unknown[] {
    if (depth >= DEEPEST || length > this.#end - this.#at) throw damaged()
    const array = new Array<unknown>(length)
    for (let i = 0; i < length; i++) array[i] = this.#readValue(depth + 1)
    return array
  }

  #readProperties(object: object, word: number, depth: number): object {
    if (depth >= DEEPEST) throw damaged()
    const { keys, isInherited, stores } = this.#readHeader(word)
    if (isInherited) return this.#defineProperties(object, keys, depth)
    const properties = object as Record<string, unknown>
    for (let i = 0; i < keys.length; i++) stores[i]!(properties, keys[i]!, this.#readValue(depth + 1))
    return object
  }

  /** Assigned, a property that the prototype has, too, is refused if that is frozen, or goes to a setter there. */
  #defineProperties(object: object, keys: readonly string[], depth: number): object {
    for (const key of keys) {
      const value = this.#readValue(depth + 1)
      Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
    }
    return object
  }

  #readHeader(word: number): Known {
    const begin = this.#at - 1
    const hash = this.#next()
    const place = hash & (known.length - 2)
    let shape = known[place]!
    if (shape.header[1] !== hash) shape = known[place + 1]!
    if (this.#begins(begin, shape.header)) {
      this.#at = begin + shape.header.length
      if (shape.reads < OFTEN && ++shape.reads === OFTEN) {
        shape.keys = shape.keys.map(internalized)
        shape.stores = shape.keys.map(storeOf)
      }
      return shape
    }
    const read = this.#readNames(begin, word >>> TAG_BITS)
    if (read.header.length <= MOST_WORDS) {
      known[place + 1] = known[place]!
      known[place] = read
    }
    return read
  }

  #begins(at: number, header: Int32Array): boolean {
    const { length } = header
    if (at + length > this.#end) return false
    const own = this.#own.words
    for (let i = 0; i < length; i++) if (own[at + i] !== header[i]) return false
    return true
  }

  #readNames(begin: number, count: number): Known {
    const header = this.#next()
    const byteLength = header >>> 1
    const from = begin + HEADER_WORDS
    const end = from + ((byteLength + 3) >>> 2)
    if (end > this.#end) throw damaged()
    const text = this.#own.text.decode((byteLength << LENGTH_SHIFT) | (header & 1), from * 4)
    const keys = keysOf(text, count)
    if (!keys) throw damaged()
    this.#at = end
    return knownOf(keys, this.#own.words.slice(begin, end))
  }
}

function damaged(): Error {
  return new Error('they end too early, or mean nothing')
}
