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

  /** @internal Reads nothing yet. @param batch what core.receive() has left in the results; 0: there was no item */
  constructor(table: Table<undefined, T>, batch: number, items: T[]) {
    const { heap, stripe } = table
    this.#table = table
    this.#heap = heap
    this.#stripe = stripe
    this.#batch = batch
    this.#isOpen = batch !== 0
    this.items = items
  }

  /**
   * Takes the items for good. Calling it again does nothing.
   *
   * @throws ERR_DISPOSED if the queue was disposed of in this thread meanwhile: then they went back
   */
  done(): void {
    this.#end(this.#heap.core.finishReceived)
  }

  /** Gives all items back, in front. Calling it again, or after done(), does nothing; nor after dispose(), which has given them back. */
  release(): void {
    this.#end(this.#heap.core.giveBack, true)
  }

  [Symbol.dispose](): void {
    this.release()
  }

  #end(act: (stripe: number, batch: number) => number, isRelease = false): void {
    if (!this.#isOpen) return
    this.#heap.ensureUsable()
    const status = act(this.#stripe, this.#batch)
    const areBack = status === STATUS.invalid || status === STATUS.absent // this thread has let go of the queue meanwhile
    if (status < 0 && !areBack) throw this.#table.failure(status, { done: 'The items are still received' })
    this.#isOpen = false
    if (areBack && !isRelease) throw this.#table.failure(STATUS.invalid)
  }
}

/**
 * Receives items, reads them, and is done with them at once if they are taken for good. Returns a negative status if the core has
 * done nothing. An exception can come at any call behind the core's, an overflow of the stack before anybody has the batch in an
 * object: nothing is called before its address is at hand, and from there on it goes back, if not now, then in time.
 *
 * @param items gets them; if one cannot be read, those before it
 */
export function receive<T>(table: Table<undefined, T>, most: number, isForGood: boolean, items: T[]): Received<T> | number {
  const { heap, stripe } = table
  const { words, scratch } = heap // which these views reach
  let batch = 0
  try {
    const count = heap.core.receive(stripe, most)
    if (count < 0) return count
    if (count > 0) batch = words[(scratch + SCRATCH.address) >>> 2]! >>> 0
    const received = new Received<T>(table, batch, items)
    for (let index = 0; index < count; index++) items.push(itemAt(table, batch + BATCH.words + 8 * index))
    if (isForGood) received.done()
    return received
  } catch (error) {
    const giveBack = (): void => {
      if (batch === 0) return
      heap.mend() // else the core refuses
      if (isGivenBack(heap, stripe, batch)) batch = 0
      else heap.later(giveBack)
    }
    void soon.then(giveBack) // takes no stack, unlike a call
    giveBack()
    throw error
  }
}

/** False: not yet, for a lock is in the way, or the end of the stack. */
function isGivenBack(heap: Heap, stripe: number, batch: number): boolean {
  try {
    return heap.core.giveBack(stripe, batch) !== STATUS.ownerUnresponsive
  } catch {
    return false
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
