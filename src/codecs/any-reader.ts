import { BLOCK_HEADER_BYTES, LENGTH_SHIFT, PAGE_BYTES, TYPE, TYPE_MASK } from '../core/layout.js'
import type { Heap } from '../heap/heap.js'
import { itemOf, unpackPlain } from './any.js'
import type { Reader } from './codec.js'
import { isBlock } from './encoded.js'

/** Texts up to this length are cut from one that was read for many, where that is faster. */
const LONGEST_CUT = 128
/** Bytes that are read at once. A text that was cut from them can hold on to all of them, so it is not more. */
const WINDOW = 1024

/** What was read of a batch last, at once, for texts to be cut from: those of its keys and of its values. */
export class Window {
  readonly #heap: Heap
  #text = ''
  #from = 0
  #end = 0

  constructor(heap: Heap) {
    this.#heap = heap
  }

  /** The text at `at`, in the scratch page: only that is this thread's alone, so that what lies around the text does not change. */
  cut(at: number, length: number): string {
    if (at < this.#from || at + length > this.#end) this.#move(at)
    const begin = at - this.#from
    return this.#text.substring(begin, begin + length)
  }

  #move(at: number): void {
    this.#from = at
    this.#end = Math.min(at + WINDOW, this.#heap.scratch + PAGE_BYTES)
    this.#text = this.#heap.text.decode((this.#end - at) << LENGTH_SHIFT, at)
  }

  /** A new batch begins. */
  forget(): void {
    this.#text = ''
    this.#from = this.#end = 0
  }
}

/** Keys or values of kind string, bytes or any in a batch: a header, then a word or a payload. Objects stay sealed. */
export class BoxReader implements Reader<unknown> {
  end = 0
  readonly #heap: Heap
  readonly #window: Window
  // What every entry of a usual batch needs, at hand: where the scratch page lies, and views that reach it.
  readonly #begin: number
  readonly #words: Int32Array
  readonly #floats: Float64Array
  readonly #isCut: boolean

  constructor(heap: Heap, window: Window) {
    this.#heap = heap
    this.#window = window
    this.#begin = heap.scratch
    this.#words = heap.words
    this.#floats = heap.floats
    this.#isCut = heap.text.isBestCut
  }

  read(at: number): unknown {
    if (at < this.#begin || at >= this.#begin + PAGE_BYTES) return this.#readAnywhere(at)
    const meta = this.#words[at >>> 2]!
    if (meta === TYPE.number) {
      this.end = at + BLOCK_HEADER_BYTES + 8
      return this.#floats[(at + BLOCK_HEADER_BYTES) >>> 3]!
    }
    const length = meta >>> LENGTH_SHIFT
    if (!this.#isCut || (meta & TYPE_MASK) !== TYPE.latin1 || length > LONGEST_CUT) return this.#readAnywhere(at)
    const payload = at + BLOCK_HEADER_BYTES
    this.end = payload + ((length + 7) & ~7)
    return this.#window.cut(payload, length)
  }

  #readAnywhere(at: number): unknown {
    const meta = this.#heap.wordAt(at)
    const payload = at + BLOCK_HEADER_BYTES
    if (meta === TYPE.number) {
      this.end = payload + 8
      return this.#heap.floatAt(payload)
    }
    if (meta === TYPE.word) {
      this.end = payload + 8
      return unpackPlain({ meta, content: this.#heap.bigintAt(payload) })
    }
    const length = meta >>> LENGTH_SHIFT
    this.end = payload + ((length + 7) & ~7)
    return itemOf({ meta, content: this.#heap.payloadAt(meta, payload) })
  }

  skip(at: number): number {
    const meta = this.#heap.wordAt(at)
    const payload = at + BLOCK_HEADER_BYTES
    return payload + (isBlock(meta) ? ((meta >>> LENGTH_SHIFT) + 7) & ~7 : 8)
  }

  begin(): void {
    this.#window.forget()
  }
}

/** Values of a set in a batch: nothing. */
export class NothingReader implements Reader<undefined> {
  end = 0
  readonly bytes = 0

  read(at: number): undefined {
    this.end = at
    return undefined
  }

  skip(at: number): number {
    return at
  }

  readColumn(): void {}
}
