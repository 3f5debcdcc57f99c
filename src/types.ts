import type { SharedCache } from './cache/cache.js'
import type { SharedCacheHandle, SharedMapHandle, SharedQueueHandle, SharedSetHandle } from './collection/handle.js'
import type { Key, KindOf } from './core/kinds.js'
import type { SharedMap } from './map/map.js'
import type {
  Declared,
  Only,
  SharedCacheOptions,
  SharedHeapOptions,
  SharedMapOptions,
  SharedQueueOptions,
  SharedSetOptions,
} from './collection/options.js'
import type { SharedQueue } from './queue/queue.js'
import type { SharedSet } from './set/set.js'
import type { SharedHeap } from './shared-heap/shared-heap.js'
import type { REMOVE } from './table/update.js'

// How TypeScript sees the classes: their types of keys and values follow from entries, from declared kinds, or are
// given, and none of these may contradict another. Classes cannot say that of their constructors, so these interfaces
// do.
//
// Each constructor has one signature for options without entries, one for entries, and one for types that are given.
// They differ in how many type parameters they have, so that `extends SharedMap<string, number>` finds the last ones.

/** What entries must be besides: their keys must be such as a map takes. */
type KeyedBy<K> = [K] extends [Key] ? unknown : never

type MapOptions<K, V> = SharedMapOptions<KindOf<K>, KindOf<V>>

/** The class SharedMap. */
export interface SharedMapConstructor {
  /** Makes an empty map. K and V follow from the kinds in `options`. */
  new <O extends SharedMapOptions, K extends Declared<O, 'key', Key>, V extends Declared<O, 'value', any>>(
    entries: null | undefined,
    options: Only<O, SharedMapOptions>,
  ): SharedMap<K, V>
  /** Makes a map and sets `entries`, from which K and V follow. */
  new <K, V>(entries: Iterable<readonly [K, V]> & KeyedBy<K>, options?: MapOptions<K, V>): SharedMap<K, V>
  /** Makes a map and sets `entries`, if there are any. */
  new <K extends Key = any, V = any>(entries?: Iterable<readonly [K, V]> | null, options?: MapOptions<K, V>): SharedMap<K, V>
  readonly prototype: SharedMap<any, any>

  /** What a callback of `update` returns to remove the entry. */
  readonly remove: typeof REMOVE

  /** Opens, in this thread, the map that another thread's `map.handle` names: K and V are what the handle says. */
  attach<K extends Key, V>(handle: SharedMapHandle<K, V>, options?: Pick<SharedMapOptions, 'codec'>): SharedMap<K, V>
  /** The same for a handle of unknown type, as it comes with a message: K and V are what the caller says. */
  attach<K extends Key = any, V = any>(handle: unknown, options?: Pick<SharedMapOptions, 'codec'>): SharedMap<K, V>

  /**
   * A new map from each key that `keyOf(item, index)` returns to the array of the items with that key, as Map.groupBy.
   */
  groupBy<K extends Key, T>(
    items: Iterable<T>,
    keyOf: (item: T, index: number) => K,
    options?: SharedMapOptions<KindOf<K>, 'any'>,
  ): SharedMap<K, T[]>
}

/** The class SharedSet. */
export interface SharedSetConstructor {
  /** Makes an empty set. T follows from the kind in `options`. */
  new <O extends SharedSetOptions, T extends Declared<O, 'value', Key>>(
    values: null | undefined,
    options: Only<O, SharedSetOptions>,
  ): SharedSet<T>
  /** Makes a set and adds `values`, from which T follows. */
  new <T>(values: Iterable<T> & KeyedBy<T>, options?: SharedSetOptions<KindOf<T>>): SharedSet<T>
  /** Makes a set and adds `values`, if there are any. */
  new <T extends Key = any>(values?: Iterable<T> | null, options?: SharedSetOptions<KindOf<T>>): SharedSet<T>
  readonly prototype: SharedSet<any>

  /** Opens, in this thread, the set that another thread's `set.handle` names: T is what the handle says. */
  attach<T extends Key>(handle: SharedSetHandle<T>): SharedSet<T>
  /** The same for a handle of unknown type, as it comes with a message: T is what the caller says. */
  attach<T extends Key = any>(handle: unknown): SharedSet<T>
}

/** The class SharedQueue. */
export interface SharedQueueConstructor {
  /** Makes a queue. T follows from the kind in `options`. */
  new <O extends SharedQueueOptions, T extends Declared<O, 'value', any>>(options: Only<O, SharedQueueOptions>): SharedQueue<T>
  /** Makes a queue of items of this type. */
  new <T = any>(options?: SharedQueueOptions<KindOf<T>>): SharedQueue<T>
  readonly prototype: SharedQueue<any>

  /** Opens, in this thread, the queue that another thread's `queue.handle` names: T is what the handle says. */
  attach<T>(handle: SharedQueueHandle<T>, options?: Pick<SharedQueueOptions, 'codec'>): SharedQueue<T>
  /** The same for a handle of unknown type, as it comes with a message: T is what the caller says. */
  attach<T = any>(handle: unknown, options?: Pick<SharedQueueOptions, 'codec'>): SharedQueue<T>
}

/** The class SharedCache. */
export interface SharedCacheConstructor {
  /** Makes an empty cache. K and V follow from the kinds in `options`. */
  new <O extends SharedCacheOptions, K extends Declared<O, 'key', Key>, V extends Declared<O, 'value', any>>(
    options: Only<O, SharedCacheOptions>,
  ): SharedCache<K, V>
  /** Makes an empty cache. */
  new <K extends Key = any, V = any>(options: SharedCacheOptions<KindOf<K>, KindOf<V>>): SharedCache<K, V>
  readonly prototype: SharedCache<any, any>

  /** What a callback of `update` returns to remove the entry. */
  readonly remove: typeof REMOVE

  /** Opens, in this thread, the cache that another thread's `cache.handle` names: K and V are what the handle says. */
  attach<K extends Key, V>(
    handle: SharedCacheHandle<K, V>,
    options?: Pick<SharedCacheOptions, 'codec' | 'now'>,
  ): SharedCache<K, V>
  /** The same for a handle of unknown type, as it comes with a message: K and V are what the caller says. */
  attach<K extends Key = any, V = any>(handle: unknown, options?: Pick<SharedCacheOptions, 'codec' | 'now'>): SharedCache<K, V>
}

/** The class SharedHeap. */
export interface SharedHeapConstructor {
  /** Makes a heap, with no collection in it. */
  new (options?: SharedHeapOptions): SharedHeap
  readonly prototype: SharedHeap

  /** Opens, in this thread, the heap that another thread's `heap.handle` names. */
  attach(handle: unknown): SharedHeap
}
