import { loadEndPages, MAPS, MAPS_END } from '../layout/heap'
import { HEADER_PAGES, PAGE_BYTES, UNIT_SHIFT, UNITS_PER_PAGE, UNITS_PER_PAGE_SHIFT } from '../layout/limits'
import { MAP, MAPPED_IN_HEADER } from '../layout/thread'
import { ensureReach } from '../sync/reach'

// The map of free units: a word of 64 bits for each page, in which the bit of a free unit is 1. The words of the first pages are in
// the header, those of others in pages of their own. All under the pool lock.

/** Pages that one page of the map stands for. */
const PAGES_PER_MAP: u32 = PAGE_BYTES >> 3
export const PAGES_PER_MAP_SHIFT: u32 = 13
export const ALL_FREE: u64 = u64.MAX_VALUE

/** Address of the word of a page. */
export function wordOf(page: u32): u32 {
  if (page < MAPPED_IN_HEADER) return MAP + (page << 3)
  const further = page - MAPPED_IN_HEADER
  const map = load<u32>(MAPS + (further >> PAGES_PER_MAP_SHIFT << 2))
  ensureReach(map + PAGE_BYTES)
  return map + ((further & (PAGES_PER_MAP - 1)) << 3)
}

export function isFree(unit: u32): bool {
  return ((load<u64>(wordOf(unit >> UNITS_PER_PAGE_SHIFT)) >> (unit & (UNITS_PER_PAGE - 1))) & 1) != 0
}

/** Makes units free, or not. */
export function mark(first: u32, units: u32, areFree: bool): void {
  let at = first
  const end = first + units
  while (at < end) {
    const bit = at & (UNITS_PER_PAGE - 1)
    const count = min<u32>(UNITS_PER_PAGE - bit, end - at)
    const bits = (ALL_FREE >> (UNITS_PER_PAGE - count)) << bit
    const word = wordOf(at >> UNITS_PER_PAGE_SHIFT)
    store<u64>(word, areFree ? load<u64>(word) | bits : load<u64>(word) & ~bits)
    at += count
  }
}

/** Free units in a row at the end of the pages that were handed out. */
export function freeAtEnd(): u32 {
  let units: u32 = 0
  for (let page = loadEndPages() - 1; page >= HEADER_PAGES; page--) {
    const taken = ~load<u64>(wordOf(page))
    if (taken) return units + u32(clz(taken))
    units += UNITS_PER_PAGE
  }
  return units
}

// ---- For the accounts ----

/** Free units, and pages of the map. Under no lock: when all is quiet. */
export function countFreeUnits(): u32 {
  let units: u32 = 0
  for (let page = HEADER_PAGES; page < loadEndPages(); page++) units += u32(popcnt(load<u64>(wordOf(page))))
  return units
}

export function countMapPages(): u32 {
  let pages: u32 = 0
  for (let map = MAPS; map < MAPS_END; map += 4) if (load<u32>(map)) pages++
  return pages
}

/** Whether any of so many units is free. */
export function isAnyFree(address: u32, units: u32): bool {
  const end = (address >> UNIT_SHIFT) + units
  for (let unit = address >> UNIT_SHIFT; unit < end; unit++) if (isFree(unit)) return true
  return false
}
