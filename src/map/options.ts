import type { ObjectCodec } from '../codecs/object-codec.js'
import { PLACE_NAMES, type Plan, type PlaceOptions, checkKind, codecFor, planPlace } from '../collection/options.js'
import type { Kind } from '../core/kinds.js'
import { checkNames } from '../core/options.js'
import { map } from './structure.js'

/** How a map is made. */
export interface SharedMapOptions<K extends Kind = Kind, V extends Kind = Kind> extends PlaceOptions {
  /** What the keys are: `'any'` (default), or `'number'`, `'bigint'`, `'string'`, `'bytes'`, which are faster. */
  key?: K | undefined
  /** What the values are: likewise. */
  value?: V | undefined
  /** What turns objects into bytes and back, for values of kind `'any'`. All threads must give the same one. */
  codec?: ObjectCodec | undefined
}

/** Options of a map that has a name in a heap. */
export type NamedMapOptions<K extends Kind = Kind, V extends Kind = Kind> = Pick<
  SharedMapOptions<K, V>,
  'key' | 'value' | 'capacity' | 'codec'
>

const NAMES: readonly string[] = ['key', 'value', ...PLACE_NAMES, 'codec']

/** @throws ERR_OPTIONS unless these are options that a map can be made with */
export function planMap(given: unknown): Plan {
  const options = checkNames('SharedMap', given, NAMES, map.example)
  const key = checkKind('key', options.key)
  const value = checkKind('value', options.value)
  return { schema: { noun: 'map', key, value, codec: codecFor(value, options.codec) }, ...planPlace(options) }
}
