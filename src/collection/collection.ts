import { BATCH } from '../table/columns.js'
import { LAST, readBatch } from '../table/scan.js'
import { ownEncoded } from '../codecs/encoded.js'
import { MAX_CAPACITY } from '../table/layout.js'
import { describe, typeError } from '../core/errors.js'
import { type Outcome, makeRoom } from '../core/failure.js'
import type { Heap } from '../heap/heap.js'
import { type InspectOptions, type Inspection, inspectTable } from './inspect.js'
import { deleteMany } from '../table/bulk.js'
import { checkCount } from '../core/options.js'
import { countWrite, isNoting, isWatched } from '../table/reentrancy.js'
import { contentsOf, sketchTable } from '../table/contents.js'
import { defineContents, definePrinting, isPrinter, printFor } from '../printing/printing.js'
import { type SharedMapStats, readStats } from '../heap/stats.js'
import type { AnyTable, Table } from '../table/table.js'
import { Trace, type TraceOptions } from '../trace/trace.js'
import { HeapCollection, ensureThere } from './heap-collection.js'
import { Walk } from '../table/walk.js'

/** The own property that shows contents: see printing.ts. */
const [ENTRIES, VALUES] = [Symbol('entries'), Symbol('values')]
let contents: (object: object) => unknown
const contentsGetter = function (this: object): unknown {
  return contents(this)
}

/** What maps, sets and caches have in common: a hash table, and what is done to it as a whole. */
export abstract class Collection<K, V> extends HeapCollection {
  readonly #table: Table<K, V>

  static {
    definePrinting(Collection.prototype, (collection, most) => sketchTable(collection, collection.#table, most))
    contents = (object) => (#table in object ? contentsOf(object.#table) : undefined)
  }

  /** @internal */
  constructor(table: Table<K, V>) {
    super(table)
    this.#table = table
    defineContents(this, table.className === 'SharedSet' ? VALUES : ENTRIES, contentsGetter)
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
    if (status < 0) throw this.#table.failure(status, notReserved(heap))
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
  inspect(options?: InspectOptions): Inspection
  inspect(...given: readonly [options?: InspectOptions]): Inspection {
    if (isPrinter(given)) return printFor(this, given) as Inspection
    ensureThere(this.#table)
    return inspectTable(this.#table, given[0])
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
}

// ---- What both do in the same way, though each has it as a method of its own ----

/** Entries: the sum of what each thread has counted. */
export function sizeOf(table: AnyTable): number {
  const size = table.heap.core.size(table.stripe)
  if (size < 0) throw table.failure(size)
  return size
}

function notReserved(heap: Heap): Outcome {
  const remedy = `Reserve for fewer entries: it grows when they come, as far as there is room. Or ${makeRoom(heap)}`
  return { done: 'What has grown stays so, and no entry has changed', remedy }
}

/** Removes all entries. */
export function clearTable(table: AnyTable): void {
  if (isNoting && isWatched(table)) return clearNoted(table)
  const status = table.heap.core.clear(table.stripe)
  table.keys.end?.()
  countWrite(table.written)
  if (status < 0) throw table.failure(status, { done: 'Some of the entries may have been removed' })
}

/** The same while a callback runs, which has to know what was removed: entry by entry. */
function clearNoted(table: AnyTable): void {
  let cursor = 0
  do {
    const batch = readBatch(table, cursor, LAST, BATCH)
    deleteMany(
      table,
      batch.entries.map(([key]) => ownEncoded(table.keys.pack(key))),
    )
    cursor = batch.cursor
  } while (cursor !== 0)
}

/** A batch from a cursor on, of `limit` entries, if there are so many. @throws ERR_OPTIONS */
export function scanTable<K, V>(table: Table<K, V>, cursor: number, limit: number): { cursor: number; entries: [K, V][] } {
  table.ensureOpen()
  checkCount('scan(cursor, limit): cursor', cursor, 0, LAST, 'places')
  checkCount('scan(cursor, limit): limit', limit, 1, MAX_CAPACITY, 'entries')
  const found = readBatch(table, cursor, LAST, limit, true)
  while (found.cursor !== 0 && found.entries.length < limit) {
    const more = readBatch(table, found.cursor, LAST, limit - found.entries.length, true)
    found.cursor = more.cursor
    for (const entry of more.entries) found.entries.push(entry)
  }
  return { cursor: found.cursor, entries: found.entries.map(([key, item]): [K, V] => [key, table.values.open(item)]) }
}

/** Goes over the i-th of n parts. @throws ERR_OPTIONS */
export function walkPart<K, V>(table: Table<K, V>, i: number, n: number): Walk<K, V> {
  table.ensureOpen()
  checkCount('partition(i, n): n', n, 1, 2 ** 31, 'parts')
  checkCount('partition(i, n): i', i, 0, n - 1, 'parts')
  const first = (part: number): number => Math.floor((part * 2 ** 32) / n)
  return new Walk(table, { first: first(i), last: first(i + 1) - 1 })
}

/**
 * What `attach` was called on, which is to make an object of what it opens.
 *
 * @param prototype that of the objects that it has to make
 * @throws ERR_OPTIONS if it is another class, or nothing, as after `const { attach } = SharedMap`
 */
export function classOf<T, O>(given: unknown, className: string, prototype: object): new (opened: O) => T {
  if (typeof given === 'function' && isKin(given.prototype, prototype)) return given as unknown as new (opened: O) => T
  throw typeError(
    'ERR_OPTIONS',
    `Call attach as ${className}.attach(handle), or on a class that extends ${className}; it was called on ` +
      `${describe(given)}.`,
  )
}

function isKin(given: unknown, prototype: object): boolean {
  return given === prototype || Object.prototype.isPrototypeOf.call(prototype, given as object)
}

/**
 * Has a class make an object of what was opened, which is closed if it does not.
 *
 * @param openedBy what an object of the class has opened; throws for any other
 * @throws ERR_OPTIONS if the object has opened something else; and what the constructor throws
 */
export function attached<T extends object, O extends { close(): void }>(
  Class: new (opened: O) => T,
  opened: O,
  openedBy: (object: T) => unknown,
): T {
  let object: T | undefined
  try {
    object = new Class(opened)
    if (openedBy(object) === opened) return object
  } catch (error) {
    if (object === undefined) {
      opened.close()
      throw error // the constructor's
    }
  }
  opened.close()
  ;(object as Partial<Disposable>)[Symbol.dispose]?.()
  throw typeError('ERR_OPTIONS', `The constructor of ${Class.name} must pass its arguments on to super(), for attach.`)
}

/** @throws ERR_OPTIONS unless this is a function */
export function checkFunction(method: string, given: unknown): void {
  if (typeof given === 'function') return
  throw typeError('ERR_OPTIONS', `${method} takes a function; got ${describe(given)}.`)
}
