/// <reference lib="esnext.disposable" preserve="true" />
import { STATUS } from './core/exports.js'
import { sharedHeaps } from './creation.js'
import { deleteNamed, hasDirectory, namesOf } from './directory.js'
import { TophashError, typeError } from './errors.js'
import { failure } from './failure.js'
import { type SharedHeapHandle, readHandle } from './handle.js'
import { Heap, type HeapUser, type Use } from './heap.js'
import { checkInvariants } from './invariants.js'
import type { Key, KindOf } from './kinds.js'
import { SharedMap } from './map.js'
import {
  type Declared, type NamedMapOptions, type NamedSetOptions, type Only, type SharedHeapOptions, type SharedMapOptions,
  type SharedSetOptions, checkName, checkNames, planHeap,
} from './options.js'
import { watchWorker } from './recovery/workers.js'
import { SharedSet } from './set.js'
import { type SharedHeapStats, readHeapStats } from './stats.js'
import { Trace, type TraceOptions } from './trace/trace.js'

/** A heap as one SharedHeap object has it open. */
class OpenHeap implements HeapUser {
  #use: Use | undefined

  constructor(heap: Heap) {
    this.#use = heap.retain(this)
  }

  /** The binding. @throws ERR_DISPOSED */
  get binding(): Heap {
    if (this.#use) return this.#use.heap
    throw new TophashError(
      'ERR_DISPOSED',
      'This heap was disposed of in this thread. Keep the handle and call SharedHeap.attach(handle) to use it again.',
    )
  }

  close(): void {
    const use = this.#use
    this.#use = undefined
    use?.heap.release(use)
  }
}

/**
 * One memory for many collections, which all threads that have its handle share: what applications should use. Maps and
 * sets in it have names, under which every thread finds them.
 */
export class SharedHeap {
  readonly #open: OpenHeap

  /**
   * @param options how much memory; or, within the library, a heap already joined
   * @throws ERR_OPTIONS, ERR_NOT_ISOLATED, ERR_OUT_OF_MEMORY
   */
  constructor(options?: SharedHeapOptions | OpenHeap) {
    this.#open = options instanceof OpenHeap ? options : create(options)
    sharedHeaps.set(this, () => this.#open.binding)
  }

  /**
   * Opens, in this thread, a heap that another thread made. O(1).
   *
   * @param handle what `heap.handle` returned there
   * @throws ERR_BAD_HANDLE, ERR_VERSION_MISMATCH, ERR_NOT_ISOLATED, ERR_TOO_MANY_THREADS, ERR_OUT_OF_MEMORY
   */
  static attach(handle: unknown): SharedHeap {
    const heap = Heap.join(readHandle('SharedHeap', handle).memory)
    if (hasDirectory(heap)) return new this(new OpenHeap(heap))
    heap.leaveIfUnused()
    throw typeError(
      'ERR_BAD_HANDLE',
      'The memory of this handle is that of a single map, not of a SharedHeap. Pass heap.handle unchanged.',
    )
  }

  /**
   * Opens the map of this name, or makes it: of several threads that do so at the same moment one makes it, and all get
   * the same. O(1).
   *
   * @param options as for `new SharedMap`; the kinds must be those that it was made with
   * @throws ERR_OPTIONS if there is a collection of this name with other kinds or another codec, or a set;
   *   ERR_OUT_OF_MEMORY
   */
  map<O extends NamedMapOptions, K extends Declared<O, 'key', Key>, V extends Declared<O, 'value', any>>(
    name: string, options: Only<O, NamedMapOptions>,
  ): SharedMap<K, V>
  map<K extends Key = any, V = any>(name: string, options?: NamedMapOptions<KindOf<K>, KindOf<V>>): SharedMap<K, V>
  map(name: string, options?: NamedMapOptions): SharedMap<unknown, unknown> {
    const names = ['key', 'value', 'capacity', 'codec']
    return new SharedMap<unknown, unknown>(null, this.#named(name, 'heap.map', options, names))
  }

  /** Opens the set of this name, or makes it: see map(). */
  set<O extends NamedSetOptions, T extends Declared<O, 'value', Key>>(
    name: string, options: Only<O, NamedSetOptions>,
  ): SharedSet<T>
  set<T extends Key = any>(name: string, options?: NamedSetOptions<KindOf<T>>): SharedSet<T>
  set(name: string, options?: NamedSetOptions): SharedSet<unknown> {
    return new SharedSet<unknown>(null, this.#named(name, 'heap.set', options, ['value', 'capacity']))
  }

  /** The names of all maps and sets in this heap, in no useful order. Not atomic as a whole. O(n). */
  names(): string[] {
    return namesOf(this.#open.binding)
  }

  /**
   * Deletes the map or set of this name for all threads, and gives its memory back to the heap: its entries at once,
   * its buckets when the last thread that has it open disposes of it or comes to use it. Every use of it throws
   * ERR_DISPOSED then. The name is free again at once. O(entries).
   *
   * @returns whether this call deleted one
   */
  delete(name: string): boolean {
    const { binding } = this.#open
    checkName(name)
    return deleteNamed(binding, name)
  }

  /** How the heap is, as a plain object. O(threads + collections). */
  stats(): SharedHeapStats {
    return readHeapStats(this.#open.binding)
  }

  /**
   * Records what all threads do to the heap and to all collections in it, from now on: see SharedMap.trace. Events have
   * the names of their collections.
   *
   * @throws ERR_OPTIONS, ERR_OUT_OF_MEMORY
   */
  trace(options?: TraceOptions): Trace {
    return new Trace(this.#open.binding, undefined, options)
  }

  /**
   * Verifies every invariant of the heap and of all collections in it: see SharedMap.check.
   *
   * @throws ERR_BROKEN_INVARIANT
   */
  check(): void {
    checkInvariants(this.#open.binding)
  }

  /** Recovers all threads of the heap that are known to have ended: see SharedMap.recover. O(threads). */
  recover(): number {
    return this.#open.binding.deaths.sweep()
  }

  /** Sees to it that this thread notices the end of a worker: see SharedMap.watch. @throws ERR_OPTIONS */
  watch<W>(worker: W): W {
    void this.#open.binding // throws if disposed of
    watchWorker(worker)
    return worker
  }

  /** Resolves when another thread would notice the end of this one: see SharedMap.ready. */
  async ready(): Promise<void> {
    await this.#open.binding.whenKnown()
  }

  /** What to send to another thread, by workerData or postMessage, for its `SharedHeap.attach`. Holds the memory. */
  get handle(): SharedHeapHandle {
    return { tophash: 'SharedHeap', memory: this.#open.binding.memory }
  }

  /** Lets go of the heap in this thread. Its maps and sets that are open stay open. Calling it again does nothing. */
  dispose(): void {
    this.#open.close()
  }

  [Symbol.dispose](): void {
    this.dispose()
  }

  get [Symbol.toStringTag](): string {
    return 'SharedHeap'
  }

  /** The options of a collection with a name in this heap. */
  #named(
    name: unknown, method: string, options: object | undefined, names: readonly string[],
  ): SharedMapOptions & SharedSetOptions {
    void this.#open.binding // throws if disposed of
    checkName(name)
    return { ...checkNames(method, options, names), heap: this, name }
  }
}

function create(options: unknown): OpenHeap {
  const { maxBytes, initialBytes } = planHeap(options)
  const heap = Heap.create(maxBytes, initialBytes)
  try {
    if (heap.core.createDirectory() >>> 0 === 0) throw failure(heap, STATUS.outOfMemory)
  } catch (error) {
    heap.leaveIfUnused()
    throw error
  }
  return new OpenHeap(heap)
}
