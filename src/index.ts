import { SharedMap as Class } from './map.js'
import type { SharedMapHandle } from './handle.js'
import type { Kind, KindOf, SharedMapOptions, TypeOf } from './options.js'

/** A Map that all threads of the program share. */
export type SharedMap<K extends TypeOf<Kind>, V extends TypeOf<Kind>> = Class<K, V>

/** How TypeScript sees the class: K and V follow from the declared kinds, or are given. */
export interface SharedMapConstructor {
  /** Makes a map and sets `entries`, if there are any. The kinds in `options` are required. */
  new <K extends Kind, V extends Kind>(
    entries: Iterable<readonly [TypeOf<K>, TypeOf<V>]> | null | undefined,
    options: SharedMapOptions<K, V>,
  ): SharedMap<TypeOf<K>, TypeOf<V>>
  new <K extends TypeOf<Kind>, V extends TypeOf<Kind>>(
    entries: Iterable<readonly [K, V]> | null | undefined,
    options: SharedMapOptions<KindOf<K>, KindOf<V>>,
  ): SharedMap<K, V>
  readonly prototype: SharedMap<TypeOf<Kind>, TypeOf<Kind>>

  /** Opens, in this thread, the map that another thread's `map.handle` names. */
  attach<K extends TypeOf<Kind>, V extends TypeOf<Kind>>(handle: unknown): SharedMap<K, V>
}

export const SharedMap = Class as unknown as SharedMapConstructor

export { TophashError, type TophashErrorCode } from './errors.js'
export type { SharedMapHandle, SharedMapOptions, Kind, KindOf, TypeOf }
export type { SharedMapStats } from './stats.js'
