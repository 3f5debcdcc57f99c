import { CollectionRecord, OWN_LINES } from '../../../layout/record'
import { isMineOf } from '../../../layout/stripe'

/**
 * A bitset, in a collection's record: a tree of two steps to pages of bits. What was never touched has no page, and counts as
 * zeroes. Pages and groups come when a bit of theirs is first set, and stay, at one address, until the bitset is deleted.
 *
 *     36    last bit; how far its memory has been given back
 *     768   groups[64]          each an address, or 0
 *               |
 *               v
 *           a group: pages[1024], each an address, or 0           4 KiB, for 2^26 bits
 *               |
 *               v
 *           a page: 2^16 bits, bit i of the page in word i / 32   8 KiB
 */
@unmanaged
@final
export class Bitset extends CollectionRecord {
  /** The highest index that there is. */
  lastBit: u32
  /** While the memory is given back: pages of the first group that is left which are gone. */
  freed: u32
}

/** Which structure it is. */
export const BITSET: u32 = 2

export const GROUPS: u32 = OWN_LINES
export const GROUP_COUNT: u32 = 64
export const GROUP_BYTES: u32 = 4096
export const PAGES_PER_GROUP: u32 = 1024
export const PAGES_PER_GROUP_SHIFT: u32 = 10
/** A page of bits. */
export const PAGE_BITS_SHIFT: u32 = 16
export const PAGE_BITS: u32 = 1 << PAGE_BITS_SHIFT
export const BIT_PAGE_BYTES: u32 = PAGE_BITS >> 3

/** Whether this is a stripe of this thread's, of a bitset that it has open. */
@inline
export function isBitset(stripe: u32): bool {
  return isMineOf(stripe, BITSET)
}

/** Address of the word that holds a group's address. */
@inline
export function groupEntry(record: u32, group: u32): u32 {
  return record + GROUPS + (group << 2)
}

/** Address of the word of a group that holds a page's address. */
@inline
export function pageEntry(group: u32, page: u32): u32 {
  return group + ((page & (PAGES_PER_GROUP - 1)) << 2)
}

/** Pairs with the compare-and-swap of publish() in pages.ts: who sees an address sees the zeroes that lie there. */
@inline
export function loadEntry(entry: u32): u32 {
  return atomic.load<u32>(entry)
}

@inline
export function lastBitOf(record: u32): u32 {
  return changetype<Bitset>(record).lastBit
}

@inline
export function lastPageOf(record: u32): u32 {
  return lastBitOf(record) >> PAGE_BITS_SHIFT
}
