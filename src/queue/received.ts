import { BLOCK_HEADER_BYTES, SCRATCH, STATUS, TYPE } from '../core/layout.js'
import type { Encoded } from '../codecs/encoded.js'
import type { Heap } from '../heap/heap.js'
import { soon } from '../recovery/exceptions.js'
import type { Table } from '../table/table.js'
import { BATCH } from './layout.js'

/** High half of the words that are no doubles: see assembly/layout/word.ts. */
const BOXED = 0xfff8_0000
/** The words among them that are no blocks: 1 to this. */
const LAST_WORD = 4

/**
 * Items that were received: they are this thread's until `done()`, which takes them for good, or `release()`, which gives them
 * back, in front and in order. So does the end of the thread, however it ends.
 */
export class Received<T> implements Disposable {
  /** The items, first in first out; none if the time was over. */
  readonly items: readonly T[]
  readonly #table: Table<undefined, T>
  // The thread's, not the table's: they are good as long as the thread has the queue open, be it by another SharedQueue.
  readonly #heap: Heap
  readonly #stripe: number
  readonly #batch: number
  #isOpen: boolean

  /**
   * @internal What core.receive() has just left in the results.
   * @param items gets them; if one cannot be read, those before it
   */
  constructor(table: Table<undefined, T>, count: number, items: T[] = []) {
    const { heap, stripe } = table
    this.#table = table
    this.#heap = heap
    this.#stripe = stripe
    this.#batch = count > 0 ? heap.wordAt(heap.scratch + SCRATCH.address) : 0
    this.#isOpen = count > 0
    this.items = items
    try {
      for (let index = 0; index < count; index++) items.push(itemAt(table, this.#batch + BATCH.words + 8 * index))
    } catch (error) {
      void soon.then(() => this.release()) // if there is too little of the stack left for it now
      this.release()
      throw error
    }
  }

  /**
   * Takes the items for good. Calling it again does nothing.
   *
   * @throws ERR_DISPOSED if the queue was disposed of in this thread meanwhile: then they went back
   */
  done(): void {
    this.#end(this.#heap.core.finishReceived)
  }

  /** Gives all items back, in front. Calling it again, or after done(), does nothing. */
  release(): void {
    this.#end(this.#heap.core.giveBack)
  }

  [Symbol.dispose](): void {
    this.release()
  }

  #end(act: (stripe: number, batch: number) => number): void {
    if (!this.#isOpen) return
    const status = act(this.#stripe, this.#batch)
    if (status < 0) throw this.#table.failure(status, { done: 'The items are still received' })
    this.#isOpen = false
    if (status === STATUS.absent) throw this.#table.failure(STATUS.invalid)
  }
}

/** The item whose word lies at `at`: it and its block stay as they are while this thread has them. */
function itemAt<T>({ heap, schema, values }: Table<undefined, T>, at: number): T {
  if (schema.value === 'number') return heap.floatAt(at) as T
  if (schema.value === 'bigint') return heap.bigintAt(at) as T
  return values.open(values.item(encodedAt(heap, at)))
}

function encodedAt(heap: Heap, at: number): Encoded {
  const [low, high] = [heap.wordAt(at), heap.wordAt(at + 4)]
  if (high < BOXED) return { meta: TYPE.number, content: heap.floatAt(at) }
  if (low <= LAST_WORD) return { meta: TYPE.word, content: heap.bigintAt(at) }
  const block = (low & 0x1fff_ffff) * 8
  const meta = heap.wordAt(block)
  return { meta, content: heap.payloadAt(meta, block + BLOCK_HEADER_BYTES) }
}
