import { checkNames } from '../core/options.js'
import { describe, typeError } from '../core/errors.js'
import { SCRATCH, STATUS } from '../core/layout.js'
import type { Table } from '../table/table.js'
import { REMOVALS } from './layout.js'

/** Why an entry, or its value, is no more in a cache: in the order of assembly/structures/hashmap/layout/removals.ts, from 1 on. */
export type RemovalCause = 'evicted' | 'expired' | 'replaced' | 'deleted'
const CAUSES: readonly RemovalCause[] = ['evicted', 'expired', 'replaced', 'deleted']

/** What was taken out of a cache. */
export interface Removal<K, V> {
  readonly key: K
  /** What it was. */
  readonly value: V
  /** Why: for want of room; because its time was over; by a write of another value; by delete, take, clear and the like. */
  readonly cause: RemovalCause
}

/** How one listens for removals. */
export interface RemovalOptions {
  /** Which causes. Default: all. */
  causes?: Iterable<RemovalCause> | undefined
  /** Ends it: then the iterator is done. */
  signal?: AbortSignal | undefined
}

/** What readRemoval() in assembly/structures/cache/listen.ts returns. */
const NOT_YET = 0
const COPIED = 1
const VOID = 2
const GONE = 3

/** How long this thread sleeps at most before it looks itself, in ms; the same where there is no Atomics.waitAsync. */
const LOOK_MS = 100
const POLL_MS = 4

/**
 * The removals of a cache, from when this was made on: each once, in their order for each key, or counted in `lost`. An iterator
 * that is left by break, return or dispose() of the cache listens no longer.
 */
export class Removals<K, V> implements AsyncIterableIterator<Removal<K, V>> {
  readonly #table: Table<K, V>
  readonly #causes: number
  readonly #ring: number
  readonly #signal: AbortSignal | undefined
  readonly #atEnd: (ended: { return(): unknown }) => void
  /** The number of the next one. */
  #number: number
  #passed = 0
  readonly #droppedBefore: number
  /** What was dropped when it ended. */
  #droppedInAll: number | undefined
  /** The last call of next: they come one after the other. */
  #last: Promise<unknown> = Promise.resolve()
  #wake: (() => void) | undefined

  /** @throws ERR_OPTIONS, ERR_OUT_OF_MEMORY, ERR_OWNER_UNRESPONSIVE */
  constructor(table: Table<K, V>, options: RemovalOptions | undefined, atEnd: (ended: { return(): unknown }) => void) {
    const { causes, signal } = checkNames('removals', options, ['causes', 'signal'], "{ causes: ['evicted'] }") as RemovalOptions
    const { heap, stripe } = table
    this.#table = table
    this.#causes = maskOf(causes)
    this.#signal = signal
    this.#atEnd = atEnd
    const status = heap.core.listenToCache(stripe, this.#causes, true)
    if (status === STATUS.invalid && table.isOpen) throw tooMany()
    if (status < 0) throw table.failure(status)
    this.#ring = heap.core.ringOfCache(stripe) >>> 0
    heap.wordAt(this.#ring + REMOVALS.bytes - 4) // makes the views reach so far
    this.#number = this.#load(REMOVALS.next)
    this.#droppedBefore = this.#load(REMOVALS.dropped)
    if (signal?.aborted) this.#end()
    else signal?.addEventListener('abort', this.#end)
  }

  /**
   * How many removals this one has not seen and will not: those that others have written over before it came to them, and those
   * for which there was no room, whatever their causes.
   */
  get lost(): number {
    return this.#passed + (((this.#droppedInAll ?? this.#load(REMOVALS.dropped)) - this.#droppedBefore) >>> 0)
  }

  next(): Promise<IteratorResult<Removal<K, V>, undefined>> {
    const next = this.#last.then(() => this.#take())
    this.#last = next.catch(() => {})
    return next
  }

  /** Listens no longer. */
  async return(): Promise<IteratorResult<Removal<K, V>, undefined>> {
    this.#end()
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  get #isOver(): boolean {
    return this.#droppedInAll !== undefined
  }

  #load(offset: number): number {
    return Atomics.load(this.#table.heap.words, (this.#ring + offset) / 4) >>> 0
  }

  readonly #end = (): void => {
    if (this.#isOver) return
    const { heap, stripe, isOpen } = this.#table
    this.#droppedInAll = this.#load(REMOVALS.dropped)
    this.#signal?.removeEventListener('abort', this.#end)
    if (isOpen) heap.core.listenToCache(stripe, this.#causes, false) // if the lock is not to be had, writers go on paying
    this.#atEnd(this)
    this.#wake?.()
  }

  async #take(): Promise<IteratorResult<Removal<K, V>, undefined>> {
    for (let isAsleep = false; !this.#isOver && this.#table.isOpen; ) {
      const removal = this.#read()
      if (removal) return { done: false, value: removal }
      if (isAsleep) await this.#sleep()
      // Who publishes after this sees it, and wakes; what was published before is found by another look.
      else Atomics.store(this.#table.heap.words, (this.#ring + REMOVALS.sleep) / 4, 1)
      isAsleep = !isAsleep
    }
    this.#end()
    return { done: true, value: undefined }
  }

  /** The next one that is wanted; undefined: there is none yet. */
  #read(): Removal<K, V> | undefined {
    const table = this.#table
    const { heap, stripe } = table
    for (;;) {
      const status = heap.core.readRemovalOf(stripe, this.#number | 0, this.#causes)
      if (status === NOT_YET) return undefined
      if (status < 0 && status !== STATUS.outOfMemory) throw table.failure(status)
      if (status === GONE) {
        const oldest = heap.wordAt(heap.scratch + SCRATCH.cursor)
        this.#passed += (oldest - this.#number) >>> 0
        this.#number = oldest
        continue
      }
      this.#number = (this.#number + 1) >>> 0
      if (status === VOID || status === STATUS.outOfMemory) this.#passed++
      if (status === COPIED) return this.#decode()
    }
  }

  #decode(): Removal<K, V> {
    const { heap, keyReader, valueReader, values } = this.#table
    const cause = CAUSES[heap.wordAt(heap.scratch + SCRATCH.meta) - 1]!
    const begin = heap.wordAt(heap.scratch + SCRATCH.address)
    keyReader.begin?.()
    valueReader.begin?.()
    try {
      const key = keyReader.read(begin) as K
      const item = valueReader.read(keyReader.end)
      return { key, value: values.open(item), cause }
    } finally {
      if (begin !== heap.scratch + SCRATCH.value) heap.core.dropResult()
    }
  }

  async #sleep(): Promise<void> {
    const { heap } = this.#table
    const waiting = wait(heap.words, (this.#ring + REMOVALS.sleep) / 4)
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, waiting ? LOOK_MS : POLL_MS) // which keeps Node alive; waitAsync does not
      function done(): void {
        clearTimeout(timer)
        resolve()
      }
      this.#wake = done
      void waiting?.then(done, done)
    })
    this.#wake = undefined
    // One that is claimed and not published may be a dead thread's.
    if (this.#table.isOpen && !this.#isOver && this.#load(REMOVALS.next) !== this.#number) heap.deaths.sweepQuietly()
  }
}

function wait(words: Int32Array, at: number): Promise<unknown> | undefined {
  const { waitAsync } = Atomics as {
    waitAsync?(words: Int32Array, index: number, value: number, timeout: number): { value: unknown }
  }
  return waitAsync && Promise.resolve(waitAsync.call(Atomics, words, at, 1, LOOK_MS).value)
}

/** @throws ERR_OPTIONS */
function maskOf(given: Iterable<RemovalCause> | undefined): number {
  if (given === undefined) return maskOf(CAUSES)
  const isList = typeof given === 'object' && given !== null && typeof given[Symbol.iterator] === 'function'
  const causes: unknown[] = isList ? [...given] : []
  if (causes.length === 0 || !causes.every((cause) => CAUSES.includes(cause as RemovalCause))) {
    const names = CAUSES.map((cause) => `'${cause}'`).join(', ')
    throw typeError('ERR_OPTIONS', `The option causes must be a list of ${names}; got ${describe(isList ? causes : given)}.`)
  }
  return causes.reduce<number>((mask, cause) => mask | (1 << (CAUSES.indexOf(cause as RemovalCause) + 1)), 0)
}

function tooMany(): Error {
  return typeError(
    'ERR_OPTIONS',
    'A thread can listen to the removals of a cache 255 times at once. Leave the iterators that are done with.',
  )
}
