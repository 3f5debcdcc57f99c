import { type Plan, type PlaceOptions, planPlace } from '../collection/options.js'
import { checkCount, checkNames } from '../core/options.js'
import { bitset } from './structure.js'
import type { Schema } from '../table/schema.js'

/** How a bitset is made. */
export interface SharedBitsetOptions extends Omit<PlaceOptions, 'capacity'> {
  /** Bits, 1 to 2^32. Those that were never touched take no memory. A bitset with a name has the length it was made with. */
  length: number
}

/** Options of a bitset that has a name in a heap. */
export type NamedBitsetOptions = Pick<SharedBitsetOptions, 'length'>

/** What all bitsets are. */
export const BITS: Schema = { noun: 'bitset', key: 'number', value: 'none', codec: undefined }

const NAMES: readonly string[] = ['length', 'heap', 'name', 'maxBytes']

/** @throws ERR_OPTIONS unless these are options that a bitset can be made with */
export function planBitset(given: unknown): Plan {
  const { length, ...place } = checkNames('SharedBitset', given, NAMES, bitset.example)
  checkCount('length', length, 1, 2 ** 32, 'bits')
  return { schema: BITS, ...planPlace(place), capacity: length as number }
}
