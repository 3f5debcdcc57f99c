import { type SharedBitsetHandle, attachBitset } from './handle.js'
import { attached, classOf } from '../collection/collection.js'
import { makeTable } from '../collection/creation.js'
import { HeapCollection, ensureThere } from '../collection/heap-collection.js'
import { type SharedBitsetOptions, planBitset } from './options.js'
import { describe, typeError } from '../core/errors.js'
import type { CoreExports } from '../core/exports.js'
import { SCRATCH, STATUS } from '../core/layout.js'
import { BITSET, COMBINE } from './layout.js'
import { Table } from '../table/table.js'
import { combine, hasOutside, meets, wordsOf } from './algebra.js'
import { defineBitsetPrinting } from './printing.js'
import { type SharedBitsetStats, readBitsetStats } from './stats.js'

/** The table behind a bitset. @throws TypeError for what is no SharedBitset */
export let bitsetTableOf: (bitset: SharedBitset) => Table<number, undefined>

/**
 * Bits, numbered from 0, that all threads of the program share: up to 2^32 of them, of which those that were never touched
 * take no memory (8 KiB for each 65,536 bits of which one was set).
 *
 * `add`, `delete`, `flip` and `has` are atomic, linearizable and take no lock: the change is one instruction of the processor,
 * so a thread that is killed has made it or not. What reads or writes many bits does so 64 at a time, each 64 at one moment, the whole not.
 */
export class SharedBitset extends HeapCollection {
  readonly #table: Table<number, undefined>
  /** The exports for single bits: held here, for they are called most. Once the bitset is closed they refuse its stripe. */
  readonly #bits: Pick<CoreExports, 'hasBit' | 'addBit' | 'deleteBit' | 'flipBit'>
  readonly #stripe: number
  /** How many bits there are. */
  readonly length: number

  static {
    bitsetTableOf = (bitset) => bitset.#table
  }

  /**
   * @param options how many bits, and where they live; or, within the library, a table already opened
   * @throws ERR_OPTIONS (also if there is a bitset of this name with another length), ERR_NOT_ISOLATED, ERR_OUT_OF_MEMORY
   */
  constructor(options: SharedBitsetOptions | Table<number, undefined>) {
    const plan = options instanceof Table ? undefined : planBitset(options)
    const table = plan ? makeTable<number, undefined>(plan) : (options as Table<number, undefined>)
    super(table)
    this.#table = table
    const { hasBit, addBit, deleteBit, flipBit } = table.heap.core
    this.#bits = { hasBit, addBit, deleteBit, flipBit }
    this.#stripe = table.stripe
    this.length = table.heap.wordAt(table.address + BITSET.lastBit) + 1
    if (!plan || plan.capacity === this.length) return
    table.close()
    throw typeError(
      'ERR_OPTIONS',
      `The bitset ${JSON.stringify(plan.name)} was made with length: ${this.length}; it cannot be opened with ` +
        `length: ${plan.capacity}. Give the same length in all threads.`,
    )
  }

  /**
   * Opens, in this thread, a bitset that another thread made. O(1).
   *
   * @param handle what `bitset.handle` returned there
   * @throws as SharedMap.attach
   */
  static attach(handle: unknown): SharedBitset {
    const Class = classOf<SharedBitset, Table<number, undefined>>(this, 'SharedBitset', SharedBitsetPrototype)
    return attached(Class, attachBitset(handle), bitsetTableOf)
  }

  // ---- Single bits ----

  /** Whether a bit is set. O(1). @throws ERR_OPTIONS unless it is one of 0 to length - 1 */
  has(bit: number): boolean {
    if (typeof bit !== 'number' || bit >>> 0 !== bit) throw wrongBit(this.length, bit)
    const status = this.#bits.hasBit(this.#stripe, bit)
    return status < 0 ? this.#refuse(bit, status) : status === 1
  }

  /**
   * Sets a bit: an atomic test-and-set. O(1).
   *
   * @returns whether this call set it; of several threads that do so at the same moment, for one
   * @throws ERR_OPTIONS, ERR_OUT_OF_MEMORY
   */
  add(bit: number): boolean {
    if (typeof bit !== 'number' || bit >>> 0 !== bit) throw wrongBit(this.length, bit)
    const status = this.#bits.addBit(this.#stripe, bit)
    if (status === STATUS.spared) return this.#makePage(bit).add(bit)
    return status < 0 ? this.#refuse(bit, status) : status === STATUS.inserted
  }

  /** Clears a bit. O(1). @returns whether this call cleared it @throws ERR_OPTIONS */
  delete(bit: number): boolean {
    if (typeof bit !== 'number' || bit >>> 0 !== bit) throw wrongBit(this.length, bit)
    const status = this.#bits.deleteBit(this.#stripe, bit)
    return status < 0 ? this.#refuse(bit, status) : status === STATUS.removed
  }

  /** Turns a bit over. O(1). @returns whether it is set now @throws ERR_OPTIONS, ERR_OUT_OF_MEMORY */
  flip(bit: number): boolean {
    if (typeof bit !== 'number' || bit >>> 0 !== bit) throw wrongBit(this.length, bit)
    const status = this.#bits.flipBit(this.#stripe, bit)
    if (status === STATUS.spared) return this.#makePage(bit).flip(bit)
    return status < 0 ? this.#refuse(bit, status) : status === 1
  }

  // ---- Ranges ----

  /**
   * Sets the bits from `from` to `to`, `to` not included. O(bits / 64).
   *
   * @returns how many this call set
   * @throws ERR_OPTIONS; ERR_OUT_OF_MEMORY: then some may have been set
   */
  addRange(from: number, to: number): number {
    return this.#onRange('addRange', from, to, (core, stripe, last) => core.addBits(stripe, from, last))
  }

  /** Clears the bits from `from` to `to`, `to` not included. O(bits / 64). @returns how many this call cleared @throws ERR_OPTIONS */
  deleteRange(from: number, to: number): number {
    return this.#onRange('deleteRange', from, to, (core, stripe, last) => core.deleteBits(stripe, from, last))
  }

  /** How many of the bits from `from` to `to`, `to` not included, are set: exact while no thread writes. O(bits / 64). @throws ERR_OPTIONS */
  count(from = 0, to = this.length): number {
    return this.#onRange('count', from, to, (core, stripe, last) => core.countBits(stripe, from, last))
  }

  /** Clears all bits; the memory stays the bitset's. O(memory / 8). */
  clear(): void {
    this.deleteRange(0, this.length)
  }

  /** How many bits are set: counted anew each time, exact while no thread writes. O(memory / 8): 1.25 MB take about 0.1 ms. */
  get size(): number {
    return this.count()
  }

  // ---- Searching, iterating ----

  /** The first bit from `from` on that is set; -1: none. O(distance / 64). @throws ERR_OPTIONS */
  next(from = 0): number {
    return this.#findNext(from, 1)
  }

  /** The first bit from `from` on that is clear; -1: none. O(distance / 64). @throws ERR_OPTIONS */
  nextUnset(from = 0): number {
    return this.#findNext(from, 0)
  }

  /**
   * Iterates over the bits that are set, in order, while anyone may write: what is set during the whole iteration is visited,
   * exactly once; what is set or cleared meanwhile may be visited or not. O(memory / 8 + bits).
   */
  *values(): Generator<number, undefined> {
    ensureThere(this.#table)
    const table = this.#table
    for (let from = 0; from < this.length; ) {
      const { heap, stripe } = table
      const count = heap.core.listBits(stripe, from)
      if (count < 0) throw table.failure(count)
      const at = (heap.scratch + SCRATCH.value) >>> 2
      const bits = Uint32Array.from(heap.words.subarray(at, at + count)) // before anybody else uses the scratch page
      from = Number(heap.bigintAt(heap.scratch + SCRATCH.word))
      yield* bits
    }
  }

  /** Calls back for each bit that is set, in order: see values(). */
  forEach(callback: (bit: number, again: number, set: this) => void, thisArg?: unknown): void {
    if (typeof callback !== 'function') throw typeError('ERR_OPTIONS', `forEach takes a function; got ${describe(callback)}.`)
    for (const bit of this.values()) callback.call(thisArg, bit, bit, this)
  }

  declare [Symbol.iterator]: () => Generator<number, undefined>

  declare readonly [Symbol.toStringTag]: string

  /** The bits as words of 32, bit i in word i / 32, in memory of this thread's own. O(length / 32). */
  toUint32Array(): Uint32Array {
    ensureThere(this.#table)
    return wordsOf(this.#table, this.length)
  }

  // ---- With another bitset of the same length, in whatever heap ----

  /** Sets what is set in the other: the union, in place. O(memory / 8). @returns this bitset @throws ERR_OPTIONS, ERR_OUT_OF_MEMORY */
  or(other: SharedBitset): this {
    combine(this.#table, otherOf('or', this, other), COMBINE.or)
    return this
  }

  /** Clears what is not set in the other: the intersection, in place. O(memory / 8). @returns this bitset @throws ERR_OPTIONS */
  and(other: SharedBitset): this {
    combine(this.#table, otherOf('and', this, other), COMBINE.and)
    return this
  }

  /** Clears what is set in the other: the difference, in place. O(memory / 8). @returns this bitset @throws ERR_OPTIONS */
  andNot(other: SharedBitset): this {
    combine(this.#table, otherOf('andNot', this, other), COMBINE.andNot)
    return this
  }

  /** Turns over what is set in the other: the symmetric difference, in place. O(memory / 8). @returns this bitset @throws ERR_OPTIONS, ERR_OUT_OF_MEMORY */
  xor(other: SharedBitset): this {
    combine(this.#table, otherOf('xor', this, other), COMBINE.xor)
    return this
  }

  /** Whether all bits that are set here are set in the other. O(memory / 8). @throws ERR_OPTIONS */
  isSubsetOf(other: SharedBitset): boolean {
    return !hasOutside(this.#table, otherOf('isSubsetOf', this, other))
  }

  /** Whether all bits that are set in the other are set here. O(memory / 8). @throws ERR_OPTIONS */
  isSupersetOf(other: SharedBitset): boolean {
    return !hasOutside(otherOf('isSupersetOf', this, other), this.#table)
  }

  /** Whether a bit is set in both. O(memory / 8). @throws ERR_OPTIONS */
  intersects(other: SharedBitset): boolean {
    return meets(this.#table, otherOf('intersects', this, other))
  }

  /** Whether no bit is set in both. O(memory / 8). @throws ERR_OPTIONS */
  isDisjointFrom(other: SharedBitset): boolean {
    return !meets(this.#table, otherOf('isDisjointFrom', this, other))
  }

  // ---- The bitset as a whole ----

  /** How the bitset and its heap are, as a plain object. O(memory / 8). */
  stats(): SharedBitsetStats {
    ensureThere(this.#table)
    return readBitsetStats(this.#table, this.length)
  }

  /** What to send to another thread, by workerData or postMessage, for its `SharedBitset.attach`: see SharedMap.handle. */
  get handle(): SharedBitsetHandle {
    ensureThere(this.#table)
    this.#table.keepOpen()
    const { heap, address, generation } = this.#table
    return { tophash: 'SharedBitset', memory: heap.memory, table: address, generation }
  }

  /** Makes the page that a bit is in. It stays, so what is done again then finds it. */
  #makePage(bit: number): this {
    const { heap, stripe } = this.#table
    const status = heap.core.makePageOf(stripe, bit)
    if (status < 0) this.#refuse(bit, status)
    return this
  }

  /** What a negative status means for a call with one bit. */
  #refuse(bit: number, status: number): never {
    throw bit < this.length ? this.#table.failure(status) : wrongBit(this.length, bit)
  }

  #onRange(
    method: string,
    from: number,
    to: number,
    run: (core: Table<number, undefined>['heap']['core'], stripe: number, last: number) => number,
  ): number {
    ensureThere(this.#table)
    const { length } = this
    if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || to < from || to > length) {
      throw typeError(
        'ERR_OPTIONS',
        `${method}(from, to) takes whole numbers, 0 <= from <= to <= ${length}; got ${describe(from)} and ${describe(to)}.`,
      )
    }
    if (from === to) return 0
    const { heap, stripe } = this.#table
    const done = run(heap.core, stripe, to - 1)
    if (done < 0) throw this.#table.failure(done, { done: 'Some of the bits may have been changed' })
    return done
  }

  #findNext(from: number, wanted: number): number {
    ensureThere(this.#table)
    if (!Number.isInteger(from) || from < 0) {
      throw typeError('ERR_OPTIONS', `next(from) takes a whole number from 0 on; got ${describe(from)}.`)
    }
    if (from >= this.length) return -1
    const { heap, stripe } = this.#table
    const found = heap.core.nextBit(stripe, from, wanted)
    if (found < -1) throw this.#table.failure(found + 1)
    return found
  }
}

Object.defineProperty(SharedBitset.prototype, Symbol.iterator, {
  value: SharedBitset.prototype.values,
  writable: true,
  configurable: true,
})
// Out here because a class that names itself loses its name in the bundle.
const SharedBitsetPrototype = SharedBitset.prototype
Object.defineProperty(SharedBitset.prototype, Symbol.toStringTag, { value: 'SharedBitset', configurable: true })
defineBitsetPrinting(SharedBitset.prototype, (bitset) => bitsetTableOf(bitset))

function wrongBit(length: number, given: unknown): Error {
  return typeError('ERR_OPTIONS', `A bit of this bitset is a whole number from 0 to ${length - 1}; got ${describe(given)}.`)
}

/** The table of the other bitset. @throws ERR_OPTIONS unless it is one, of the same length */
function otherOf(method: string, one: SharedBitset, other: unknown): Table<number, undefined> {
  const own = one.length
  let table: Table<number, undefined>
  try {
    table = bitsetTableOf(other as SharedBitset)
  } catch {
    throw typeError('ERR_OPTIONS', `${method}(other) takes a SharedBitset; got ${describe(other)}.`)
  }
  const { length } = other as SharedBitset
  if (length === own) return table
  throw typeError('ERR_OPTIONS', `${method}(other) takes a SharedBitset of the same length, ${own}; its length is ${length}.`)
}
