import { BUCKET_BYTES } from '../layout/bucket'
import { Table, flagsOf, headAt, loadLevel } from '../layout/table'
import { LIVE, loadLock, lock } from '../sync/lock'
import { ensureReach } from '../sync/reach'
import { clearAndUnlock } from './clear'
import { freeSegment } from './grow'

// Deletion of a table: no entries, no LIVE heads; and when nobody has it open any more, no segments.

const NO_STRIPE: u32 = 0

/**
 * Empties every head and takes LIVE from it: from head 0, which has no parent to look at, locate() sees that the table
 * is gone. In the order of their indexes: a child can become LIVE only under the lock of its parent, and only
 * while that is LIVE; so when the walk comes to a child, its state is final. If the table grows meanwhile the walk goes
 * on; a growth after its end finds no LIVE parent. False if a lock was not to be had.
 */
export function empty(table: u32): bool {
  const flags = flagsOf(table)
  let isDone = true
  for (let index: u32 = 0; index < 1 << loadLevel(table); index++) {
    const head = headAt(table, index)
    ensureReach(head + BUCKET_BYTES)
    if (!(loadLock(head) & LIVE)) continue
    if (lock(head)) clearAndUnlock(head, flags, true, NO_STRIPE)
    else isDone = false
  }
  return isDone
}

/** Gives the segments back. The thread is the last that knows the table. */
export function freeSegments(table: u32): void {
  const base = changetype<Table>(table).baseLevel
  const level = loadLevel(table)
  for (let bits = level; bits > base; bits--) freeSegment(segmentAt(table, 1 << (bits - 1)), 1 << (bits - 1))
  freeSegment(segmentAt(table, 0), 1 << base)
}

/** Address of a segment, by the index of its first head; within reach. */
function segmentAt(table: u32, first: u32): u32 {
  const segment = headAt(table, first)
  ensureReach(segment + BUCKET_BYTES)
  return segment
}
