import { FOR_CHUNK, HeapLimits, LIMITS, POOL, Pool, Purpose, loadEndPages } from '../layout/heap'
import { HeapHeader, HEADER } from '../layout/heap'
import { PAGE_SHIFT } from '../layout/limits'
import { lock, unlock } from '../sync/lock'
import { ensureReach } from '../sync/reach'

// Pages: the coarse allocator. Runs of whole pages, for chunks, segments, large blocks and scratch. Free runs are a
// list in order of address, kept inside the free pages themselves and merged with their neighbours. All under the
// pool lock.

@unmanaged
@final
class Run {
  next: u32
  pages: u32
}

/** The address that is not one: no pages were to be had. */
export const NO_MEMORY: u32 = 0

/** Memory grows by at least this share of what it has, because growing is slow in some engines. */
const GROWTH_DIVISOR: u32 = 8
const MIN_GROWTH_PAGES: u32 = 16

/** The last page of 4 GiB is never used: so the end of every run is an address, and comparisons need no care. */
const LAST_PAGE: u32 = 65535

/** Whether the run that allocatePages returned last was never used before, and so is zero. */
export let runIsFresh: bool = false

/** Address of `pages` pages in a row, or NO_MEMORY. */
export function allocatePages(pages: u32, purpose: Purpose): u32 {
  if (!lock(POOL)) return NO_MEMORY
  let address = takeFreeRun(pages)
  runIsFresh = !address
  if (!address) address = takeFreshRun(pages)
  if (address) {
    addPages(purpose, pages)
    ensureReach(address + (pages << PAGE_SHIFT))
  }
  unlock(POOL)
  return address
}

/** Gives pages back. They may be read by a stale reader until it notices, so nothing is unmapped. */
export function freePages(address: u32, pages: u32, purpose: Purpose): bool {
  if (!lock(POOL)) return false
  insertFreeRun(address, pages)
  addPages(purpose, -pages)
  unlock(POOL)
  return true
}

/** Enters pages under another purpose. */
export function repurposePages(pages: u32, from: Purpose, to: Purpose): bool {
  if (!lock(POOL)) return false
  addPages(from, -pages)
  addPages(to, pages)
  unlock(POOL)
  return true
}

export function pagesFor(bytes: u32): u32 {
  return u32((u64(bytes) + 65535) >> PAGE_SHIFT)
}

// @ts-ignore: decorator
@inline
function pool(): Pool {
  return changetype<Pool>(POOL)
}

function addPages(purpose: Purpose, pages: u32): void {
  store<u32>(POOL + purpose, load<u32>(POOL + purpose) + pages)
}

/** First fit. A larger run is cut at its end, so that the list stays as it is. */
function takeFreeRun(pages: u32): u32 {
  let link: u32 = POOL + offsetof<Pool>('freeRuns')
  let run = load<u32>(link)
  while (run) {
    ensureReach(run + offsetof<Run>())
    const free = changetype<Run>(run)
    if (free.pages == pages) {
      store<u32>(link, free.next)
      return run
    }
    if (free.pages > pages) {
      free.pages -= pages
      return run + (free.pages << PAGE_SHIFT)
    }
    link = run + offsetof<Run>('next')
    run = free.next
  }
  return NO_MEMORY
}

function takeFreshRun(pages: u32): u32 {
  const begin = loadEndPages()
  const end = begin + pages
  const maxPages = min<u32>(changetype<HeapHeader>(HEADER).maxPages, LAST_PAGE)
  if (end < begin || end > maxPages) return NO_MEMORY
  if (end > u32(memory.size())) {
    const size = u32(memory.grow(0)) // the true size: this instance may not know that another has made memory grow
    const ahead = max<u32>(MIN_GROWTH_PAGES, size / GROWTH_DIVISOR)
    const target = min<u32>(maxPages, end + ahead)
    if (end > size && memory.grow(target - size) < 0 && memory.grow(end - size) < 0) return NO_MEMORY
  }
  // Pairs with loadEndPages: published before any address in these pages can be.
  atomic.store<u32>(LIMITS, end, offsetof<HeapLimits>('endPages'))
  return begin << PAGE_SHIFT
}

function insertFreeRun(address: u32, pages: u32): void {
  let before: u32 = 0
  let after = pool().freeRuns
  while (after && after < address) {
    ensureReach(after + offsetof<Run>())
    before = after
    after = changetype<Run>(after).next
  }
  const run = changetype<Run>(address)
  run.next = after
  run.pages = pages
  if (before) changetype<Run>(before).next = address
  else pool().freeRuns = address
  if (after) mergeWithNext(address)
  if (before) mergeWithNext(before)
}

function mergeWithNext(address: u32): void {
  const run = changetype<Run>(address)
  if (address + (run.pages << PAGE_SHIFT) != run.next) return
  ensureReach(run.next + offsetof<Run>())
  const next = changetype<Run>(run.next)
  run.pages += next.pages
  run.next = next.next
}

/** Free pages. Under no lock: for the books, when all is quiet. */
export function countFreePages(): u32 {
  let pages: u32 = 0
  for (let run = pool().freeRuns; run; run = changetype<Run>(run).next) {
    ensureReach(run + offsetof<Run>())
    pages += changetype<Run>(run).pages
  }
  return pages
}

/** Pages in use for one purpose. */
export function pagesInUse(purpose: Purpose): u32 {
  return load<u32>(POOL + purpose)
}

/** Pages of chunks: what the block allocator has to account for. */
export function chunkPages(): u32 {
  return pagesInUse(FOR_CHUNK)
}
