import type { Declared, KeyedBy, Only } from '../collection/options.js'
import type { Key, KindOf } from '../core/kinds.js'
import type { REMOVE } from '../table/update.js'
import type { SharedMapHandle } from './handle.js'
import type { SharedMap } from './map.js'
import type { SharedMapOptions } from './options.js'

// How TypeScript sees the classes: their types of keys and values follow from entries, from declared kinds, or are
// given, and none of these may contradict another. Classes cannot say that of their constructors, so these interfaces
// do.
//
// Each constructor has one signature for options without entries, one for entries, and one for types that are given.
// They differ in how many type parameters they have, so that `extends SharedMap<string, number>` finds the last ones.

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
