import { BLOCK_HEADER_BYTES, paddedBytes } from '../../layout/block'
import { POOL } from '../../layout/heap'
import { MAX_LEVEL } from '../../layout/limits'
import { BOXED_KEYS, flagsOf, stripeEntry } from '../../layout/record'
import { results } from '../../layout/scratch'
import { Stripe } from '../../layout/stripe'
import { journal, me } from '../../layout/thread'
import { LAST_PLACE } from '../../hash/order'
import { LIVE, loadLock } from '../../sync/lock'
import { ensureReach, isHandedOut } from '../../sync/reach'
import { isNextOf } from '../../memory/lists'
import { noteSegmentFreed } from '../../memory/segments'
import { tallySegment } from '../../memory/tally'
import { BUCKET_BYTES } from './layout/bucket'
import { unfinished } from './layout/journal'
import { bucketBytesOf, bucketClassOf, headAt, loadLevel, setLevel, Table, tableOf, TableStripe } from './layout/table'
import { isSoundChain, nextBucket } from './chain'
import { checkTable } from './check'
import { drainAll } from './clear'
import { sumCount } from './counter'
import { settleSplit } from './evacuate'
import { settleGrowth } from './grow'
import { scan } from './iterate'
import { adoptLevel } from './locate'
import { makeTable } from './make'
import { forgetPinned } from './pin'
import { repair } from './repair'
import { finishShrinking, noteNewestFreed } from './shrink'
import { useDefaultRoom } from '../../memory/value'

// What the heap asks of a hash map: see heap/registry.ts, which says what each is for.

/** Levels that a table can have. Zeroes are sound. */
export function isSound(record: u32): bool {
  return isSoundWith(record, BUCKET_BYTES)
}

/** The same of a table with such buckets. */
export function isSoundWith(record: u32, bucketBytes: u32): bool {
  const level = atomic.load<u32>(record, offsetof<Table>('level')) // pairs with raise in grow.ts
  const bytes = changetype<Table>(record).bucketBytes
  return changetype<Table>(record).baseLevel <= MAX_LEVEL && level <= MAX_LEVEL && (bytes == bucketBytes || !bytes)
}

export function make(record: u32, capacity: f64): bool {
  return makeTable(record, capacity)
}

export function openStripe(stripe: u32): void {
  const first = headAt(tableOf(stripe), 0)
  if (first & 7 || !isHandedOut(first, bucketBytesOf(tableOf(stripe)))) unreachable()
  setLevel(stripe, 0)
  changetype<TableStripe>(stripe).emptyAt = changetype<TableStripe>(stripe).count - sumCount(tableOf(stripe))
  adoptLevel(stripe)
}

// ---- Recovery ----

/**
 * The chain that is locked, if one is, is put in order; first the list of buckets that were cut off. A table that was being
 * shrunk is so before the lock of the pool is released.
 */
export function repairLocked(record: u32, lock: u32): void {
  if (!lock && journal().lock == POOL) finishShrinking()
  const buckets = unfinished().buckets
  if (buckets && isNextOf(bucketClassOf(record), buckets)) unfinished().buckets = nextBucket(buckets)
  if (lock && loadLock(lock) & LIVE) repairChain(record, lock)
}

/** A chain that something else has written to is left as it is: better that than locked for good. */
function repairChain(record: u32, head: u32): void {
  if (!isSoundChain(head, (flagsOf(record) & BOXED_KEYS) != 0)) {
    unfinished().child = 0
    return
  }
  const stripe = atomic.load<u32>(stripeEntry(record, me().id - 1)) // pairs with settleRaw: it is the own one
  const isOpen = stripe && changetype<Stripe>(stripe).opens
  settleSplit(stripe, head)
  repair(isOpen ? stripe : 0, record, head)
}

export function settleMade(): void {
  settleGrowth()
}

export function settleFreed(record: u32): void {
  if (unfinished().buckets || unfinished().saved) drainAll(flagsOf(record))
}

/** A chain that was pinned is unlocked by who mends; and results go where they usually do. */
export function forget(): void {
  forgetPinned()
  useDefaultRoom()
}

// ---- The end ----

/** The newest segment that is left. */
export function noteFreed(record: u32): bool {
  return noteFreedWith(record, 0)
}

/** The same where so many bytes lie behind the buckets of the first segment. */
export function noteFreedWith(record: u32, extraBytes: u32): bool {
  const base = changetype<Table>(record).baseLevel
  const level = loadLevel(record)
  if (base > level) unreachable()
  if (level > base) {
    noteNewestFreed(record)
    return false
  }
  const segment = headAt(record, 0)
  ensureReach(segment + bucketBytesOf(record))
  noteSegmentFreed(segment, (bucketBytesOf(record) << base) + extraBytes)
  return true
}

export { empty } from './empty'

// ---- Check ----

export { checkTable as check } from './check'

export function tally(record: u32): void {
  tallyWith(record, 0)
}

export function tallyWith(record: u32, extraBytes: u32): void {
  const base = changetype<Table>(record).baseLevel
  tallySegment(headAt(record, 0), (bucketBytesOf(record) << base) + extraBytes)
  for (let level = base; level < loadLevel(record); level++) tallySegment(headAt(record, 1 << level), bucketBytesOf(record) << level)
}

// ---- The table of names ----

/** Whether one of the entries has this number for its value: 1 or 0; negative on failure. */
export function hasValue(stripe: u32, value: f64): i32 {
  let cursor: u32 = 0
  do {
    const found = findValue(stripe, cursor, value)
    if (found) return found
    cursor = results().cursor
  } while (cursor)
  return 0
}

/** Whether one of the next entries has it. Their keys are blocks. */
function findValue(stripe: u32, cursor: u32, value: f64): i32 {
  const count = scan(stripe, cursor, LAST_PLACE, 1000, false, 0)
  if (count < 0) return count
  let at = results().address
  for (let i = 0; i < count; i++) {
    at += BLOCK_HEADER_BYTES + paddedBytes(load<u32>(at))
    if (load<f64>(at) == value) return 1
    at += 8
  }
  return 0
}
