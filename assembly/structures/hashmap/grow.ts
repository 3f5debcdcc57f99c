import { GROW_DENOMINATOR, GROW_NUMERATOR, MAX_LEVEL } from '../../layout/limits'
import { BOXED_KEYS, isDoomed, WIDE } from '../../layout/record'
import { CORRUPT, DELETED, OUT_OF_MEMORY, OWNER_UNRESPONSIVE } from '../../layout/status'
import { hasFlag } from '../../layout/stripe'
import { me, SEGMENT_HAND } from '../../layout/thread'
import { EventKind, Locked } from '../../layout/trace'
import { Checkpoint, checkpoint } from '../../sync/checkpoint'
import { beginUnlocked, enter } from '../../sync/journal'
import { awaitIn, awaitUnlock, blameSelf, loadLock, LOCKED, lockedBy, mustSettle, ownerOf, WAITERS } from '../../sync/lock'
import { beginSpan, endSpan } from '../../sync/trace'
import { addressIn, emptyHand, handAt } from '../../memory/hands'
import { relieveOthers } from '../../memory/pressure'
import { newSegment } from '../../memory/segments'
import { controlOf, entriesOf, isEnoughFor } from './layout/cache'
import { TableJournal, unfinished, unfinishedWord } from './layout/journal'
import { bucketBytesOf, CURSOR, GROWING, headAt, loadLevel, maskOf, SEGMENTS, Table, tableOf, TableStripe } from './layout/table'
import { estimateCount, sumEvacuated } from './counter'
import { evacuate, lengthenings, shortenings, splits } from './evacuate'
import { BoxedKeys, PlainKeys } from './key'
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
/** What an operating system maps at a time. */
const SYSTEM_PAGE_BYTES: u32 = 4096
/** Looks at a growth that another thread has all but finished, before giving up. */
const PATIENCE: u32 = 100_000_000

/** After an insert: now and then, see whether the table must grow, or a growth needs help. */
@inline
export function helpGrowth(stripe: u32): void {
  const view = changetype<TableStripe>(stripe)
  view.inserts++
  if (!(view.inserts & lookMask(view.level))) lookAround(stripe)
}

@inline
function lookMask(level: u32): u32 {
  return level < 3 ? 0 : maskOf(min<u32>(level - 2, MAX_LOOK_SHIFT))
}

function lookAround(stripe: u32): void {
  relieveOthers()
  const table = tableOf(stripe)
  const level = adoptLevel(stripe)
  const wasEvacuated = isEvacuated(table, level)
  checkpoint(Checkpoint.CountersSeen)
  if (!wasEvacuated) evacuateSome(stripe, level)
  else if (isFull(stripe, lookAtCount(stripe), level) && grow(stripe, level)) evacuateSome(stripe, level + 1)
}

/** Entries that there are about, and what this thread's share of them is when there are none. */
function lookAtCount(stripe: u32): u32 {
  const count = estimateCount(tableOf(stripe))
  changetype<TableStripe>(stripe).emptyAt = changetype<TableStripe>(stripe).count - count
  return count
}

/** Whether so many entries are more than 6.5 for each of 2^level buckets; never in a cache that may not have more than these hold. */
@inline
function isFull(stripe: u32, entries: u32, level: u32): bool {
  if (u64(entries) * GROW_DENOMINATOR <= u64(GROW_NUMERATOR) << level) return false
  return !hasFlag(stripe, WIDE) || !isEnoughFor(entriesOf(controlOf(stripe).most), level)
}

/** Whether every bucket of the level is LIVE: also if others have grown the table since the level was seen, and gone on. */
function isEvacuated(table: u32, level: u32): bool {
  return sumEvacuated(table) >= (1 << level) - (1 << changetype<Table>(table).baseLevel)
}

/**
 * Evacuates the next children. The cursor goes round, so that what another thread claimed and left is done too. It may
 * stand anywhere: a thread that has not seen the newest level yet claims shorter ranges. So a range that would reach
 * beyond the last child goes on with the first.
 */
function evacuateSome(stripe: u32, level: u32): void {
  beginStep()
  const children: u32 = 1 << (level - 1)
  const length = min<u32>(CLAIM, children)
  const first = atomic.add<u32>(tableOf(stripe) + CURSOR, length) & (children - 1)
  checkpoint(Checkpoint.RangeClaimed)
  const end = min<u32>(first + length, children)
  touchAhead(tableOf(stripe), children + first, end - first)
  if (evacuateRange(stripe, children + first, children + end)) {
    evacuateRange(stripe, children, children + first + length - end)
  }
  endStep(stripe, level)
}

// A step of evacuation, for the events of a trace: when it began, and what had been done by then.
let began: f64 = -1
let splitsBefore: u32 = 0
let lengtheningsBefore: u32 = 0
let shorteningsBefore: u32 = 0

function beginStep(): void {
  began = beginSpan()
  splitsBefore = splits
  lengtheningsBefore = lengthenings
  shorteningsBefore = shortenings
}

function endStep(stripe: u32, level: u32): void {
  if (began < 0) return
  const table = tableOf(stripe)
  const all = sumEvacuated(table) + (1 << changetype<Table>(table).baseLevel)
  const done = min<u32>(max<i32>(all - (1 << (level - 1)), 0), 1 << (level - 1)) // others may be a level further
  endSpan(
    EventKind.Evacuation, began, table, level, splits - splitsBefore, done, lengthenings - lengtheningsBefore,
    shortenings - shorteningsBefore,
  )
}

/** Evacuates children in a row, until one cannot be. */
function evacuateRange(stripe: u32, begin: u32, end: u32): bool {
  return hasFlag(stripe, BOXED_KEYS)
    ? evacuateEach<BoxedKeys>(stripe, begin, end)
    : evacuateEach<PlainKeys>(stripe, begin, end)
}

function evacuateEach<Keys>(stripe: u32, begin: u32, end: u32): bool {
  for (let child = begin; child < end; child++) {
    if (!evacuate<Keys>(stripe, child)) return false
  }
  return true
}

/**
 * Fresh memory costs a page fault at its first write. Better here than under a lock: adds 0 to a lock word in each
 * page, which changes nothing, whoever may be using the bucket already.
 */
function touchAhead(table: u32, first: u32, length: u32): void {
  for (let i: u32 = 0; i < length; i += SYSTEM_PAGE_BYTES / bucketBytesOf(table)) atomic.add<u32>(headAt(table, first + i), 0)
}

/** Raises the level by one. False if another thread did or does so, or if there is no memory. */
function grow(stripe: u32, level: u32): bool {
  const table = tableOf(stripe)
  if (level == MAX_LEVEL || unfinished().growing) return false // which an exception has left
  beginUnlocked(table)
  enter(unfinishedWord(offsetof<TableJournal>('growing')), table)
  checkpoint(Checkpoint.GrowthIntended)
  if (atomic.cmpxchg<u32>(table + GROWING, 0, lockedBy(me().id))) {
    unfinished().growing = 0
    return false
  }
  checkpoint(Checkpoint.GrowthTaken)
  let grown = false
  // Under the lock: the level may have been raised since. It cannot be again before all is evacuated.
  if (loadLevel(table) == level && isEvacuated(table, level)) grown = raise(table, level)
  endGrowth(table)
  if (grown) adoptLevel(stripe)
  return grown
}

/** The segment is in SEGMENT_HAND until the level that it belongs to is the table's. */
function raise(table: u32, level: u32): bool {
  const began = beginSpan()
  const segment = newSegment(bucketBytesOf(table) << level)
  if (!segment) return false
  setSegment(table, level + 1, segment - (bucketBytesOf(table) << level))
  atomic.store<u32>(table + CURSOR, 0)
  checkpoint(Checkpoint.SegmentEntered)
  atomic.store<u32>(table, level + 1, offsetof<Table>('level')) // publishes segment and cursor: pairs with loadLevel
  checkpoint(Checkpoint.LevelRaised)
  emptyHand(handAt(SEGMENT_HAND))
  checkpoint(Checkpoint.SegmentOwned)
  if (began >= 0) endSpan(EventKind.Growth, began, table, level + 1, estimateCount(table))
  return true
}

/** Lets others grow the table. Pairs with the compare-and-swap of grow(). */
function endGrowth(table: u32): void {
  if (atomic.xchg<u32>(table + GROWING, 0) & WAITERS) atomic.notify(table + GROWING, -1)
  checkpoint(Checkpoint.GrowthReleased)
  unfinished().growing = 0
}

/** What recovery does about a growth that its thread has begun: the level tells whether the segment is the table's. */
export function settleGrowth(): void {
  const table = unfinished().growing
  if (!table) return
  if (ownerOf(atomic.load<u32>(table + GROWING)) == me().id) {
    const level = loadLevel(table)
    const isOwned = level > changetype<Table>(table).baseLevel
    if (isOwned && headAt(table, 1 << (level - 1)) == addressIn(handAt(SEGMENT_HAND))) emptyHand(handAt(SEGMENT_HAND))
    endGrowth(table)
  }
  unfinished().growing = 0
}

/** Entry of segments for buckets whose index has `bits` bits. */
export function setSegment(table: u32, bits: u32, bucketZero: u32): void {
  store<u32>(table + (bits << 2), bucketZero, SEGMENTS)
}

/** Grows and evacuates until `entries` fit without growing again. 0, or a negative status. */
export function growFor(stripe: u32, entries: u32): i32 {
  const began = beginSpan()
  const status = growUntil(stripe, entries)
  endSpan(EventKind.Reserve, began, tableOf(stripe), entries, u32(status == 0))
  return status
}

function growUntil(stripe: u32, entries: u32): i32 {
  const table = tableOf(stripe)
  if (mustSettle()) return OWNER_UNRESPONSIVE
  if (unfinished().growing) { // which an exception has left
    blameSelf()
    return OWNER_UNRESPONSIVE
  }
  for (let looks: u32 = 0; looks < PATIENCE; looks++) {
    if (looks) checkpoint(Checkpoint.GrowthAwaited)
    if (isDoomed(table)) return DELETED
    const level = adoptLevel(stripe)
    if (!isEvacuated(table, level)) {
      beginStep()
      const isDone = evacuateRange(stripe, 1 << (level - 1), 1 << level)
      endStep(stripe, level)
      if (!isDone && !isDoomed(table)) return OUT_OF_MEMORY
      if (isDone && !awaitSplits(stripe, level)) return OWNER_UNRESPONSIVE
      if (isDone && loadLevel(table) == level && !isEvacuated(table, level) && !isDoomed(table)) return CORRUPT
    } else if (!isFull(stripe, entries, level)) {
      return 0
    } else if (level == MAX_LEVEL || (!grow(stripe, level) && !isMoving(table, level))) {
      return OUT_OF_MEMORY
    }
  }
  return OWNER_UNRESPONSIVE
}

/** Waits for splits of others: when a child is LIVE it is not counted yet, but before its parent is unlocked it is. */
function awaitSplits(stripe: u32, level: u32): bool {
  const table = tableOf(stripe)
  for (let parent: u32 = 0; parent < 1 << (level - 1); parent++) {
    const head = headAt(table, parent)
    if (loadLock(head) & LOCKED && !awaitIn(head, stripe, table)) return false
  }
  return true
}

/** Whether another thread has raised the level, once it is done with it. */
function isMoving(table: u32, level: u32): bool {
  if (!(atomic.load<u32>(table + GROWING) & LOCKED)) return loadLevel(table) != level
  return awaitUnlock(table + GROWING, Locked.Growth, table)
}
