import { LENGTH_SHIFT, TYPE } from '../core/layout.js'
import type { Written } from './object-codec.js'
import { DEEPEST, MARK, MOST, type Memory, TAG, TAG_BITS } from './plain-format.js'
import { type Outer, type Shape, TOP, type Trail, entryOf } from './plain-shapes.js'
import { isError } from './structured-errors.js'
import { tagOf } from './structured-values.js'

// Takes in plain values, as plain-format.ts describes, and says of all others that they are none.

/** Objects up to this number are looked for one by one. */
const FEW = 32
/** What is larger is not kept for the next value. */
const MOST_KEPT = 4096

const double = new Float64Array(1)
const halves = new Int32Array(double.buffer)

export class PlainWriter implements Written {
  #words = new Int32Array(256)
  #end = 0
  // Texts one behind another, as they are: put together, they would be copied once more.
  #texts: string[] = []
  #textsEnd = 0
  #textLength = 0
  // All that was read, object after object: elements, or values and an array of their names. A getter must not be asked twice.
  #log: unknown[] = []
  #logEnd = 0
  // The objects, and where in the log each begins: none is read while another is.
  #seen: object[] = []
  #begins: number[] = []
  #seenEnd = 0
  #all: Set<object> | undefined
  #isPolluted = false
  readonly #giveBack: (writer: PlainWriter) => void

  constructor(giveBack: (writer: PlainWriter) => void) {
    this.#giveBack = giveBack
  }

  /** Takes in a value. Whether it is a plain one; what was read of it is to be had from readings(), until done(). */
  write(value: unknown): boolean {
    this.#end = 1
    this.#isPolluted = hasNames(Object.prototype)
    return typeof value === 'object' && value !== null && this.#writeObject(value, TOP, 0, 1) && this.#end <= MOST
  }

  /** What place() takes at most. */
  get mostBytes(): number {
    return this.#end * 4 + this.#textLength * 2
  }

  /** Writes what was taken in to `at`, a multiple of 8. Returns the bytes that it takes. */
  place({ words, text }: Memory, at: number): number {
    const end = this.#end
    const from = this.#words
    const meta = text.encodeAll(this.#texts, this.#textsEnd, at + end * 4)
    from[0] = MARK | ((meta & TYPE.utf16) << TAG_BITS) | (end << (TAG_BITS + 1))
    for (let i = 0, to = at >>> 2; i < end; i++, to++) words[to] = from[i]!
    return end * 4 + (meta >>> LENGTH_SHIFT)
  }

  /** What write() has read, when it came upon something that is not plain. */
  readings(): Readings {
    return new Readings(this.#log.slice(0, this.#logEnd), this.#seen.slice(0, this.#seenEnd), this.#begins)
  }

  /** Forgets the value. */
  done(): void {
    this.#all = undefined
    if (this.#textsEnd > MOST_KEPT) this.#texts = []
    else for (let i = 0; i < this.#textsEnd; i++) this.#texts[i] = ''
    if (this.#logEnd > MOST_KEPT) this.#log = []
    else for (let i = 0; i < this.#logEnd; i++) this.#log[i] = undefined
    if (this.#seenEnd > MOST_KEPT) [this.#seen, this.#begins] = [[], []]
    else for (let i = 0; i < this.#seenEnd; i++) this.#seen[i] = undefined as never
    if (this.#words.length > MOST_KEPT) this.#words = new Int32Array(256)
    this.#logEnd = this.#seenEnd = this.#textsEnd = this.#textLength = 0
    this.#giveBack(this)
  }

  /**
   * Writes what the log has from `begin` to `end`. Few functions, of which the engine makes few copies: there is little room for code that
   * runs without a miss.
   *
   * @param outer the object that the values are in: in its properties from `place` on, or in an array there, if `step` is 0
   */
  #writeValues(begin: number, end: number, outer: Outer, place: number, step: number, depth: number): boolean {
    for (let i = begin; i < end; i++, place += step) {
      const value = this.#log[i]
      if (this.#end + WORDS_OF_A_VALUE > this.#words.length) this.#widen(WORDS_OF_A_VALUE)
      if (typeof value === 'string') {
        if (!this.#writeText(value)) return false
      } else if (typeof value === 'number') this.#writeNumber(value)
      else if (typeof value === 'object' && value !== null) {
        if (!this.#writeObject(value, outer, place, depth)) return false
      } else if (!this.#writeConstant(value)) return false
    }
    return true
  }

  #writeConstant(value: unknown): boolean {
    const tag = value === null ? TAG.null : value === true ? TAG.true : value === false ? TAG.false : TAG.undefined
    if (tag === TAG.undefined && value !== undefined) return false
    this.#words[this.#end++] = tag
    return true
  }

  #writeText(text: string): boolean {
    const length = this.#textLength + text.length
    if (length > MOST) return false
    this.#textLength = length
    if (text !== '') this.#texts[this.#textsEnd++] = text
    this.#words[this.#end++] = TAG.string | (text.length << TAG_BITS)
    return true
  }

  #writeNumber(value: number): void {
    const words = this.#words
    const integer = value | 0
    if (integer !== value || (integer === 0 && 1 / value < 0)) this.#writeDouble(TAG.double, value)
    else if ((integer << TAG_BITS) >> TAG_BITS === integer) words[this.#end++] = TAG.small | (integer << TAG_BITS)
    else {
      words[this.#end++] = TAG.integer
      words[this.#end++] = integer
    }
  }

  /** NaN always as the same one. */
  #writeDouble(tag: number, value: number): void {
    const words = this.#words
    double[0] = value
    words[this.#end++] = tag
    words[this.#end++] = value === value ? halves[0]! : 0
    words[this.#end++] = value === value ? halves[1]! : 0x7ff80000
  }

  #writeObject(source: object, outer: Outer, place: number, depth: number): boolean {
    if (depth > DEEPEST || this.#isSeen(source)) return false
    if (Array.isArray(source)) return this.#writeArray(source, outer, place, depth)
    const proto: unknown = Object.getPrototypeOf(source)
    if (proto === null) return this.#writeProperties(source, entryOf(outer, place, true), false, depth)
    if (proto === Object.prototype) return this.#writeProperties(source, entryOf(outer, place, false), this.#isPolluted, depth)
    return this.#writeSpecial(source, outer, place, depth)
  }

  /** What structured.ts writes as a plain object, or as a date, is one here. */
  #writeSpecial(source: object, outer: Outer, place: number, depth: number): boolean {
    if (isError(source)) return false
    const tag = tagOf(source)
    if (tag === 'Object') return this.#writeProperties(source, entryOf(outer, place, false), true, depth)
    if (tag !== 'Date') return false
    this.#writeDouble(TAG.date, Date.prototype.getTime.call(source))
    return true
  }

  #writeArray(source: readonly unknown[], outer: Outer, place: number, depth: number): boolean {
    const { length } = source
    if (!(length <= MOST)) return false
    const begin = this.#logEnd
    for (let i = 0; i < length; i++) {
      if (!Object.hasOwn(source, i)) return false
      this.#log[this.#logEnd++] = source[i]
    }
    this.#words[this.#end++] = TAG.array | (length << TAG_BITS)
    return this.#writeValues(begin, begin + length, outer, place, 0, depth + 1)
  }

  /** @param isCareful whether for-in could have more than the object's own names; it is faster where it has not */
  #writeProperties(source: object, entry: Trail, isCareful: boolean, depth: number): boolean {
    const log = this.#log
    const begin = this.#logEnd
    let at = begin
    let trail = entry
    if (isCareful) {
      for (const key of Object.keys(source)) {
        log[at++] = source[key as never]
        trail = trail.after(key)
      }
    } else {
      for (const key in source) {
        log[at++] = source[key as never]
        trail = trail.after(key)
      }
    }
    log[at] = trail.keys
    this.#logEnd = at + 1
    const shape = trail.shape()
    return shape !== undefined && this.#writeHeader(shape) && this.#writeValues(begin, at, shape, 0, 1, depth + 1)
  }

  #writeHeader({ header }: Shape): boolean {
    const { length } = header
    if (this.#end + length > this.#words.length) this.#widen(length)
    if (this.#end + length > MOST) return false
    const words = this.#words
    let at = this.#end
    for (let i = 0; i < length; i++) words[at++] = header[i]!
    this.#end = at
    return true
  }

  /** Whether an object was met before: it has to be one object again. */
  #isSeen(object: object): boolean {
    const end = this.#seenEnd
    if (end <= FEW) for (let i = 0; i < end; i++) if (this.#seen[i] === object) return true
    if (end > FEW) {
      this.#all ??= new Set(this.#seen.slice(0, end))
      if (this.#all.has(object)) return true
      this.#all.add(object)
    }
    this.#seen[end] = object
    this.#begins[end] = this.#logEnd
    this.#seenEnd = end + 1
    return false
  }

  #widen(more: number): void {
    const words = new Int32Array(2 * this.#words.length + more)
    words.set(this.#words)
    this.#words = words
  }
}

/** A tag and a double. */
const WORDS_OF_A_VALUE = 3

/** Where in the log what was read of an object begins and ends, and which of its names was asked for last. */
interface Place {
  readonly begin: number
  readonly end: number
  last: number
}

/** What was read of objects before it turned out that they have to be written the other way. */
export class Readings {
  readonly #log: readonly unknown[]
  readonly #places = new Map<object, Place>()

  constructor(log: readonly unknown[], objects: readonly object[], begins: readonly number[]) {
    this.#log = log
    objects.forEach((object, i) => {
      const begin = begins[i]!
      this.#places.set(object, { begin, end: i + 1 < objects.length ? begins[i + 1]! : log.length, last: 0 })
    })
  }

  /** What a property was, if it was read; else what it is. */
  get(source: object, key: string | number): unknown {
    const place = this.#places.get(source)
    const at = place ? (Array.isArray(source) ? itemAt(place, key) : this.#find(place, key as string)) : -1
    return at < 0 ? source[key as never] : this.#log[at]
  }

  #find(place: Place, key: string): number {
    const { begin, end, last } = place
    if (begin === end) return -1
    const names = this.#log[end - 1] as readonly string[]
    let at = names.indexOf(key, last) // in order, most of the time
    if (at < 0) at = names.indexOf(key)
    place.last = at
    return at < 0 ? -1 : begin + at
  }
}

/** Of an array with many holes items are asked for by the names that they have as properties. */
function itemAt({ begin, end }: Place, key: string | number): number {
  const at = begin + Number(key)
  return at < end ? at : -1
}

/** Whether for-in finds any. */
function hasNames(object: object): boolean {
  for (const _ in object) return true
  return false
}
