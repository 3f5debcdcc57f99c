import { BUCKET_BYTES } from '../layout/bucket'
import { FOR_SEGMENT } from '../layout/heap'
import { GROW_DENOMINATOR, GROW_NUMERATOR, MAX_LEVEL, PAGE_BYTES } from '../layout/limits'
import { OUT_OF_MEMORY, OWNER_UNRESPONSIVE } from '../layout/status'
import { CURSOR, DIRECTORY, GROWING, Stripe, Table, headAt, loadLevel, maskOf, tableOf } from '../layout/table'
import { journal, me } from '../layout/thread'
import { carveRaw } from '../memory/blocks'
import { allocatePages, pagesFor, runIsFresh } from '../memory/pages'
import { sumCount, sumEvacuated } from '../sync/counter'
import { evacuate } from './evacuate'
import { adoptLevel } from './locate'

// Growth: one more segment, one more level; then every insert helps to evacuate a little, until each bucket of the
// new segment is LIVE. Only then can the next growth begin, so a bucket's parent is always LIVE.

/**
 * Children evacuated at a time, in a row, for the sake of the caches: some 5 us. One look at 64 inserts, so that a
 * growth is finished long before the next one is due.
 */
const CLAIM: u32 = 32
/** Inserts of one thread between two looks at the counters of all threads: 2^6 at most, fewer in small tables. */
const MAX_LOOK_SHIFT: u32 = 6
/** Whole buckets in the 4 KiB that an operating system maps at a time. */
const BUCKETS_PER_SYSTEM_PAGE: u32 = 4096 / BUCKET_BYTES
/** Looks at a growth that another thread has all but finished, before giving up. */
const PATIENCE: u32 = 100_000_000

/** After an insert: now and then, see whether the table must grow, or a growth needs help. */
// @ts-ignore: decorator
@inline
export function helpGrowth<K>(stripe: u32): void {
  const view = changetype<Stripe>(stripe)
  view.inserts++
  if (!(view.inserts & lookMask(view.level))) lookAround<K>(stripe)
}

// @ts-ignore: decorator
@inline
function lookMask(level: u32): u32 {
  return level < 3 ? 0 : maskOf(min<u32>(level - 2, MAX_LOOK_SHIFT))
}

function lookAround<K>(stripe: u32): void {
  const table = tableOf(stripe)
  const level = adoptLevel(stripe)
  if (!isEvacuated(table, level)) evacuateSome<K>(stripe, level)
  else if (isFull(sumCount(table), level) && grow(stripe, level)) evacuateSome<K>(stripe, level + 1)
}

/** Whether so many entries are more than 6.5 for each of 2^level buckets. */
// @ts-ignore: decorator
@inline
function isFull(entries: u32, level: u32): bool {
  return u64(entries) * GROW_DENOMINATOR > u64(GROW_NUMERATOR) << level
}

/** Whether every bucket of the level is LIVE. */
function isEvacuated(table: u32, level: u32): bool {
  return sumEvacuated(table) == (1 << level) - (1 << changetype<Table>(table).baseLevel)
}

/** Evacuates the next children. The cursor goes round, so that what another thread claimed and left is done too. */
function evacuateSome<K>(stripe: u32, level: u32): void {
  const children: u32 = 1 << (level - 1)
  const length = min<u32>(CLAIM, children)
  const begin = children + (atomic.add<u32>(tableOf(stripe) + CURSOR, length) & (children - 1))
  touchAhead(tableOf(stripe), begin, length)
  for (let i: u32 = 0; i < length; i++) {
    if (!evacuate<K>(stripe, begin + i)) return
  }
}

/**
 * Fresh memory costs a page fault at its first write. Better here than under a lock: adds 0 to a lock word in each
 * page, which changes nothing, whoever may be using the bucket already.
 */
function touchAhead(table: u32, first: u32, length: u32): void {
  for (let i: u32 = 0; i < length; i += BUCKETS_PER_SYSTEM_PAGE) atomic.add<u32>(headAt(table, first + i), 0)
}

/** Raises the level by one. False if another thread did or does so, or if there is no memory. */
function grow(stripe: u32, level: u32): bool {
  const table = tableOf(stripe)
  if (level == MAX_LEVEL) return false
  journal().growing = table
  if (atomic.cmpxchg<u32>(table + GROWING, 0, me().id)) {
    journal().growing = 0
    return false
  }
  let grown = false
  // Under the lock: the level may have been raised since. It cannot be again before all is evacuated.
  if (loadLevel(table) == level && isEvacuated(table, level)) grown = raise(table, level)
  atomic.store<u32>(table + GROWING, 0) // pairs with the compare-and-swap above
  journal().growing = 0
  if (grown) adoptLevel(stripe)
  return grown
}

function raise(table: u32, level: u32): bool {
  const segment = newSegment(1 << level)
  if (!segment) return false
  setSegment(table, level + 1, segment - (BUCKET_BYTES << level))
  atomic.store<u32>(table + CURSOR, 0)
  atomic.store<u32>(table, level + 1, offsetof<Table>('level')) // publishes directory and cursor: pairs with loadLevel
  return true
}

/** Directory entry for buckets whose index has `bits` bits. */
export function setSegment(table: u32, bits: u32, bucketZero: u32): void {
  store<u32>(table + (bits << 2), bucketZero, DIRECTORY)
}

/** Zeroed memory for so many buckets, none of them LIVE; 0 if there is none. */
export function newSegment(buckets: u32): u32 {
  const bytes = buckets * BUCKET_BYTES
  if (!needsPages(bytes)) return carveRaw(bytes, 16)
  const segment = allocatePages(pagesFor(bytes), FOR_SEGMENT)
  if (segment && !runIsFresh) memory.fill(segment, 0, bytes)
  return segment
}

/** Whether a segment of this size has pages of its own. */
export function needsPages(bytes: u32): bool {
  return bytes > PAGE_BYTES / 2
}

/** Grows and evacuates until `entries` fit without growing again. 0, or a negative status. */
export function growFor<K>(stripe: u32, entries: u32): i32 {
  const table = tableOf(stripe)
  for (let looks: u32 = 0; looks < PATIENCE; looks++) {
    const level = adoptLevel(stripe)
    if (!isEvacuated(table, level)) {
      if (!evacuateAll<K>(stripe, level)) return OUT_OF_MEMORY
    } else if (!isFull(entries, level)) {
      return 0
    } else if (level == MAX_LEVEL || (!grow(stripe, level) && !isMoving(table, level))) {
      return OUT_OF_MEMORY
    }
  }
  return OWNER_UNRESPONSIVE
}

/** Whether another thread is raising the level, or has done so. */
function isMoving(table: u32, level: u32): bool {
  return atomic.load<u32>(table + GROWING) != 0 || loadLevel(table) != level
}

/** Evacuates what is left of the newest level. Another thread may yet have to count what it did. */
function evacuateAll<K>(stripe: u32, level: u32): bool {
  for (let child: u32 = 1 << (level - 1), end: u32 = 1 << level; child < end; child++) {
    if (!evacuate<K>(stripe, child)) return false
  }
  return true
}
