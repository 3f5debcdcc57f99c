import { loadEndPages, POOL } from '../../layout/heap'
import { MAX_THREADS, PAGE_BYTES } from '../../layout/limits'
import { loadReferences, stripeEntry } from '../../layout/record'
import { STRIPE_BYTES } from '../../layout/stripe'
import { me } from '../../layout/thread'
import { Checkpoint, checkpoint } from '../../sync/checkpoint'
import { beginUnlocked, commit, enter, isUnsettled, note32 } from '../../sync/journal'
import { lockPool, unlock } from '../../sync/lock'
import { ensureReach } from '../../sync/reach'
import { spillAll } from '../../memory/lists'
import { keepSpare } from '../../memory/runs'
import { noteSegmentFreed } from '../../memory/segments'
import { settleRun } from '../../memory/units'
import { storeNext } from './layout/bucket'
import { TableJournal, unfinished, unfinishedWord } from './layout/journal'
import { bucketBytesOf, CURSOR, headAt, isWide, loadLevel, MapStripe, setLevel, Table, tableOf, TableStripe } from './layout/table'
import { storeEvacuated, sumCount } from './counter'
import { wakeSleepers } from './watch'

/**
 * Shrinking: a table that has grown and is empty gives its segments back, all but the first. Only a thread that has the table
 * open alone can do that: else one might look at the lock word of a head that has become something else. Nobody opens a
 * table without the lock of the pool, so under that lock a thread that is alone stays alone, and the empty table is its own:
 *
 *     the heads of the first segment get back the depth that they began with        plain words, for nobody looks
 *     the newest segment is freed and the level lowered, a commit each
 *     nothing is evacuated any more                                                 and the lock of the pool is released
 *
 * Each step can be taken again. The journal says that it has begun, so whoever recovers a thread that dies in between finishes
 * it before it lets go of the lock (hooks.ts): nobody ever sees a table that is half shrunk.
 */

/** The references of a collection that one thread has open: its own, and the one that deletion takes away. */
const ALONE: u32 = 2
/** It is worth while for this share of the pages that the heap has at least, and for so many bytes. */
const LEAST_SHARE: u32 = 1024
const LEAST_BYTES: u32 = 16384

/**
 * After a clear. What this thread has at hand of what so many entries took keeps slabs all over the heap, a block each; what
 * is written next would have to settle in between. So that is given back, whether the table is shrunk or not.
 */
export function giveBack(stripe: u32): void {
  if (!isWorthwhile(tableOf(stripe)) || isUnsettled()) return
  spillAll()
  shrinkIfEmpty(stripe)
}

/** Gives back what the table has grown by, if that is much, no entry is left, and nobody else has the table open. */
export function shrinkIfEmpty(stripe: u32): void {
  const table = tableOf(stripe)
  if (!isWorthwhile(table) || !isAlone(table) || isUnsettled()) return
  const left = sumCount(table)
  changetype<TableStripe>(stripe).emptyAt = changetype<TableStripe>(stripe).count - left
  if (left) return
  beginUnlocked(table)
  if (!lockPool()) return // the owner does not answer: the table stays as it is
  if (isAlone(table) && !sumCount(table)) shrink(table) // others may have come and gone
  unlock(POOL)
  spillAll()
}

function isAlone(table: u32): bool {
  return loadReferences(table) == ALONE
}

/** Under the pool lock. */
function shrink(table: u32): void {
  wakeSleepers(table)
  enter(unfinishedWord(offsetof<TableJournal>('shrinking')), table)
  checkpoint(Checkpoint.ShrinkBegun)
  finishShrinking()
  keepSpare()
}

/** Bytes of segments beyond the first: as many heads again with each level. */
function isWorthwhile(table: u32): bool {
  const extra = ((u64(1) << loadLevel(table)) - (u64(1) << changetype<Table>(table).baseLevel)) * bucketBytesOf(table)
  return extra >= LEAST_BYTES && extra >= u64(loadEndPages()) * (PAGE_BYTES / LEAST_SHARE)
}

/** Under the pool lock, with an empty log: goes on with what the journal says has begun, to its end. */
export function finishShrinking(): void {
  const table = unfinished().shrinking
  if (!table) return
  const base = changetype<Table>(table).baseLevel
  for (let index: u32 = 0; index < 1 << base; index++) {
    const head = headAt(table, index)
    ensureReach(head + bucketBytesOf(table))
    storeNext(head, base) // it has no overflow bucket: it is empty
  }
  checkpoint(Checkpoint.DepthsLowered)
  while (loadLevel(table) > base) {
    noteNewestFreed(table)
    checkpoint(Checkpoint.PartFreed)
    commit()
    settleRun()
  }
  forgetGrowth(table, base)
  unfinished().shrinking = 0
  checkpoint(Checkpoint.ShrinkOver)
}

/** What the stripes say of a growth: nothing was evacuated. Those of threads that have closed the table count, too. */
function forgetGrowth(table: u32, base: u32): void {
  for (let index: u32 = 0; index < MAX_THREADS; index++) {
    const stripe = atomic.load<u32>(stripeEntry(table, index))
    if (!stripe) continue
    ensureReach(stripe + STRIPE_BYTES)
    storeEvacuated(stripe, 0)
    if (index == me().id - 1) setLevel(stripe, base)
  }
  atomic.store<u32>(table + CURSOR, 0)
}

/** Under the pool lock: notes and frees the newest segment of a table that has grown; settleRun() must follow the commit. */
export function noteNewestFreed(table: u32): void {
  const level = loadLevel(table) - 1
  const segment = headAt(table, 1 << level)
  ensureReach(segment + bucketBytesOf(table))
  noteSegmentFreed(segment, bucketBytesOf(table) << level)
  note32(table + u32(offsetof<Table>('level')))
  atomic.store<u32>(table, level, offsetof<Table>('level')) // nobody else has the table open; as wide as elsewhere
}
