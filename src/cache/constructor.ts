import type { Declared, Only } from '../collection/options.js'
import type { Key, KindOf } from '../core/kinds.js'
import type { REMOVE } from '../table/update.js'
import type { SharedCache } from './cache.js'
import type { SharedCacheHandle } from './handle.js'
import type { SharedCacheOptions } from './options.js'

// How TypeScript sees the class: see map/constructor.ts.

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
