import { loadEndPages } from '../layout/heap'
import { HEADER_PAGES, UNIT_SHIFT, UNITS_PER_PAGE, UNITS_PER_PAGE_SHIFT } from '../layout/limits'
import { Journal, journal, journalWord } from '../layout/thread'
import { Checkpoint, checkpoint } from '../sync/checkpoint'
import { note32 } from '../sync/journal'
import { ensureReach } from '../sync/reach'
import { freeAtEnd, mark, wordOf } from './free-map'
import { alignedHint, hintedUnits, lowerHints, runHint } from './hints'
import { extend } from './pages'

/**
 * Units: memory is given out in runs of units of 1 KiB, and comes back in runs. A map says which are free (free-map.ts), so
 * neighbours are joined by nothing but their bits. The lowest free run that is large enough is taken, which begins behind what the
 * hints say (hints.ts); if there is none, pages that were never handed out are (pages.ts). All under the pool lock.
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
