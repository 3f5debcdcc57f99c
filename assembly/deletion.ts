import { BUCKET_BYTES } from './layout/bucket'
import { FOR_SEGMENT, POOL } from './layout/heap'
import { ABSENT, INVALID, OWNER_UNRESPONSIVE, REMOVED } from './layout/status'
import { DOOMED, Table, headAt, loadLevel, loadReferences } from './layout/table'
import { Journal, journal, journalWord } from './layout/thread'
import { classOf } from './memory/classes'
import { notePushed, spillIfFull } from './memory/lists'
import { pagesFor, releasePages } from './memory/pages'
import { Checkpoint, checkpoint } from './sync/checkpoint'
import { commit, note32 } from './sync/journal'
import { lock, unlock } from './sync/lock'
import { ensureReach } from './sync/reach'
import { isOpenTo } from './collections'
import { empty } from './table/empty'
import { needsPages } from './table/grow'
import { isAttached, isCollection } from './valid'

/**
 * Deletion: no entries, no LIVE heads; and when nobody has the table open any more, no segments. In steps that are each
 * in the journal until they are done, so that whoever recovers the thread goes on with them.
 *
 *     doom     nobody opens the table any more         journal().deleting
 *     empty    nobody finds anything in it
 *     let go   the creator's reference is gone         journal().freeing, for who took the last
 *     free     segment by segment, then the record
 */

/** Deletes a collection for all threads: REMOVED, ABSENT if it was gone already, INVALID, or negative: try again. */
export function deleteTable(table: u32, generation: u32): i32 {
  if (!isAttached() || !isCollection(table)) return INVALID
  if (!finishDeletion() || !finishFreeing() || !lock(POOL)) return OWNER_UNRESPONSIVE
  const isThere = isOpenTo(table, generation)
  if (isThere) {
    noteReferences(table, (loadReferences(table) + 1) | DOOMED)
    note32(journalWord(offsetof<Journal>('deleting')))
    journal().deleting = table
    checkpoint(Checkpoint.TableDoomed)
    commit()
  }
  unlock(POOL)
  if (!isThere) return ABSENT
  return finishDeletion() && finishFreeing() ? REMOVED : OWNER_UNRESPONSIVE
}

/** Goes on with the deletion that this thread has begun, if it has. False if a lock is not to be had: call it again. */
export function finishDeletion(): bool {
  const table = journal().deleting
  if (!table) return true
  empty(table)
  checkpoint(Checkpoint.TableEmpty)
  if (!lock(POOL)) return false
  note32(journalWord(offsetof<Journal>('deleting')))
  journal().deleting = 0
  noteReferences(table, loadReferences(table) - 2) // what deleteTable took, and what the creator had
  checkpoint(Checkpoint.DeletionOver)
  commit()
  unlock(POOL)
  return true
}

/** Notes and changes a table's references. Who takes the last one of a deleted table has to give its memory back. */
export function noteReferences(table: u32, references: u32): void {
  if (references == DOOMED) {
    note32(journalWord(offsetof<Journal>('freeing')))
    journal().freeing = table
  }
  note32(table + u32(offsetof<Table>('references')))
  atomic.store<u32>(table, references, offsetof<Table>('references')) // pairs with loadReferences
}

/** Gives the segments of a table back that this thread was the last to know, the newest first, and then its record. */
export function finishFreeing(): bool {
  const table = journal().freeing
  if (!table) return true
  if (!empty(table)) return false // who died with one of its locks has left entries
  const base = changetype<Table>(table).baseLevel
  if (base > loadLevel(table)) unreachable()
  while (loadLevel(table) > base) {
    if (!freeNewest(table)) return false
  }
  return freeFirst(table)
}

function freeNewest(table: u32): bool {
  if (!lock(POOL)) return false
  const level = loadLevel(table)
  noteFreed(table, 1 << (level - 1), 1 << (level - 1))
  note32(table + u32(offsetof<Table>('level')))
  atomic.store<u32>(table, level - 1, offsetof<Table>('level'))
  checkpoint(Checkpoint.SegmentFreed)
  commit()
  unlock(POOL)
  shareBlocks(1 << (level - 1))
  return true
}

function freeFirst(table: u32): bool {
  if (!lock(POOL)) return false
  noteFreed(table, 0, 1 << changetype<Table>(table).baseLevel)
  note32(journalWord(offsetof<Journal>('freeing')))
  journal().freeing = 0
  noteReferences(table, 0) // pairs with takeRecord, under the same lock
  checkpoint(Checkpoint.RecordFreed)
  commit()
  unlock(POOL)
  shareBlocks(1 << changetype<Table>(table).baseLevel)
  return true
}

/** Lets others have segments that are blocks, if this thread has many: it may delete what others make. */
function shareBlocks(buckets: u32): void {
  const bytes = buckets * BUCKET_BYTES
  if (!needsPages(bytes)) spillIfFull(classOf(bytes))
}

/** Notes and frees a segment, given by the index of its first head and how many it has. */
function noteFreed(table: u32, first: u32, buckets: u32): void {
  const segment = headAt(table, first)
  const bytes = buckets * BUCKET_BYTES
  ensureReach(segment + BUCKET_BYTES)
  if (needsPages(bytes)) releasePages(segment, pagesFor(bytes), FOR_SEGMENT)
  else notePushed(classOf(bytes), segment)
}
