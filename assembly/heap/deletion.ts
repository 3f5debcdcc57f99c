import { POOL } from '../layout/heap'
import { DOOMED, loadReferences } from '../layout/record'
import { ABSENT, INVALID, OWNER_UNRESPONSIVE, REMOVED } from '../layout/status'
import { isAttached, Journal, journal, journalWord } from '../layout/thread'
import { Checkpoint, checkpoint } from '../sync/checkpoint'
import { commit, enter, note32 } from '../sync/journal'
import { lockPool, mustSettle, unlock } from '../sync/lock'
import { spillAll } from '../memory/lists'
import { keepSpare } from '../memory/runs'
import { shareFreed } from '../memory/segments'
import { settleRun } from '../memory/units'
import { isCollection, isOpenTo, noteReferences } from './records'
import { empty, noteFreed } from './registry'

/**
 * Deletion: first nothing is in the collection any more; and when nobody has it open, its memory goes. In steps that are each
 * in the journal until they are done, so that whoever recovers the thread goes on with them.
 *
 *     doom     nobody opens the collection any more         journal().deleting
 *              (deleteCollection, or the last to close one without a name: leaveCollection)
 *     empty    nobody finds anything in it
 *     let go   the creator's reference is gone         journal().freeing, for who took the last
 *     free     part by part, at last with the record
 */

/** Deletes a collection for all threads: REMOVED, ABSENT if it was gone already, INVALID, or negative: try again. */
export function deleteCollection(record: u32, generation: u32): i32 {
  if (!isAttached() || !isCollection(record)) return INVALID
  if (mustSettle() || !finishDeletion() || !finishFreeing() || !lockPool()) return OWNER_UNRESPONSIVE
  const isThere = isOpenTo(record, generation)
  if (isThere) {
    noteDoomed(record, loadReferences(record))
    checkpoint(Checkpoint.CollectionDoomed)
    commit()
  }
  unlock(POOL)
  if (!isThere) return ABSENT
  return finishDeletion() && finishFreeing() ? REMOVED : OWNER_UNRESPONSIVE
}

/** Under the pool lock: from the commit on nobody opens a collection that has so many references, and this thread deletes it. */
export function noteDoomed(record: u32, references: u32): void {
  noteReferences(record, (references + 1) | DOOMED)
  note32(journalWord(offsetof<Journal>('deleting')))
  enter(journalWord(offsetof<Journal>('deleting')), record)
}

/** Goes on with the deletion that this thread has begun, if it has. False if a lock is not to be had: call it again. */
export function finishDeletion(): bool {
  const record = journal().deleting
  if (!record) return true
  empty(record)
  checkpoint(Checkpoint.CollectionEmpty)
  if (!lockPool()) return false
  note32(journalWord(offsetof<Journal>('deleting')))
  journal().deleting = 0
  noteReferences(record, loadReferences(record) - 2) // what noteDoomed took, and what the creator had
  checkpoint(Checkpoint.DeletionOver)
  commit()
  unlock(POOL)
  return true
}

/** Gives the memory of a collection back that this thread was the last to know, part by part, and at last its record. */
export function finishFreeing(): bool {
  const record = journal().freeing
  if (!record) return true
  if (!empty(record)) return false // who died with one of its locks has left entries
  while (journal().freeing) {
    if (!freePart(record)) return false
  }
  spillAll() // what this thread has at hand of its entries' blocks keeps slabs all over the heap
  return true
}

/** One part in one commit; the last together with the record. */
function freePart(record: u32): bool {
  if (!lockPool()) return false
  if (noteFreed(record)) {
    note32(journalWord(offsetof<Journal>('freeing')))
    journal().freeing = 0
    noteReferences(record, 0) // pairs with takeRecord, under the same lock
  }
  checkpoint(Checkpoint.PartFreed)
  commit()
  settleRun()
  keepSpare()
  unlock(POOL)
  shareFreed()
  return true
}
