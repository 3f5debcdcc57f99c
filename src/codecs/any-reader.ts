import { BLOCK_HEADER_BYTES, LENGTH_SHIFT, PAGE_BYTES, TYPE, TYPE_MASK } from '../core/layout.js'
import type { Heap } from '../heap/heap.js'
import { itemOf, unpackPlain } from './any.js'
import type { Reader } from './codec.js'

/** Texts up to this length are cut from one that was read for many, where that is faster. */
const LONGEST_CUT = 128
/** Bytes that are read at once. A text that was cut from them can hold on to all of them, so it is not more. */
const WINDOW = 1024

/** Keys or values of kind string, bytes or any in a batch: a header, then a word or a payload. Objects stay sealed. */
export class BoxReader implements Reader<unknown> {
  end = 0
  readonly #heap: Heap
  // Where in the batch a window was read, and what it says.
  #window = ''
  #from = 0
  #end = 0

  constructor(heap: Heap) {
    this.#heap = heap
  }

  read(at: number): unknown {
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
    if ((meta & TYPE_MASK) === TYPE.latin1 && length <= LONGEST_CUT && this.#isBestCut(payload)) return this.#cut(payload, length)
    return itemOf({ meta, content: this.#heap.payloadAt(meta, payload) })
  }

  begin(): void {
    this.#window = ''
    this.#from = this.#end = 0
  }

  #cut(at: number, length: number): string {
    if (at < this.#from || at + length > this.#end) {
      this.#from = at
      this.#end = Math.min(at + WINDOW, this.#heap.scratch + PAGE_BYTES)
      this.#window = this.#heap.text.decode((this.#end - at) << LENGTH_SHIFT, at)
    }
    return this.#window.substring(at - this.#from, at - this.#from + length)
  }

  /** Only the scratch page is this thread's alone, so that what lies around a text does not change. */
  #isBestCut(at: number): boolean {
    const { scratch, text } = this.#heap
    return text.isBestCut && at >= scratch && at < scratch + PAGE_BYTES
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

  readColumn(): void {}
}
