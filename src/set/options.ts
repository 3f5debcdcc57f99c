import { PLACE_NAMES, type Plan, type PlaceOptions, checkKind, planPlace } from '../collection/options.js'
import type { Kind } from '../core/kinds.js'
import { checkNames } from '../core/options.js'
import { set } from './structure.js'

/** How a set is made. */
export interface SharedSetOptions<V extends Kind = Kind> extends PlaceOptions {
  /** What the values are: `'any'` (default), or `'number'`, `'bigint'`, `'string'`, `'bytes'`, which are faster. */
  value?: V | undefined
}

/** Options of a set that has a name in a heap. */
export type NamedSetOptions<V extends Kind = Kind> = Pick<SharedSetOptions<V>, 'value' | 'capacity'>

const NAMES: readonly string[] = ['value', ...PLACE_NAMES]

/** @throws ERR_OPTIONS unless these are options that a set can be made with */
export function planSet(given: unknown): Plan {
  const options = checkNames('SharedSet', given, NAMES, set.example)
  return {
    schema: { noun: 'set', key: checkKind('value', options.value), value: 'none', codec: undefined },
    ...planPlace(options),
  }
}
