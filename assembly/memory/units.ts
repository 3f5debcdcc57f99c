import { HEADER, HeapHeader, HeapLimits, HINTS, LIMITS, loadEndPages, MAPS, MAPS_END } from '../layout/heap'
import { HEADER_PAGES, PAGE_BYTES, PAGE_SHIFT, UNIT_SHIFT, UNITS_PER_PAGE, UNITS_PER_PAGE_SHIFT } from '../layout/limits'
import { Journal, journal, journalWord, MAP, MAPPED_IN_HEADER } from '../layout/thread'
import { EventKind } from '../layout/trace'
import { Checkpoint, checkpoint } from '../sync/checkpoint'
import { commit, note32 } from '../sync/journal'
import { ensureReach } from '../sync/reach'
import { beginSpan, endSpan } from '../sync/trace'

/**
 * Units: which are free. Memory is given out in runs of units of 1 KiB, and comes back in runs; a map has a word of 64 bits
 * for each page, in which the bit of a free unit is 1, so neighbours are joined by nothing but their bits. The lowest free
 * run that is large enough is taken; if there is none, pages that were never handed out are. All under the pool lock.
 *
 * A run of many units has more words in the map than the undo log has entries. So what is happening is written to the
 * journal, in which `run` means: these units are to be free when the pool is unlocked.
 *
 *     take    run = them;   bits to 0;   ... note what they become, and `run`; run = 0;   commit
 *     give    note what they were, and `run`; run = them;   commit;   bits to 1;   run = 0
 *
 * Whoever recovers a thread that died in between undoes the log, which leaves `run` as it was at the last commit, and
 * settles it: bits to 1. So a run is free, or somebody's, and never both.
 */

/** Memory grows by at least this share of what it has, because growing is slow in some engines. */
const GROWTH_DIVISOR: u32 = 8
const MIN_GROWTH_PAGES: u32 = 16
/** The last page of 4 GiB is never used: so the end of every run is an address, and comparisons need no care. */
const LAST_PAGE: u32 = 65535
/** Pages that one page of the map stands for. */
const PAGES_PER_MAP: u32 = PAGE_BYTES >> 3
const PAGES_PER_MAP_SHIFT: u32 = 13
const ALL_FREE: u64 = u64.MAX_VALUE

// ---- Hints ----

// Where to begin to look: before that page no run begins that would do. Of the aligned ones a word for each size, then one
// each for runs of 8, 16, 64 units and more. Raised by who has looked, lowered before anything becomes free.

const MAX_ALIGNED_LOG2: u32 = 6
const RUN_HINTS: u32 = HINTS + ((MAX_ALIGNED_LOG2 + 1) << 2)
/** So far behind a run it is of no use to look for the beginning of what is free: a run before that was long enough. */
const LOOK_BACK: u32 = 2 * UNITS_PER_PAGE

@inline
function alignedHint(log2: u32): u32 {
  return HINTS + (log2 << 2)
}

/** The hint for runs of so many units. */
function runHint(units: u32): u32 {
  if (units >= 64) return RUN_HINTS + 8
  return units >= 16 ? RUN_HINTS + 4 : RUN_HINTS
}

/** The runs that a hint is about have as many units or more. */
function hintedUnits(hint: u32): u32 {
  if (hint == RUN_HINTS + 8) return 64
  return hint == RUN_HINTS + 4 ? 16 : 8
}

function lowerHint(hint: u32, page: u32): void {
  if (load<u32>(hint) > page) store<u32>(hint, page)
}

/** Before so many units become free: sees to it that they are found. */
function lowerHints(first: u32, units: u32): void {
  let begin = first
  let end = first + units
  const lowest = max<u32>(first, HEADER_PAGES * UNITS_PER_PAGE + LOOK_BACK) - LOOK_BACK
  const highest = loadEndPages() << UNITS_PER_PAGE_SHIFT
  while (begin > lowest && isFree(begin - 1)) begin--
  for (let ahead: u32 = 0; end < highest && ahead < LOOK_BACK && isFree(end); ahead++) end++
  for (let log2: u32 = 0; log2 <= MAX_ALIGNED_LOG2; log2++) {
    const aligned = (begin + (1 << log2) - 1) >> log2 << log2
    if (aligned + (1 << log2) <= end) lowerHint(alignedHint(log2), aligned >> UNITS_PER_PAGE_SHIFT)
  }
  for (let hint = RUN_HINTS; hint <= RUN_HINTS + 8; hint += 4) {
    if (end - begin >= hintedUnits(hint)) lowerHint(hint, begin >> UNITS_PER_PAGE_SHIFT)
  }
}

// ---- The map ----

/** Address of the word of a page. */
function wordOf(page: u32): u32 {
  if (page < MAPPED_IN_HEADER) return MAP + (page << 3)
  const further = page - MAPPED_IN_HEADER
  const map = load<u32>(MAPS + (further >> PAGES_PER_MAP_SHIFT << 2))
  ensureReach(map + PAGE_BYTES)
  return map + ((further & (PAGES_PER_MAP - 1)) << 3)
}

function isFree(unit: u32): bool {
  return ((load<u64>(wordOf(unit >> UNITS_PER_PAGE_SHIFT)) >> (unit & (UNITS_PER_PAGE - 1))) & 1) != 0
}

/** Makes units free, or not. */
function mark(first: u32, units: u32, areFree: bool): void {
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

// ---- Taking ----

/** Whether the run that was taken last was never used before, and so is zero. */
export let isFresh: bool = false

/**
 * Takes so many units in a row, which had better be fresh, if none are free, when they would have to be cleared. Returns
 * their address, 0: there are none. To be called before anything is noted; who has noted what they become calls noteTaken().
 */
export function takeRun(units: u32, betterFresh: bool): u32 {
  isFresh = false
  const found = findRun(units, load<u32>(runHint(units)))
  if (found) return take(found, units)
  const before = loadEndPages()
  const isWhole = betterFresh && units >= UNITS_PER_PAGE && extend(pagesFor(units))
  if (!isWhole && !extend(pagesFor(units - freeAtEnd()))) return 0 // else it begins in what is free at the end
  const run = findRun(units, isWhole ? before : load<u32>(runHint(units)))
  isFresh = run >> UNITS_PER_PAGE_SHIFT >= before
  return run ? take(run, units) : 0
}

function pagesFor(units: u32): u32 {
  return (units + UNITS_PER_PAGE - 1) >> UNITS_PER_PAGE_SHIFT
}

/** Takes 2^log2 units that are aligned to their size: a page at most. As takeRun(). */
export function takeAligned(log2: u32): u32 {
  const found = findAligned(log2) || (extend(1) ? findAligned(log2) : 0)
  return found ? take(found, 1 << log2) : 0
}

function take(first: u32, units: u32): u32 {
  journal().runUnits = units
  journal().run = first
  checkpoint(Checkpoint.RunFound)
  mark(first, units, false)
  checkpoint(Checkpoint.RunTaken)
  ensureReach((first + units) << UNIT_SHIFT)
  return first << UNIT_SHIFT
}

/** Notes that what was taken is somebody's when this is committed. */
export function noteTaken(): void {
  note32(journalWord(offsetof<Journal>('run')))
  journal().run = 0
}

/** The lowest run of so many free units, from a page on; 0: there is none. */
function findRun(units: u32, from: u32): u32 {
  const hint = runHint(units)
  const end = loadEndPages()
  let first = end // page of the first run that the hint is about
  let length: u32 = 0
  for (let page = max(from, HEADER_PAGES); page < end; page++) {
    const free = load<u64>(wordOf(page))
    if (!free) {
      length = 0
      continue
    }
    let bit: u32 = 0
    while (bit < UNITS_PER_PAGE) {
      const rest = free >> bit
      const ones = ~rest ? min<u32>(u32(ctz(~rest)), UNITS_PER_PAGE - bit) : UNITS_PER_PAGE
      length = ones ? length + ones : 0
      bit += ones || (rest ? u32(ctz(rest)) : UNITS_PER_PAGE - bit)
      const begin = (page << UNITS_PER_PAGE_SHIFT) + bit - length
      if (length >= hintedUnits(hint) && first == end) first = begin >> UNITS_PER_PAGE_SHIFT
      if (length < units) continue
      if (from == load<u32>(hint)) store<u32>(hint, first)
      return begin
    }
  }
  if (from == load<u32>(hint)) store<u32>(hint, first)
  return 0
}

/** The lowest 2^log2 free units that are aligned; 0: there are none. They never cross the border of a page. */
function findAligned(log2: u32): u32 {
  const hint = alignedHint(log2)
  const end = loadEndPages()
  for (let page = max(load<u32>(hint), HEADER_PAGES); page < end; page++) {
    const begins = alignedIn(load<u64>(wordOf(page)), log2)
    if (!begins) continue
    store<u32>(hint, page)
    return (page << UNITS_PER_PAGE_SHIFT) + u32(ctz(begins))
  }
  store<u32>(hint, end)
  return 0
}

/** Where 2^log2 bits in a row begin that are 1, at a multiple of 2^log2. */
function alignedIn(free: u64, log2: u32): u64 {
  let begins = free
  for (let shift: u32 = 0; shift < log2; shift++) begins &= begins >> (1 << shift)
  switch (log2) {
    case 0: return begins
    case 1: return begins & 0x5555_5555_5555_5555
    case 2: return begins & 0x1111_1111_1111_1111
    case 3: return begins & 0x0101_0101_0101_0101
    case 4: return begins & 0x0001_0001_0001_0001
    case 5: return begins & 0x0000_0001_0000_0001
    default: return begins & 1
  }
}

/** Free units in a row at the end of the pages that were handed out. */
function freeAtEnd(): u32 {
  let units: u32 = 0
  for (let page = loadEndPages() - 1; page >= HEADER_PAGES; page--) {
    const taken = ~load<u64>(wordOf(page))
    if (taken) return units + u32(clz(taken))
    units += UNITS_PER_PAGE
  }
  return units
}

// ---- Giving back ----

/** Notes that so many units are nobody's when this is committed. settleRun() must follow. */
export function noteGiven(address: u32, units: u32): void {
  note32(journalWord(offsetof<Journal>('run')))
  journal().runUnits = units
  journal().run = address >> UNIT_SHIFT
}

/** Under the pool lock, with an empty log: makes the units free that the journal says are nobody's. */
export function settleRun(): void {
  const first = journal().run
  if (!first) return
  const units = journal().runUnits
  if (u64(first) + units > u64(loadEndPages()) << UNITS_PER_PAGE_SHIFT) unreachable() // none of ours
  lowerHints(first, units)
  checkpoint(Checkpoint.HintsLowered)
  mark(first, units, true)
  checkpoint(Checkpoint.RunGiven)
  journal().run = 0
}

// ---- Pages that were never handed out ----

/** Hands out so many pages more, whose units are free. False: there are none, or memory does not grow. */
function extend(pages: u32): bool {
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
