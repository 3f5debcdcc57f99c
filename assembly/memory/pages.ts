import { HEADER, HeapHeader, HeapLimits, LIMITS, loadEndPages, MAPS } from '../layout/heap'
import { PAGE_SHIFT, UNITS_PER_PAGE_SHIFT } from '../layout/limits'
import { MAPPED_IN_HEADER } from '../layout/thread'
import { EventKind } from '../layout/trace'
import { Checkpoint, checkpoint } from '../sync/checkpoint'
import { commit, note32 } from '../sync/journal'
import { beginSpan, endSpan } from '../sync/trace'
import { ALL_FREE, PAGES_PER_MAP_SHIFT, wordOf } from './free-map'
import { lowerHints } from './hints'

// Pages that were never handed out: how they become units, and how memory grows for them. All under the pool lock.

/** Memory grows by at least this share of what it has, because growing is slow in some engines. */
const GROWTH_DIVISOR: u32 = 8
const MIN_GROWTH_PAGES: u32 = 16
/** The last page of 4 GiB is never used: so the end of every run is an address, and comparisons need no care. */
const LAST_PAGE: u32 = 65535

/** Hands out so many pages more, whose units are free. False: there are none, or memory does not grow. */
export function extend(pages: u32): bool {
  if (!pages || !extendMap(pages)) return false
  const begin = loadEndPages()
  const end = begin + pages
  if (!ensurePages(end)) return false
  for (let page = begin; page < end; page++) store<u64>(wordOf(page), ALL_FREE)
  lowerHints(begin << UNITS_PER_PAGE_SHIFT, pages << UNITS_PER_PAGE_SHIFT)
  handOut(end)
  return true
}

/** Sees to it that the map has words for so many pages more: a page for each 512 MiB beyond what is in the header. */
function extendMap(pages: u32): bool {
  for (let map: u32 = MAPS; ; map += 4) {
    const end = loadEndPages() + pages
    if (end <= MAPPED_IN_HEADER + ((map - MAPS) << (PAGES_PER_MAP_SHIFT - 2))) return true
    if (load<u32>(map)) continue
    const page = loadEndPages()
    if (end < pages || !ensurePages(page + 1)) return false
    note32(map)
    store<u32>(map, page << PAGE_SHIFT)
    store<u64>(wordOf(page), 0) // who died in extend() may have left it otherwise
    handOut(page + 1)
  }
  return false
}

/** Notes and publishes where the pages end that were handed out, and commits. */
function handOut(end: u32): void {
  note32(LIMITS + offsetof<HeapLimits>('endPages'))
  // Pairs with loadEndPages: published before any address in these pages can be.
  atomic.store<u32>(LIMITS, end, offsetof<HeapLimits>('endPages'))
  checkpoint(Checkpoint.PagesHandedOut)
  commit()
}

/** Makes memory have so many pages. False: it may not, or cannot. */
function ensurePages(end: u32): bool {
  const most = min<u32>(changetype<HeapHeader>(HEADER).maxPages, LAST_PAGE)
  if (end > most) return false
  if (end <= u32(memory.size())) return true
  const size = u32(memory.grow(0)) // the true size: this instance may not know that another has made memory grow
  const ahead = max<u32>(MIN_GROWTH_PAGES, size / GROWTH_DIVISOR)
  return end <= size || growMemory(size, end, min<u32>(most, end + ahead))
}

/** Makes memory grow from so many pages to the wanted size, or at least to `end`. */
function growMemory(size: u32, end: u32, wanted: u32): bool {
  const began = beginSpan()
  if (memory.grow(wanted - size) < 0 && memory.grow(end - size) < 0) return false
  endSpan(EventKind.MemoryGrowth, began, 0, size, u32(memory.size()))
  return true
}
