import { isDoomed } from '../../layout/record'
import { scratchValue } from '../../layout/scratch'
import { DELETED, INVALID } from '../../layout/status'
import { recordOf } from '../../layout/stripe'
import { BIT_PAGE_BYTES, isBitset, lastBitOf, lastPageOf, PAGE_BITS_SHIFT } from './layout/bitset'
import { lastWord, maskWithin } from './bits'
import { findPage, makePage, obstacle } from './pages'

// Whole pages, through the value area: for what takes two bitsets, which may lie in two heaps.

/** The first page from `page` on that there is; -1: none. Below -1: a status less 1. */
export function nextPage(stripe: u32, page: u32): i32 {
  if (!isBitset(stripe)) return INVALID - 1
  if (isDoomed(recordOf(stripe))) return DELETED - 1
  for (; page <= lastPageOf(recordOf(stripe)); page++) if (findPage(recordOf(stripe), page)) return page
  return -1
}

/** Copies a page to the value area; zeroes, if there is none. Whether there is one. */
export function readPage(stripe: u32, page: u32): i32 {
  if (!isBitset(stripe) || page > lastPageOf(recordOf(stripe))) return INVALID
  const address = findPage(recordOf(stripe), page)
  const target = scratchValue()
  if (!address) memory.fill(target, 0, BIT_PAGE_BYTES)
  for (let at: u32 = 0; address && at < BIT_PAGE_BYTES; at += 8) store<u64>(target + at, atomic.load<u64>(address + at)) // pairs with addBit
  return address ? 1 : 0
}

export const OR: u32 = 0
export const AND: u32 = 1
export const AND_NOT: u32 = 2
export const XOR: u32 = 3

/** Combines a page with the one in the value area, word by word. 0, or a negative status. */
export function combinePage(stripe: u32, page: u32, operation: u32): i32 {
  if (!isBitset(stripe) || page > lastPageOf(recordOf(stripe)) || operation > XOR) return INVALID
  if (isDoomed(recordOf(stripe))) return DELETED
  const isAdding = operation == OR || operation == XOR
  const address = isAdding ? makePage(recordOf(stripe), page) : findPage(recordOf(stripe), page)
  if (!address) return isAdding ? obstacle : 0
  const last = lastBitOf(recordOf(stripe))
  const base = page << PAGE_BITS_SHIFT
  for (let at: u32 = 0, end = lastWord(base, last); at <= end; at += 8) {
    combineWord(address + at, load<u64>(scratchValue() + at) & maskWithin(base + (at << 3), base, last), operation)
  }
  return 0
}

/** One word, at one moment; one that stays as it is is not written. Pairs as in addBit. */
function combineWord(address: u32, other: u64, operation: u32): void {
  if (operation == AND) atomic.and<u64>(address, other)
  else if (!other) return
  else if (operation == OR) atomic.or<u64>(address, other)
  else if (operation == XOR) atomic.xor<u64>(address, other)
  else atomic.and<u64>(address, ~other)
}

/** Whether a page has a bit set that the one in the value area has not (`inverted`), or has too. 1 or 0. */
export function meetsPage(stripe: u32, page: u32, inverted: u32): i32 {
  if (!isBitset(stripe) || page > lastPageOf(recordOf(stripe))) return INVALID
  const address = findPage(recordOf(stripe), page)
  if (!address) return 0
  for (let at: u32 = 0; at < BIT_PAGE_BYTES; at += 8) {
    const other = load<u64>(scratchValue() + at)
    if (atomic.load<u64>(address + at) & (inverted ? ~other : other)) return 1 // pairs with addBit
  }
  return 0
}

/** Pages that there are. */
export function countPages(stripe: u32): i32 {
  if (!isBitset(stripe)) return INVALID
  let pages: u32 = 0
  for (let page = nextPage(stripe, 0); page >= 0; page = nextPage(stripe, page + 1)) pages++
  return pages
}
