import { attached, classOf } from '../collection/collection.js'
import { makeTable } from '../collection/creation.js'
import { HeapCollection, ensureThere } from '../collection/heap-collection.js'
import { codecFor } from '../collection/options.js'
import { typeError } from '../core/errors.js'
import { checkNames } from '../core/options.js'
import { Table } from '../table/table.js'
import { type DrainOptions, drain } from './drain.js'
import { Ends, type Items, NOTHING } from './ends.js'
import { QUEUE } from './layout.js'
import { type SharedQueueHandle, attachQueue } from './handle.js'
import {
  type AsyncWaitOptions,
  type SharedQueueOptions,
  type WaitOptions,
  checkMost,
  itemsOf,
  planQueue,
  readAsyncWait,
  readWait,
} from './options.js'
import { defineQueuePrinting } from './printing.js'
import type { Received } from './received.js'
import { type SharedQueueStats, readQueueStats } from './stats.js'
import { AsyncEnd, waitBlocking } from './waiting.js'

/** The table behind a queue. @throws TypeError for what is no SharedQueue */
export let queueTableOf: (queue: SharedQueue<any>) => Items<any>

/**
 * A bounded queue that all threads of the program share: many push, many pop, first in first out. Items are values as those of a
 * SharedMap, copied; each comes out whole, and once. A thread that is killed in the middle of a push has pushed the item or not; in
 * the middle of a pop it has taken it or not; neither is in the way of others.
 *
 * Each end comes in three forms: `tryPush` and `tryPop` never wait; `push` and `pop` block the thread; `pushAsync` and `popAsync` wait in
 * the event loop, and keep the program alive meanwhile. While nobody waits, waiting costs the others nothing.
 */
export class SharedQueue<T> extends HeapCollection {
  readonly #table: Items<T>
  readonly #ends: Ends<T>
  readonly #consumers: AsyncEnd
  readonly #producers: AsyncEnd
  readonly #record: Int32Array
  /** How many items there is room for. */
  readonly capacity: number

  static {
    queueTableOf = (queue) => queue.#table
  }

  /**
   * @param options how many items, of which kind, and where they live; or, within the library, a table already opened
   * @throws ERR_OPTIONS (also if there is a queue of this name with another capacity), ERR_NOT_ISOLATED, ERR_OUT_OF_MEMORY
   */
  constructor(options?: SharedQueueOptions | Items<T>) {
    const plan = options instanceof Table ? undefined : planQueue(options)
    const table = plan ? makeTable<undefined, T>(plan) : (options as Items<T>)
    super(table)
    this.#table = table
    this.#ends = new Ends(table)
    this.#consumers = new AsyncEnd(table, QUEUE.consumers)
    this.#producers = new AsyncEnd(table, QUEUE.producers)
    this.#record = new Int32Array(table.heap.memory.buffer, table.address, 16)
    this.capacity = table.heap.wordAt(table.address + QUEUE.capacity)
    table.atClose = () => {
      this.#consumers.end()
      this.#producers.end()
    }
    if (!plan || plan.capacity === 0 || plan.capacity === this.capacity) return
    table.close()
    throw typeError(
      'ERR_OPTIONS',
      `The queue ${JSON.stringify(plan.name)} was made with capacity: ${this.capacity}; it cannot be opened with ` +
        `capacity: ${plan.capacity}. Give the same capacity in all threads, or none.`,
    )
  }

  /**
   * Opens, in this thread, a queue that another thread made. O(1).
   *
   * @param handle what `queue.handle` returned there
   * @param options `codec`, if the queue was made with one
   * @throws as SharedMap.attach
   */
  static attach<T>(handle: unknown, options?: Pick<SharedQueueOptions, 'codec'>): SharedQueue<T> {
    const Class = classOf<SharedQueue<T>, Items<T>>(this, 'SharedQueue', SharedQueuePrototype)
    const { codec } = checkNames('SharedQueue.attach', options, ['codec'], '{ codec }')
    const table = attachQueue<T>(handle, (value) => codecFor(value, codec))
    return attached(Class, table, queueTableOf)
  }

  // ---- Pushing ----

  /** Pushes an item if there is room. O(1). @returns whether there was @throws ERR_VALUE_TYPE, ERR_CLOSED, ERR_OUT_OF_MEMORY */
  tryPush(item: T): boolean {
    return this.#ends.push(item)
  }

  /**
   * Pushes an item; blocks the thread until there is room. O(1).
   *
   * @returns whether it was pushed: false if the time was over
   * @throws as tryPush; ERR_CLOSED also when the queue is closed meanwhile; ERR_UNSUPPORTED where a thread may not block
   */
  push(item: T, options?: WaitOptions): boolean {
    const timeout = readWait('push', options)
    if (this.#ends.push(item)) return true
    if (timeout === 0) return false
    const encoded = this.#ends.pack(item)
    return waitBlocking(this.#table, QUEUE.producers, () => this.#ends.pushEncoded(encoded), timeout, 'pushAsync')
  }

  /** The same without blocking. @throws also the signal's reason */
  async pushAsync(item: T, options?: AsyncWaitOptions): Promise<boolean> {
    const { timeout, signal } = readAsyncWait('pushAsync', options)
    const encoded = this.#ends.pack(item)
    const push = (): true | undefined => this.#ends.pushEncoded(encoded) || undefined
    return (await this.#producers.wait(push, timeout, signal)) ?? false
  }

  /**
   * Pushes items, in a row as far as there is room at one moment, which costs less than one by one; blocks the thread until all
   * are pushed. O(items).
   *
   * @returns how many were pushed: fewer if the time was over
   * @throws as push; if some were pushed before the queue was closed, or the memory used up, it returns how many
   */
  pushMany(items: Iterable<T>, options?: WaitOptions): number {
    const timeout = readWait('pushMany', options)
    const encoded = itemsOf<T>('pushMany', items).map((item) => this.#ends.pack(item))
    let pushed = 0
    const push = (): boolean => {
      while (pushed < encoded.length) {
        const more = this.#ends.pushManyEncoded(encoded, pushed)
        if (more === 0) return false
        pushed += more
      }
      return true
    }
    try {
      waitBlocking(this.#table, QUEUE.producers, push, timeout, 'pushAsync')
    } catch (error) {
      if (pushed === 0) throw error
    }
    return pushed
  }

  // ---- Taking ----

  /** Takes the first item; undefined if there is none. O(1). */
  tryPop(): T | undefined {
    const item = this.#ends.pop()
    return item === NOTHING ? undefined : item
  }

  /**
   * Takes the first item; blocks the thread until there is one. O(1).
   *
   * @returns the item; undefined if the time was over, or the queue is closed and empty
   * @throws ERR_UNSUPPORTED where a thread may not block
   */
  pop(options?: WaitOptions): T | undefined {
    const timeout = readWait('pop', options)
    let found: T | undefined
    const pop = (): boolean => {
      const taken = this.#popOrEnd()
      if (taken === undefined) return false
      found = taken.item
      return true
    }
    waitBlocking(this.#table, QUEUE.consumers, pop, timeout, 'popAsync')
    return found
  }

  /** The same without blocking. @throws the signal's reason */
  async popAsync(options?: AsyncWaitOptions): Promise<T | undefined> {
    const { timeout, signal } = readAsyncWait('popAsync', options)
    return (await this.#consumers.wait(() => this.#popOrEnd(), timeout, signal))?.item
  }

  /**
   * Takes the first items, `max` at most, which costs less than one by one; blocks the thread until there is one. Each is taken
   * at one moment, all of them not necessarily. O(items).
   *
   * @returns the items: none if the time was over, or the queue is closed and empty
   */
  popMany(max: number, options?: WaitOptions): T[] {
    checkMost('popMany', max)
    const timeout = readWait('popMany', options)
    let found: T[] = []
    const pop = (): boolean => {
      const isClosed = this.#isClosed()
      found = this.#ends.popMany(max)
      return found.length > 0 || isClosed
    }
    waitBlocking(this.#table, QUEUE.consumers, pop, timeout, 'popManyAsync')
    return found
  }

  /** The same without blocking. @throws the signal's reason */
  async popManyAsync(max: number, options?: AsyncWaitOptions): Promise<T[]> {
    checkMost('popManyAsync', max)
    const { timeout, signal } = readAsyncWait('popManyAsync', options)
    const pop = (): T[] | undefined => {
      const isClosed = this.#isClosed()
      const found = this.#ends.popMany(max)
      return found.length > 0 || isClosed ? found : undefined
    }
    return (await this.#consumers.wait(pop, timeout, signal)) ?? []
  }

  /** Takes item after item until the queue is closed and empty. What a loop that is left early has not got stays in it. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, undefined> {
    for (let taken = await this.#next(); taken?.item !== undefined; taken = await this.#next()) yield taken.item
  }

  // ---- Taking, but not for good ----

  /**
   * Receives the first items, `max` at most and 4,096 in any case; blocks the thread until there is one. They are nobody else's
   * then, but the queue's still: `done()` takes them for good, `release()` gives them back, in front and in order, and so does the end
   * of this thread. O(items).
   *
   * @returns what was received: no items if the time was over, or the queue is closed and empty
   */
  receive(max: number, options?: WaitOptions): Received<T> {
    checkMost('receive', max)
    const timeout = readWait('receive', options)
    let received: Received<T> | undefined
    const receive = (): boolean => {
      const isClosed = this.#isClosed()
      received = this.#ends.receive(max)
      return received.items.length > 0 || isClosed
    }
    waitBlocking(this.#table, QUEUE.consumers, receive, timeout, 'receiveAsync')
    return received!
  }

  /** The same without blocking. @throws the signal's reason */
  async receiveAsync(max: number, options?: AsyncWaitOptions): Promise<Received<T>> {
    checkMost('receiveAsync', max)
    const { timeout, signal } = readAsyncWait('receiveAsync', options)
    const receive = (): Received<T> | undefined => {
      const isClosed = this.#isClosed()
      const received = this.#ends.receive(max)
      return received.items.length > 0 || isClosed ? received : undefined
    }
    return (await this.#consumers.wait(receive, timeout, signal)) ?? this.#ends.receive(max)
  }

  /**
   * Has a handler work off the queue in batches, one after the other, until it is closed and empty: a batch is done with when what
   * the handler returned is fulfilled. If it throws it gets the batch again, after a pause. If this thread dies, the batch goes back: so
   * each item is handled at least once.
   *
   * @returns a promise that is fulfilled at the end
   * @throws ERR_OPTIONS; the signal's reason, when the handler is done with the batch that it had
   */
  async drain(handler: (items: T[]) => unknown, options?: DrainOptions<T>): Promise<void> {
    await drain(this, handler, options)
  }

  // ---- The queue as a whole ----

  /**
   * Closes the queue for all threads: nothing can be pushed any more; what is in it can still be taken. Who waits is told. O(1).
   *
   * @returns whether this call closed it
   */
  close(): boolean {
    ensureThere(this.#table)
    const status = this.#table.heap.core.closeQueue(this.#table.stripe)
    if (status < 0) throw this.#table.failure(status)
    return status === 1
  }

  /** Whether it was closed. */
  get closed(): boolean {
    ensureThere(this.#table)
    return this.#isClosed()
  }

  /** Items that can be taken, without those that somebody has received. Exact while no thread pushes or pops. O(1). */
  get size(): number {
    ensureThere(this.#table)
    const { heap, stripe } = this.#table
    return heap.core.countItems(stripe)
  }

  /** How the queue and its heap are, as a plain object. O(threads). */
  stats(): SharedQueueStats {
    ensureThere(this.#table)
    return readQueueStats(this.#table, this)
  }

  /** What to send to another thread, by workerData or postMessage, for its `SharedQueue.attach`: see SharedMap.handle. */
  get handle(): SharedQueueHandle<T> {
    ensureThere(this.#table)
    this.#table.keepOpen()
    const { heap, address, generation, schema } = this.#table
    const codec = schema.codec?.name ?? null
    return { tophash: 'SharedQueue', memory: heap.memory, table: address, generation, value: schema.value as never, codec }
  }

  declare readonly [Symbol.toStringTag]: string

  /** Pairs with the store of closeQueue: looked at before the items, so that none can come behind an end. */
  #isClosed(): boolean {
    return Atomics.load(this.#record, QUEUE.closed / 4) !== 0
  }

  /** The first item; one that is undefined stands for the end; undefined: neither yet. */
  #popOrEnd(): { item: T | undefined } | undefined {
    const isClosed = this.#isClosed()
    const item = this.#ends.pop()
    if (item !== NOTHING) return { item }
    return isClosed ? { item: undefined } : undefined
  }

  #next(): Promise<{ item: T | undefined } | undefined> {
    return this.#consumers.wait(() => this.#popOrEnd(), Infinity, undefined)
  }
}

// Out here because a class that names itself loses its name in the bundle.
const SharedQueuePrototype = SharedQueue.prototype
Object.defineProperty(SharedQueue.prototype, Symbol.toStringTag, { value: 'SharedQueue', configurable: true })
defineQueuePrinting(SharedQueue.prototype, (queue) => queueTableOf(queue))
