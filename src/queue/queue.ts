import { attached, classOf } from '../collection/collection.js'
import { makeTable } from '../collection/creation.js'
import { HeapCollection, ensureThere } from '../collection/heap-collection.js'
import { codecFor } from '../collection/options.js'
import { typeError } from '../core/errors.js'
import { checkNames } from '../core/options.js'
import { Table } from '../table/table.js'
import { type DrainOptions, drain } from './drain.js'
import { Consumer } from './consumer.js'
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
import { Producer } from './producer.js'
import { defineQueuePrinting } from './printing.js'
import type { Received } from './received.js'
import { type SharedQueueStats, readQueueStats } from './stats.js'

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
  readonly #producer: Producer<T>
  readonly #consumer: Consumer<T>
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
    this.#producer = new Producer(table, this.#ends)
    this.#consumer = new Consumer(table, this.#ends)
    this.capacity = table.heap.wordAt(table.address + QUEUE.capacity)
    table.atClose = () => {
      this.#consumer.end()
      this.#producer.end()
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
    return this.#producer.push(item, readWait('push', options))
  }

  /** The same without blocking. @throws also the signal's reason */
  async pushAsync(item: T, options?: AsyncWaitOptions): Promise<boolean> {
    return this.#producer.pushAsync(item, readAsyncWait('pushAsync', options))
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
    return this.#producer.pushMany(itemsOf<T>('pushMany', items), timeout)
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
    return this.#consumer.pop(readWait('pop', options))
  }

  /** The same without blocking. @throws the signal's reason */
  async popAsync(options?: AsyncWaitOptions): Promise<T | undefined> {
    return this.#consumer.popAsync(readAsyncWait('popAsync', options))
  }

  /**
   * Takes the first items, `max` at most, which costs less than one by one; blocks the thread until there is one. Each is taken
   * at one moment, all of them not necessarily. O(items).
   *
   * @returns the items: none if the time was over, or the queue is closed and empty
   */
  popMany(max: number, options?: WaitOptions): T[] {
    checkMost('popMany', max)
    return this.#consumer.popMany(max, readWait('popMany', options))
  }

  /** The same without blocking. @throws the signal's reason */
  async popManyAsync(max: number, options?: AsyncWaitOptions): Promise<T[]> {
    checkMost('popManyAsync', max)
    return this.#consumer.popManyAsync(max, readAsyncWait('popManyAsync', options))
  }

  /** Takes item after item until the queue is closed and empty. What a loop that is left early has not got stays in it. */
  [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined> {
    return this.#consumer.each()
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
    return this.#consumer.receive(max, readWait('receive', options))
  }

  /** The same without blocking. @throws the signal's reason */
  async receiveAsync(max: number, options?: AsyncWaitOptions): Promise<Received<T>> {
    checkMost('receiveAsync', max)
    return this.#consumer.receiveAsync(max, readAsyncWait('receiveAsync', options))
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
    return this.#consumer.isClosed()
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
}

// Out here because a class that names itself loses its name in the bundle.
const SharedQueuePrototype = SharedQueue.prototype
Object.defineProperty(SharedQueue.prototype, Symbol.toStringTag, { value: 'SharedQueue', configurable: true })
defineQueuePrinting(SharedQueue.prototype, (queue) => queueTableOf(queue))
