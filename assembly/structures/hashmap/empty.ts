import { flagsOf } from '../../layout/record'
import { Checkpoint, checkpoint } from '../../sync/checkpoint'
import { LIVE, loadLock, lockIn } from '../../sync/lock'
import { ensureReach } from '../../sync/reach'
import { bucketBytesOf, headAt, loadLevel } from './layout/table'
import { clearAndUnlock } from './clear'

const NO_STRIPE: u32 = 0

/**
 * Empties every head of a table that is being deleted, and takes LIVE from it: from head 0, which has no parent to look
 * at, locate() sees that the table is gone. In the order of their indexes: a child can become LIVE only under the lock
 * of its parent, and only while that is LIVE; so when the walk comes to a child, its state is final. If the table
 * grows meanwhile the walk goes on; a growth after its end finds no LIVE parent. It can be begun anew at any time.
 *
 * False if a lock was not to be had. Its owner has the table open, so the rest is done when that ends: see freeTable.
 */
export function empty(table: u32): bool {
  const flags = flagsOf(table)
  let isDone = true
  for (let index: u32 = 0; index < 1 << loadLevel(table); index++) {
    const head = headAt(table, index)
    ensureReach(head + bucketBytesOf(table))
    if (!(loadLock(head) & LIVE)) continue
    if (lockIn(head, table, NO_STRIPE)) clearAndUnlock(head, flags, true, NO_STRIPE)
    else isDone = false
    checkpoint(Checkpoint.HeadDead)
  }
  return isDone
}
