import { isDoomed } from '../../layout/record'
import { results, scratchValue } from '../../layout/scratch'
import { ABSENT, DELETED, INSERTED, INVALID, REMOVED, SPARED } from '../../layout/status'
import { recordOf } from '../../layout/stripe'
import { Checkpoint, checkpoint } from '../../sync/checkpoint'
import { isBitset, lastBitOf, PAGE_BITS, PAGE_BITS_SHIFT } from './layout/bitset'
import { findPage, makePage, obstacle } from './pages'

// Single bits, and ranges of them. Each word of 64 bits changes at one moment, by one atomic operation, which is the whole of the
// change: nothing is counted beside it, so there is nothing to undo when a thread dies. Ranges are not atomic as a whole.

/** Whether a call may go on: 0, INVALID or DELETED. */
function refusal(stripe: u32, first: u32, last: u32): i32 {
  if (!isBitset(stripe) || first > last || last > lastBitOf(recordOf(stripe))) return INVALID
  return isDoomed(recordOf(stripe)) ? DELETED : 0
}

@inline
function wordOf(page: u32, bit: u32): u32 {
  return page + ((bit & (PAGE_BITS - 1)) >> 6 << 3)
}

@inline
function maskOf(bit: u32): u64 {
  return u64(1) << u64(bit & 63)
}

/** What addBit() and flipBit() return if a page has to be made first: by makePageOf(), and then the same call again. */
const LACKS_PAGE: i32 = SPARED

/** Makes the page that a bit is in, if there is none. 0, or a negative status. */
export function makePageOf(stripe: u32, bit: u32): i32 {
  const status = refusal(stripe, bit, bit)
  if (status) return status
  return makePage(recordOf(stripe), bit >> PAGE_BITS_SHIFT) ? 0 : obstacle
}

/** Sets a bit: INSERTED; ABSENT if it was set; or SPARED. Neither allocates nor notes anything. */
export function addBit(stripe: u32, bit: u32): i32 {
  const status = refusal(stripe, bit, bit)
  if (status) return status
  const page = findPage(recordOf(stripe), bit >> PAGE_BITS_SHIFT)
  if (!page) return LACKS_PAGE
  const word = wordOf(page, bit)
  if (atomic.load<u64>(word) & maskOf(bit)) return ABSENT // pairs with the next line: it was set by then
  checkpoint(Checkpoint.BitSeen)
  // The moment at which it is set. Pairs with the loads of all others: who sees the bit sees what this thread did before.
  return atomic.or<u64>(word, maskOf(bit)) & maskOf(bit) ? ABSENT : INSERTED
}

/** Clears a bit: REMOVED, or ABSENT if it was clear. */
export function deleteBit(stripe: u32, bit: u32): i32 {
  const status = refusal(stripe, bit, bit)
  if (status) return status
  const page = findPage(recordOf(stripe), bit >> PAGE_BITS_SHIFT)
  if (!page) return ABSENT
  return atomic.and<u64>(wordOf(page, bit), ~maskOf(bit)) & maskOf(bit) ? REMOVED : ABSENT // pairs as in addBit
}

/** Turns a bit over. 1: it is set now; 0: it is clear; or SPARED, as addBit(). */
export function flipBit(stripe: u32, bit: u32): i32 {
  const status = refusal(stripe, bit, bit)
  if (status) return status
  const page = findPage(recordOf(stripe), bit >> PAGE_BITS_SHIFT)
  if (!page) return LACKS_PAGE
  return atomic.xor<u64>(wordOf(page, bit), maskOf(bit)) & maskOf(bit) ? 0 : 1 // pairs as in addBit
}

/** Whether a bit is set: 1 or 0. */
export function hasBit(stripe: u32, bit: u32): i32 {
  const status = refusal(stripe, bit, bit)
  if (status) return status
  const page = findPage(recordOf(stripe), bit >> PAGE_BITS_SHIFT)
  return page && atomic.load<u64>(wordOf(page, bit)) & maskOf(bit) ? 1 : 0 // pairs with addBit
}

// ---- Ranges, both ends included ----

/** The bits of a word that lie in a range; `base` is the index of the word's first. */
@inline
export function maskWithin(base: u32, first: u32, last: u32): u64 {
  let mask: u64 = -1
  if (base < first) mask &= u64(-1) << u64(first - base)
  if (last - base < 63) mask &= u64(-1) >> u64(63 - (last - base))
  return mask
}

/** Sets all bits of a range. How many were clear; negative: some may have been set. */
export function addBits(stripe: u32, first: u32, last: u32): f64 {
  const status = refusal(stripe, first, last)
  if (status) return status
  let changed: f64 = 0
  for (let page = first >> PAGE_BITS_SHIFT; page <= last >> PAGE_BITS_SHIFT; page++) {
    const address = makePage(recordOf(stripe), page)
    if (!address) return obstacle
    changed += addWithin(address, page << PAGE_BITS_SHIFT, first, last)
  }
  return changed
}

function addWithin(page: u32, base: u32, first: u32, last: u32): u32 {
  let changed: u32 = 0
  for (let at = firstWord(base, first), end = lastWord(base, last); at <= end; at += 8) {
    const mask = maskWithin(base + (at << 3), first, last)
    changed += u32(popcnt(~atomic.or<u64>(page + at, mask) & mask)) // pairs as in addBit
  }
  return changed
}

/** Clears all bits of a range. How many were set. */
export function deleteBits(stripe: u32, first: u32, last: u32): f64 {
  const status = refusal(stripe, first, last)
  if (status) return status
  let changed: f64 = 0
  for (let page = first >> PAGE_BITS_SHIFT; page <= last >> PAGE_BITS_SHIFT; page++) {
    const address = findPage(recordOf(stripe), page)
    if (address) changed += deleteWithin(address, page << PAGE_BITS_SHIFT, first, last)
  }
  return changed
}

function deleteWithin(page: u32, base: u32, first: u32, last: u32): u32 {
  let changed: u32 = 0
  for (let at = firstWord(base, first), end = lastWord(base, last); at <= end; at += 8) {
    const mask = maskWithin(base + (at << 3), first, last)
    changed += u32(popcnt(atomic.and<u64>(page + at, ~mask) & mask)) // pairs as in addBit
  }
  return changed
}

/** How many bits of a range are set: word by word, so exact while nobody writes. */
export function countBits(stripe: u32, first: u32, last: u32): f64 {
  const status = refusal(stripe, first, last)
  if (status) return status
  let count: f64 = 0
  for (let page = first >> PAGE_BITS_SHIFT; page <= last >> PAGE_BITS_SHIFT; page++) {
    const address = findPage(recordOf(stripe), page)
    if (address) count += countWithin(address, page << PAGE_BITS_SHIFT, first, last)
  }
  return count
}

function countWithin(page: u32, base: u32, first: u32, last: u32): u32 {
  let count: u32 = 0
  for (let at = firstWord(base, first), end = lastWord(base, last); at <= end; at += 8) {
    count += u32(popcnt(atomic.load<u64>(page + at) & maskWithin(base + (at << 3), first, last))) // pairs with addBit
  }
  return count
}

/** Byte offset in a page, whose first bit is `base`, of the first word that a range has in it. */
@inline
function firstWord(base: u32, first: u32): u32 {
  return first > base ? (first - base) >> 6 << 3 : 0
}

/** The same of the last word. */
@inline
export function lastWord(base: u32, last: u32): u32 {
  return min<u32>(last - base, PAGE_BITS - 1) >> 6 << 3
}

// ---- Searches ----

/** The first bit from `first` on that is set (or clear, if `wanted` is 0); -1: none. Below -1: a status less 1. */
export function nextBit(stripe: u32, first: u32, wanted: u32): f64 {
  const last = isBitset(stripe) ? lastBitOf(recordOf(stripe)) : 0
  const status = refusal(stripe, first, last)
  if (status) return f64(status - 1)
  for (let page = first >> PAGE_BITS_SHIFT; page <= last >> PAGE_BITS_SHIFT; page++) {
    const base = page << PAGE_BITS_SHIFT
    const address = findPage(recordOf(stripe), page)
    if (!address && wanted) continue
    if (!address) return max(base, first)
    for (let at = firstWord(base, first), end = lastWord(base, last); at <= end; at += 8) {
      const bits = wordFor(address + at, wanted) & maskWithin(base + (at << 3), first, last)
      if (bits) return base + (at << 3) + u32(ctz(bits))
    }
  }
  return -1
}

@inline
function wordFor(address: u32, wanted: u32): u64 {
  const word = atomic.load<u64>(address) // pairs with addBit
  return wanted ? word : ~word
}

/** So many bits are listed at a time. */
const MOST_LISTED: u32 = 8192

/**
 * Lists bits that are set, from `first` on, in the value area: their indexes, in order. Returns how many; results().word: where to
 * go on; 2^32 or more: that was all.
 */
export function listBits(stripe: u32, first: u32): i32 {
  const last = isBitset(stripe) ? lastBitOf(recordOf(stripe)) : 0
  const status = refusal(stripe, first, last)
  if (status) return status
  let target = scratchValue()
  const end = target + (MOST_LISTED << 2)
  for (let page = first >> PAGE_BITS_SHIFT; page <= last >> PAGE_BITS_SHIFT; page++) {
    const base = page << PAGE_BITS_SHIFT
    const address = findPage(recordOf(stripe), page)
    if (!address) continue
    for (let at = firstWord(base, first), stop = lastWord(base, last); at <= stop; at += 8) {
      let bits = atomic.load<u64>(address + at) & maskWithin(base + (at << 3), first, last) // pairs with addBit
      if (target + (u32(popcnt(bits)) << 2) > end) {
        results().word = u64(base + (at << 3)) > u64(first) ? u64(base + (at << 3)) : u64(first)
        return (target - scratchValue()) >> 2
      }
      for (; bits; bits &= bits - 1, target += 4) store<u32>(target, base + (at << 3) + u32(ctz(bits)))
    }
  }
  results().word = u64(1) << 32
  return (target - scratchValue()) >> 2
}
