import type { Declared, KeyedBy, Only } from '../collection/options.js'
import type { Key, KindOf } from '../core/kinds.js'
import type { SharedSetHandle } from './handle.js'
import type { SharedSetOptions } from './options.js'
import type { SharedSet } from './set.js'

// How TypeScript sees the class: see map/constructor.ts.

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
