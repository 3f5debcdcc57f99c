import { HEADER, HeapHeader, HeapLimits, LIMITS, POOL, Pool, Purpose, loadEndPages } from '../layout/heap'
import { PAGE_SHIFT } from '../layout/limits'
import { Kind } from '../layout/trace'
import { Checkpoint, checkpoint } from '../sync/checkpoint'
import { commit, note32, note64 } from '../sync/journal'
import { lock, unlock } from '../sync/lock'
import { ensureReach } from '../sync/reach'
import { beginSpan, endSpan } from '../sync/trace'
import { addressIn, bytesIn, emptyHand, fillHand } from './hands'

// Pages: the coarse allocator. Runs of whole pages, for chunks, segments, large blocks and scratch. Free runs are a
// list in order of address, kept inside the free pages themselves and merged with their neighbours. All under the
// pool lock, and noted: pages pass between the pool and a hand of the thread in one commit.

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

/** Puts `pages` pages in a row into an empty hand. Returns their address, or NO_MEMORY. */
export function allocatePages(pages: u32, purpose: Purpose, hand: u32): u32 {
  if (!lock(POOL)) return NO_MEMORY
  let address = takeFreeRun(pages)
  runIsFresh = !address
  if (!address) address = takeFreshRun(pages)
  if (address) {
    checkpoint(Checkpoint.RunTaken)
    addPages(purpose, pages)
    ensureReach(address + (pages << PAGE_SHIFT))
    note64(hand)
    fillHand(hand, address, pages << PAGE_SHIFT)
    checkpoint(Checkpoint.PagesOwned)
  }
  commit()
  unlock(POOL)
  return address
}

/** Gives back the pages in a hand. False if the pool is not to be had: they are in the hand still. */
export function freePages(hand: u32, purpose: Purpose): bool {
  if (!lock(POOL)) return false
  releasePages(addressIn(hand), pagesFor(bytesIn(hand)), purpose)
  note64(hand)
  emptyHand(hand)
  checkpoint(Checkpoint.HandEmptied)
  commit()
  unlock(POOL)
  return true
}

/** Under the pool lock, noted: enters pages as free. Stale readers may look at them still, so nothing is unmapped. */
export function releasePages(address: u32, pages: u32, purpose: Purpose): void {
  insertFreeRun(address, pages)
  checkpoint(Checkpoint.RunEntered)
  addPages(purpose, -pages)
}

/** Passes pages from one hand to another, which is empty, and enters them under another purpose. */
export function repurposePages(from: u32, was: Purpose, to: u32, purpose: Purpose): bool {
  if (!lock(POOL)) return false
  const pages = pagesFor(bytesIn(from))
  addPages(was, -pages)
  addPages(purpose, pages)
  note64(to)
  note64(from)
  fillHand(to, addressIn(from), pages << PAGE_SHIFT)
  emptyHand(from)
  checkpoint(Checkpoint.HandEmptied)
  commit()
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
  setWord(POOL + purpose, load<u32>(POOL + purpose) + pages)
  checkpoint(Checkpoint.PagesEntered)
}

/** Changes a word that matters to others, who hold the lock after us. */
function setWord(address: u32, value: u32): void {
  note32(address)
  store<u32>(address, value)
}

/** First fit. A larger run is cut at its end, so that the list stays as it is. */
function takeFreeRun(pages: u32): u32 {
  let link: u32 = POOL + offsetof<Pool>('freeRuns')
  let run = load<u32>(link)
  for (let left = loadEndPages(); run; left--) {
    if (!left) unreachable()
    ensureReach(run + offsetof<Run>())
    const free = changetype<Run>(run)
    if (free.pages == pages) {
      setWord(link, free.next)
      return run
    }
    if (free.pages > pages) {
      const left = free.pages - pages
      setWord(run + offsetof<Run>('pages'), left)
      return run + (left << PAGE_SHIFT)
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
    if (end > size && !growMemory(size, end, min<u32>(maxPages, end + ahead))) return NO_MEMORY
  }
  note32(LIMITS + offsetof<HeapLimits>('endPages'))
  // Pairs with loadEndPages: published before any address in these pages can be.
  atomic.store<u32>(LIMITS, end, offsetof<HeapLimits>('endPages'))
  return begin << PAGE_SHIFT
}

/** Makes memory grow from so many pages to the wanted size, or at least to `end`. */
function growMemory(size: u32, end: u32, wanted: u32): bool {
  const began = beginSpan()
  if (memory.grow(wanted - size) < 0 && memory.grow(end - size) < 0) return false
  endSpan(Kind.MemoryGrowth, began, 0, size, u32(memory.size()))
  return true
}

/** Links a run in, merged with its neighbours. What lies in the run itself needs no note: it is nobody's. */
function insertFreeRun(address: u32, pages: u32): void {
  let before: u32 = 0
  let after = pool().freeRuns
  for (let left = loadEndPages(); after && after < address; left--) {
    if (!left) unreachable()
    ensureReach(after + offsetof<Run>())
    before = after
    after = changetype<Run>(after).next
  }
  const run = changetype<Run>(address)
  run.next = after
  run.pages = pages
  if (after && endOf(address) == after) {
    ensureReach(after + offsetof<Run>())
    run.pages += changetype<Run>(after).pages
    run.next = changetype<Run>(after).next
  }
  if (!before) {
    setWord(POOL + offsetof<Pool>('freeRuns'), address)
  } else if (endOf(before) == address) {
    setWord(before + offsetof<Run>('pages'), changetype<Run>(before).pages + run.pages)
    setWord(before + offsetof<Run>('next'), run.next)
  } else {
    setWord(before + offsetof<Run>('next'), address)
  }
}

function endOf(run: u32): u32 {
  return run + (changetype<Run>(run).pages << PAGE_SHIFT)
}

/** Free pages. Under no lock: for the books, when all is quiet. */
export function countFreePages(): u32 {
  let pages: u32 = 0
  let left = loadEndPages()
  for (let run = pool().freeRuns; run; run = changetype<Run>(run).next) {
    if (!left--) unreachable()
    ensureReach(run + offsetof<Run>())
    pages += changetype<Run>(run).pages
  }
  return pages
}

/** Pages in use for one purpose. */
export function pagesInUse(purpose: Purpose): u32 {
  return load<u32>(POOL + purpose)
}
