/// <reference lib="esnext.disposable" preserve="true" />
import { attached, classOf } from '../collection/collection.js'
import { sharedHeaps } from '../collection/creation.js'
import { deleteNamed, hasDirectory, namesOf } from '../table/directory.js'
import { typeError } from '../core/errors.js'
import { type SharedHeapHandle, readHandle } from '../collection/handle.js'
import { Heap } from '../heap/heap.js'
import { checkInvariants } from '../table/invariants.js'
import type { Key, KindOf } from '../core/kinds.js'
import { SharedMap } from '../map/map.js'
import { checkNames } from '../core/options.js'
import type { NamedBitsetOptions } from '../bitset/options.js'
import type { NamedCacheOptions, SharedCacheOptions } from '../cache/options.js'
import { type Declared, type Only, checkName } from '../collection/options.js'
import { type Noun, STRUCTURES } from '../core/structures.js'
import type { NamedMapOptions, SharedMapOptions } from '../map/options.js'
import type { NamedQueueOptions, SharedQueueOptions } from '../queue/options.js'
import type { NamedSetOptions, SharedSetOptions } from '../set/options.js'
import { OpenHeap, createHeap } from './open-heap.js'
import type { SharedHeapOptions } from './options.js'
import { identityOf, sketchHeap } from './printing.js'
import { defineContents, definePrinting } from '../printing/printing.js'
import { watchWorker } from '../recovery/workers.js'
import { SharedSet } from '../set/set.js'
import { SharedBitset } from '../bitset/bitset.js'
import { SharedQueue } from '../queue/queue.js'
import { SharedCache } from '../cache/cache.js'
import { type SharedHeapStats, readHeapStats } from '../heap/stats.js'
import { Trace, type TraceOptions } from '../trace/trace.js'
import { Uncloneable } from '../core/uncloneable.js'

/** What a SharedHeap has open. @throws TypeError for what is none */
let openOf: (heap: SharedHeap) => OpenHeap
/** The own property that shows contents: see printing.ts. */
const CONTENTS = Symbol('collections')
let contents: (object: object) => unknown
const contentsGetter = function (this: object): unknown {
  return contents(this)
}

/**
 * One memory for many collections, which all threads that have its handle share: what applications should use.
 * Collections of all kinds in it have names, under which every thread finds them.
 */
export class SharedHeap extends Uncloneable {
  readonly #open: OpenHeap

  static {
    openOf = (heap) => heap.#open
    contents = (object) => (#open in object ? identityOf(object.#open) : undefined)
  }

  /**
   * @param options how much memory; or, within the library, a heap already joined
   * @throws ERR_OPTIONS, ERR_NOT_ISOLATED, ERR_OUT_OF_MEMORY
   */
  constructor(options?: SharedHeapOptions | OpenHeap) {
    super()
    this.#open = options instanceof OpenHeap ? options : createHeap(options)
    sharedHeaps.set(this, () => this.#open.binding)
    defineContents(this, CONTENTS, contentsGetter)
  }

  /**
   * Opens, in this thread, a heap that another thread made. O(1).
   *
   * @param handle what `heap.handle` returned there
   * @throws ERR_BAD_HANDLE, ERR_VERSION_MISMATCH, ERR_NOT_ISOLATED, ERR_TOO_MANY_THREADS, ERR_OUT_OF_MEMORY
   */
  static attach(handle: unknown): SharedHeap {
    const Class = classOf<SharedHeap, OpenHeap>(this, 'SharedHeap', SharedHeapPrototype)
    const heap = Heap.join(readHandle('SharedHeap', handle).memory)
    if (hasDirectory(heap)) return attached(Class, new OpenHeap(heap), openOf)
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
    name: string,
    options: Only<O, NamedMapOptions>,
  ): SharedMap<K, V>
  map<K extends Key = any, V = any>(name: string, options?: NamedMapOptions<KindOf<K>, KindOf<V>>): SharedMap<K, V>
  map(name: string, options?: NamedMapOptions): SharedMap<unknown, unknown> {
    const names = ['key', 'value', 'capacity', 'codec']
    return new SharedMap<unknown, unknown>(null, this.#named(name, 'map', options, names))
  }

  /** Opens the set of this name, or makes it: see map(). */
  set<O extends NamedSetOptions, T extends Declared<O, 'value', Key>>(
    name: string,
    options: Only<O, NamedSetOptions>,
  ): SharedSet<T>
  set<T extends Key = any>(name: string, options?: NamedSetOptions<KindOf<T>>): SharedSet<T>
  set(name: string, options?: NamedSetOptions): SharedSet<unknown> {
    return new SharedSet<unknown>(null, this.#named(name, 'set', options, ['value', 'capacity']))
  }

  /**
   * Opens the bitset of this name, or makes it: see map().
   *
   * @throws ERR_OPTIONS also if there is one of another length
   */
  bitset(name: string, options: NamedBitsetOptions): SharedBitset {
    return new SharedBitset({ length: 0, ...this.#named(name, 'bitset', options, ['length']) })
  }

  /**
   * Opens the queue of this name, or makes it: see map().
   *
   * @throws ERR_OPTIONS also if there is one of another capacity
   */
  queue<O extends NamedQueueOptions, T extends Declared<O, 'value', any>>(
    name: string,
    options: Only<O, NamedQueueOptions>,
  ): SharedQueue<T>
  queue<T = any>(name: string, options?: NamedQueueOptions<KindOf<T>>): SharedQueue<T>
  queue(name: string, options?: NamedQueueOptions): SharedQueue<unknown> {
    return new SharedQueue<unknown>(this.#named(name, 'queue', options, ['capacity', 'value', 'codec']))
  }

  /**
   * Opens the cache of this name, or makes it: see map(). Bounds and times are those that it was made with.
   */
  cache<O extends NamedCacheOptions, K extends Declared<O, 'key', Key>, V extends Declared<O, 'value', any>>(
    name: string,
    options: Only<O, NamedCacheOptions>,
  ): SharedCache<K, V>
  cache<K extends Key = any, V = any>(name: string, options: NamedCacheOptions<KindOf<K>, KindOf<V>>): SharedCache<K, V>
  cache(name: string, options: NamedCacheOptions): SharedCache<unknown, unknown> {
    const names = ['max', 'maxBytes', 'ttl', 'idle', 'jitter', 'now', 'key', 'value', 'capacity', 'codec']
    return new SharedCache<unknown, unknown>(this.#named(name, 'cache', options, names) as SharedCacheOptions)
  }

  /** The names of all collections in this heap, in no useful order. Not atomic as a whole. O(n). */
  names(): string[] {
    return namesOf(this.#open.binding)
  }

  /**
   * Deletes the collection of this name for all threads, and gives its memory back to the heap: its entries at once,
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

  /**
   * Lets go of the heap in this thread. Its collections that are open stay open. Calling it again does nothing. When no
   * thread has it or anything in it open, and nobody keeps a handle, its memory is garbage: the runtime gives it back when
   * it collects, which may be long after, as it does not count what the memory of threads takes. What is freed within
   * the heap, by delete() or with a map without a name, is there for the others at once.
   */
  dispose(): void {
    this.#open.close()
  }

  [Symbol.dispose](): void {
    void this.#open // an object that has a dispose() is not enough
    this.dispose()
  }

  declare readonly [Symbol.toStringTag]: string

  /** The options of a collection with a name in this heap. */
  #named(
    name: unknown,
    noun: Noun,
    options: object | undefined,
    names: readonly string[],
  ): SharedMapOptions & SharedSetOptions & SharedQueueOptions & { length?: number } {
    void this.#open.binding // throws if disposed of
    checkName(name)
    return { ...checkNames(`heap.${noun}`, options, names, STRUCTURES[noun].example), heap: this, name }
  }
}

// Out here because a class that names itself loses its name in the bundle.
const SharedHeapPrototype = SharedHeap.prototype
definePrinting(SharedHeapPrototype, (heap, most) => sketchHeap(heap, openOf(heap), most))
Object.defineProperty(SharedHeap.prototype, Symbol.toStringTag, { value: 'SharedHeap', configurable: true })
