import type { Structure } from '../core/structure.js'
import { BITSET_ID } from './layout.js'

/** What the core exports for bitsets: see assembly/exports/bitset.ts. */
export interface BitsetExports {
  makePageOf(stripe: number, bit: number): number
  addBit(stripe: number, bit: number): number
  deleteBit(stripe: number, bit: number): number
  flipBit(stripe: number, bit: number): number
  hasBit(stripe: number, bit: number): number
  addBits(stripe: number, first: number, last: number): number
  deleteBits(stripe: number, first: number, last: number): number
  countBits(stripe: number, first: number, last: number): number
  nextBit(stripe: number, first: number, wanted: number): number
  listBits(stripe: number, first: number): number
  nextPage(stripe: number, page: number): number
  readPage(stripe: number, page: number): number
  combinePage(stripe: number, page: number, operation: number): number
  meetsPage(stripe: number, page: number, inverted: number): number
  countPages(stripe: number): number
}

/** A bitset, to those who know no structure. */
export const bitset = {
  id: BITSET_ID,
  className: 'SharedBitset',
  described: () => 'a bitset',
  kinds: () => [],
  sizedBy: undefined,
  example: '{ length: 1_000_000 }',
  said: () => "tophash: 'SharedBitset'",
  found: () => 'what is there is a bitset',
  invariants: {
    30: "a bitset's groups and pages lie in the heap",
    31: 'no bit is set beyond the last one of a bitset',
  },
} as const satisfies Structure
