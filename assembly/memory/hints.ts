import { HINTS, loadEndPages } from '../layout/heap'
import { HEADER_PAGES, UNITS_PER_PAGE, UNITS_PER_PAGE_SHIFT } from '../layout/limits'
import { isFree } from './free-map'

// Where to begin to look: before that page no run begins that would do. Of the aligned ones a word for each size, then one
// each for runs of 8, 16, 64 units and more. Raised by who has looked, lowered before anything becomes free.

const MAX_ALIGNED_LOG2: u32 = 6
const RUN_HINTS: u32 = HINTS + ((MAX_ALIGNED_LOG2 + 1) << 2)
/** So far behind a run it is of no use to look for the beginning of what is free: a run before that was long enough. */
const LOOK_BACK: u32 = 2 * UNITS_PER_PAGE

@inline
export function alignedHint(log2: u32): u32 {
  return HINTS + (log2 << 2)
}

/** The hint for runs of so many units. */
export function runHint(units: u32): u32 {
  if (units >= 64) return RUN_HINTS + 8
  return units >= 16 ? RUN_HINTS + 4 : RUN_HINTS
}

/** The runs that a hint is about have as many units or more. */
export function hintedUnits(hint: u32): u32 {
  if (hint == RUN_HINTS + 8) return 64
  return hint == RUN_HINTS + 4 ? 16 : 8
}

function lowerHint(hint: u32, page: u32): void {
  if (load<u32>(hint) > page) store<u32>(hint, page)
}

/** Before so many units become free: sees to it that they are found. */
export function lowerHints(first: u32, units: u32): void {
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
