import { type Ends, type Items, NOTHING } from './ends.js'
import { QUEUE } from './layout.js'
import type { Wait } from './producer.js'
import type { Received } from './received.js'
import { AsyncEnd, BlockingEnd } from './waiting.js'

/**
 * Who takes items, for one thread: at once, blocking, or in the event loop. Whether the queue is closed is always looked at before the
 * items are, so that none can come behind an end.
 */
export class Consumer<T> {
  readonly #ends: Ends<T>
  readonly #record: Int32Array
  readonly #popping: BlockingEnd
  readonly #poppingMany: BlockingEnd
  readonly #receiving: BlockingEnd
  readonly #async: AsyncEnd

  constructor(table: Items<T>, ends: Ends<T>) {
    this.#ends = ends
    this.#record = new Int32Array(table.heap.memory.buffer, table.address, 16)
    this.#popping = new BlockingEnd(table, QUEUE.consumers, 'popAsync')
    this.#poppingMany = new BlockingEnd(table, QUEUE.consumers, 'popManyAsync')
    this.#receiving = new BlockingEnd(table, QUEUE.consumers, 'receiveAsync')
    this.#async = new AsyncEnd(table, QUEUE.consumers)
  }

  /** Pairs with the store of closeQueue. */
  isClosed(): boolean {
    return Atomics.load(this.#record, QUEUE.closed / 4) !== 0
  }

  pop(timeout: number): T | undefined {
    const item = this.#ends.pop()
    return item === NOTHING ? this.#popLater(timeout) : item
  }

  #popLater(timeout: number): T | undefined {
    return block(this.#popping, () => this.#popOrEnd(), timeout)?.item
  }

  async popAsync({ timeout, signal }: Wait): Promise<T | undefined> {
    return (await this.#async.wait(() => this.#popOrEnd(), timeout, signal))?.item
  }

  /** The first item; one that is undefined stands for the end; undefined: neither yet. */
  #popOrEnd(): { item: T | undefined } | undefined {
    const isClosed = this.isClosed()
    const item = this.#ends.pop()
    if (item !== NOTHING) return { item }
    return isClosed ? { item: undefined } : undefined
  }

  popMany(max: number, timeout: number): T[] {
    return block(this.#poppingMany, () => this.#popSome(max), timeout) ?? []
  }

  async popManyAsync(max: number, { timeout, signal }: Wait): Promise<T[]> {
    return (await this.#async.wait(() => this.#popSome(max), timeout, signal)) ?? []
  }

  #popSome(max: number): T[] | undefined {
    const isClosed = this.isClosed()
    const found = this.#ends.popMany(max)
    return found.length > 0 || isClosed ? found : undefined
  }

  receive(max: number, timeout: number): Received<T> {
    return block(this.#receiving, () => this.#receiveSome(max), timeout) ?? this.#ends.receive(max)
  }

  async receiveAsync(max: number, { timeout, signal }: Wait): Promise<Received<T>> {
    return (await this.#async.wait(() => this.#receiveSome(max), timeout, signal)) ?? this.#ends.receive(max)
  }

  #receiveSome(max: number): Received<T> | undefined {
    const isClosed = this.isClosed()
    const received = this.#ends.receive(max)
    return received.items.length > 0 || isClosed ? received : undefined
  }

  /** All items, one after the other. */
  each(): AsyncIterableIterator<T, undefined> {
    return new ItemIterator(
      () => this.#nextNow(),
      () => this.#async.wait(() => this.#popOrEnd(), Infinity, undefined),
    )
  }

  /** The next item, if there is one and nobody in this thread waits for it. */
  #nextNow(): T | typeof NOTHING {
    return this.#async.isIdle ? this.#ends.pop() : NOTHING
  }

  /** The queue is closed in this thread. */
  end(): void {
    this.#async.end()
  }
}

/** What an attempt returns that is not undefined; undefined if the time was over. */
function block<R>(end: BlockingEnd, attempt: () => R | undefined, timeout: number): R | undefined {
  let found: R | undefined
  end.wait(() => (found = attempt()) !== undefined, timeout)
  return found
}

/** Goes over the items until the queue is closed and empty. Not a generator: that would make several promises for each. */
class ItemIterator<T> implements AsyncIterableIterator<T, undefined> {
  readonly #now: () => T | typeof NOTHING
  readonly #later: () => Promise<{ item: T | undefined } | undefined>
  #isOver = false

  constructor(now: () => T | typeof NOTHING, later: () => Promise<{ item: T | undefined } | undefined>) {
    this.#now = now
    this.#later = later
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    if (this.#isOver) return END
    const item = this.#now()
    return item === NOTHING ? this.#wait() : { done: false, value: item }
  }

  async #wait(): Promise<IteratorResult<T, undefined>> {
    const item = (await this.#later())?.item
    if (item !== undefined) return { done: false, value: item }
    this.#isOver = true
    return END
  }

  /** What a loop that is left early has not got stays in the queue. */
  async return(): Promise<IteratorResult<T, undefined>> {
    this.#isOver = true
    return END
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}

const END = { done: true, value: undefined } as const
