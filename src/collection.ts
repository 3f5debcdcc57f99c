/// <reference lib="esnext.disposable" preserve="true" />
import { LAST, readBatch, visit } from './batch.js'
import { DOOMED, MAX_CAPACITY, STATUS, TABLE } from './core/exports.js'
import { describe, typeError } from './errors.js'
import { type InspectOptions, type Inspection, inspectTable } from './inspect.js'
import { checkInvariants } from './invariants.js'
import { wroteAll } from './operations.js'
import { checkCount } from './options.js'
import { type SharedMapStats, readStats } from './stats.js'
import { watchWorker } from './recovery/workers.js'
import type { AnyTable, Table } from './table.js'
import { Trace, type TraceOptions } from './trace/trace.js'

/** The table behind a collection, for the library's own use. */
export let tableOf: <K, V>(collection: Collection<K, V>) => Table<K, V>

/** What SharedMap and SharedSet have in common: a table, and what is done to it as a whole. */
export abstract class Collection<K, V> {
  readonly #table: Table<K, V>

  static {
    tableOf = (collection) => collection.#table
  }

  /** @internal */
  constructor(table: Table<K, V>) {
    this.#table = table
  }

  /**
   * Grows the table now, so that it does not grow before it holds more than `entries`. Others go on meanwhile. (Like
   * Rust's reserve.) O(entries).
   *
   * @throws ERR_OPTIONS; ERR_OUT_OF_MEMORY (what was grown stays)
   */
  reserve(entries: number): void {
    const { heap, stripe } = this.#table
    checkCount('reserve(n): n', entries, 0, MAX_CAPACITY, 'entries')
    const status = heap.core.reserve(stripe, entries)
    if (status < 0) throw this.#table.failure(status)
  }

  /** How the table and its heap are, as a plain object. O(threads). */
  stats(): SharedMapStats {
    ensureThere(this.#table)
    return readStats(this.#table.heap, this.#table.stripe)
  }

  /**
   * How the table and its heap look, for drawing: how full buckets are, how long chains, how tophash bytes spread, where the
   * segments lie, what memory is used for. Takes no lock, and looks at no more chains than asked for, evenly spread; so
   * while threads write it is approximate, chain by chain. O(buckets looked at + threads).
   *
   * @throws ERR_OPTIONS, ERR_CORRUPT_HEAP
   */
  inspect(options?: InspectOptions): Inspection {
    ensureThere(this.#table)
    return inspectTable(this.#table, options)
  }

  /**
   * Records what all threads do to this collection, and to its heap as a whole, from now on: growth, evacuation, overflow,
   * waiting, recovery. While nobody traces, operations look at nothing more than without it, but for the slow ones; while
   * somebody does, each event costs the thread that it happens to less than a microsecond. O(1), and room for the events.
   *
   * @returns the record: stop it, or declare it with `using`
   * @throws ERR_OPTIONS, ERR_OUT_OF_MEMORY (then nothing is recorded)
   */
  trace(options?: TraceOptions): Trace {
    return new Trace(this.#table.heap, this.#table, options, this.stats())
  }

  /**
   * Walks the whole heap and verifies every invariant of the layout and the allocator's books. For tests and for the
   * worried: no thread may write meanwhile. O(n).
   *
   * @throws ERR_BROKEN_INVARIANT
   */
  check(): void {
    ensureThere(this.#table)
    checkInvariants(this.#table.heap)
  }

  // ---- Threads that end in the middle of an operation ----

  /**
   * Sees to it that this thread notices the end of a worker that it has made, however it ends: what the worker left
   * half done is undone then, and others need not wait for it. Node and Bun watch all workers that are made after this
   * module was loaded, so there this is for older ones. On Linux the ends of all threads are noticed without it, too.
   * It is of no effect where workers have no event for their end: in browsers threads hold Web Locks, see ready(). In
   * Deno the event proves nothing, for it comes while the thread still runs: there only Linux tells, and only a program
   * with all permissions.
   *
   * @returns the worker
   * @throws ERR_OPTIONS if it is none
   */
  watch<W>(worker: W): W {
    this.#table.ensureOpen()
    watchWorker(worker)
    return worker
  }

  /**
   * Recovers all threads of the heap that are known to have ended without having let go of it: undoes what they left
   * half done, and gives back what they had. That happens by itself as well, when their ends are noticed, or when
   * another thread waits for them. A thread that may be alive is never touched. O(threads).
   *
   * @returns how many
   */
  recover(): number {
    return this.#table.heap.deaths.sweep()
  }

  /**
   * Resolves when another thread would notice the end of this one. In browsers that takes a moment after the map was
   * made or attached, because another thread's event loop has to turn; if none does so for a second, this resolves all
   * the same. Everywhere else it resolves at once.
   */
  async ready(): Promise<void> {
    await this.#table.heap.whenKnown()
  }

  /**
   * Lets go of the collection in this thread; the others go on. Calling it again does nothing.
   *
   * @throws ERR_OWNER_UNRESPONSIVE: then it is still open, and can be disposed of later
   */
  dispose(): void {
    this.#table.close()
  }

  [Symbol.dispose](): void {
    this.dispose()
  }
}

// ---- What both do in the same way, though each has it as a method of its own ----

/** Throws ERR_DISPOSED if the table was disposed of, or deleted by whatever thread. */
export function ensureThere(table: AnyTable): void {
  if (table.heap.wordAt(table.address + TABLE.references) >= DOOMED) throw table.failure(STATUS.deleted)
}

/** Entries: the sum of what each thread has counted. */
export function sizeOf(table: AnyTable): number {
  const size = table.heap.core.size(table.stripe)
  if (size < 0) throw table.failure(size)
  return size
}

/** Removes all entries. */
export function clearTable(table: AnyTable): void {
  const status = table.heap.core.clear(table.stripe)
  wroteAll(table)
  if (status < 0) throw table.failure(status)
}

/** A batch from a cursor on, of about `limit` entries. @throws ERR_OPTIONS */
export function scanTable<K, V>(
  table: Table<K, V>, cursor: number, limit: number,
): { cursor: number; entries: [K, V][] } {
  table.ensureOpen()
  checkCount('scan(cursor, limit): cursor', cursor, 0, LAST, 'places')
  checkCount('scan(cursor, limit): limit', limit, 1, MAX_CAPACITY, 'entries')
  const found = readBatch(table, cursor, LAST, limit)
  while (found.cursor !== 0 && found.entries.length < limit) {
    const more = readBatch(table, found.cursor, LAST, limit - found.entries.length)
    found.cursor = more.cursor
    for (const entry of more.entries) found.entries.push(entry)
  }
  return { cursor: found.cursor, entries: found.entries.map(([key, item]): [K, V] => [key, table.values.open(item)]) }
}

/** Goes over the i-th of n parts. @throws ERR_OPTIONS */
export function visitPart<K, V>(table: Table<K, V>, i: number, n: number): ReturnType<typeof visit<K, V>> {
  table.ensureOpen()
  checkCount('partition(i, n): n', n, 1, 2 ** 31, 'parts')
  checkCount('partition(i, n): i', i, 0, n - 1, 'parts')
  const first = (part: number): number => Math.floor((part * 2 ** 32) / n)
  return visit(table, first(i), first(i + 1) - 1)
}

/** A collection that was made for a table, by whatever constructor. @throws ERR_OPTIONS if it has made another one */
export function attached<T extends Collection<any, any>>(collection: T, table: AnyTable): T {
  if (tableOf(collection) === table) return collection
  collection.dispose()
  table.close()
  const { name } = collection.constructor
  throw typeError('ERR_OPTIONS', `The constructor of ${name} must pass its arguments on to super(), for attach.`)
}

/** @throws ERR_OPTIONS unless this is a function */
export function checkFunction(method: string, given: unknown): void {
  if (typeof given === 'function') return
  throw typeError('ERR_OPTIONS', `${method} takes a function; got ${describe(given)}.`)
}
