import { FOR_LARGE, FOR_SCRATCH, FOR_SEGMENT, HEADER, HeapHeader, POOL } from '../layout/heap'
import { MAX_THREADS } from '../layout/limits'
import { CollectionRecord } from '../layout/record'
import { INVALID, OWNER_UNRESPONSIVE } from '../layout/status'
import {
  become, DEAD, HANDS, JOURNAL, Journal, journal, KEY_HAND, LOOSE_HANDS, LOOSE_HANDS_END, me, OWN_JOURNAL, OWN_SIGNS_END, phaseOf, RAW_HAND,
  recovererOf, RECOVERING, SEGMENT_HAND, self, SPILL_HAND, stateOf, stepBack, ThreadSlot, threadSlot, VALUE_HAND,
} from '../layout/thread'
import { EventKind } from '../layout/trace'
import { Checkpoint, checkpoint } from '../sync/checkpoint'
import { undo } from '../sync/journal'
import { hurry, loadLock, ownerOf, unlock, wakeAll } from '../sync/lock'
import { ensureReach } from '../sync/reach'
import { beginSpan, endSpan, settleRecording } from '../sync/trace'
import { freeUnfreed, settleHand, settleUnfreed } from '../memory/blocks'
import { addressIn, handAt } from '../memory/hands'
import { countLists } from '../memory/lists'
import { settleRaw } from '../memory/supply'
import { settleRun } from '../memory/units'
import { leave } from './attach'
import { closeAll, closeCollection, keepCollection, openCollection } from './collections'
import { deleteCollection, finishDeletion, finishFreeing } from './deletion'
import { isRecord, settleRecord } from './records'
import { forget, hasName, repairLocked, settleFreed, settleMade } from './registry'
import { endTraces } from './tracing'

/**
 * Recovery: what a thread left undone when it died. Whoever knows of the death becomes the dead thread (its slot is the
 * slot of this instance from then on) and goes on in its name: undoes what was noted, finishes what was published, gives
 * everything back, leaves. Each step is one that the dead thread might have taken itself, with the same journal, so it
 * does not matter if the recovering thread dies in the middle: the next one begins again, and finds less to do.
 *
 * The same, up to leaving, mends a thread that lives but was thrown out of an operation: by a stack overflow, say.
 *
 *     ATTACHED  ->  DEAD  ->  RECOVERING by somebody  ->  FREE
 *                     ^______________|  if that one dies, or cannot go on
 */

/**
 * Recovers a thread that is marked DEAD, for thread `by`. Not in that one's instance. 1: done, the slot is free; 0: there
 * is nothing to do; negative: the owner of a lock that is needed does not let go, so the thread is DEAD still; or
 * INVALID: there can be no such thread, or this instance is one.
 */
export function recover(thread: u32, by: u32): i32 {
  if (self || thread - 1 >= MAX_THREADS || by > MAX_THREADS) return INVALID
  const slot = threadSlot(thread - 1)
  const state = atomic.load<u32>(slot)
  if (phaseOf(state) != DEAD) return 0
  // Pairs with the compare-and-swap that marked it: with DEAD comes all that the thread has written.
  if (atomic.cmpxchg<u32>(slot, state, stateOf(state, RECOVERING, by)) != state) return 0
  become(slot)
  hurry(true)
  if (by) me().mayBlock = changetype<ThreadSlot>(threadSlot(by - 1)).mayBlock
  settleRecording() // before the first event of this recovery
  const began = beginSpan()
  checkpoint(Checkpoint.RecoveryBegun)
  handBackOthers()
  const isDone = settle() && settleClaim() && closeAll() && endTraces()
  endSpan(EventKind.Recovery, began, 0, thread, by, u32(isDone))
  checkpoint(Checkpoint.RecoveryOver)
  if (!isDone) atomic.store<u32>(slot, stateOf(state, DEAD, 0))
  else leave()
  become(0)
  return isDone ? 1 : OWNER_UNRESPONSIVE
}

/**
 * Gives this thread's slot back, and all of its free blocks to the heap. The instance is not attached any more. What it
 * has open still is closed, and what is half done is undone; if that cannot be, others find it as a dead thread's.
 */
export function detachThread(): void {
  if (!self) return
  settleRecording()
  const isClean = (!hasUnsettled() || mend() == 0) && closeAll() && endTraces()
  if (isClean) leave()
  else atomic.store<u32>(self, stateOf(atomic.load<u32>(self), DEAD, 0))
  become(0)
}

/** Whether an operation has left something behind, or JavaScript a block that it has asked for. */
function hasUnsettled(): bool {
  for (let word = JOURNAL; word < JOURNAL + offsetof<Journal>('unfreed'); word += 4) {
    if (load<u32>(self + word)) return true
  }
  for (let word = OWN_JOURNAL; word < OWN_SIGNS_END; word += 4) {
    if (load<u32>(self + word)) return true
  }
  for (let offset = RAW_HAND; offset < LOOSE_HANDS_END; offset += 8) {
    if (addressIn(handAt(offset))) return true
  }
  return false
}

/** Undoes what an exception left of an operation of this thread. 0, or negative: a lock is not to be had; try again. */
export function mend(): i32 {
  stepBack()
  if (!self) return INVALID
  forget()
  settleRecording()
  return settle() && settleClaim() ? 0 : OWNER_UNRESPONSIVE
}

/** Threads that this one was recovering wait for somebody else. */
function handBackOthers(): void {
  for (let index: u32 = 0; index < MAX_THREADS; index++) {
    const slot = threadSlot(index)
    const state = atomic.load<u32>(slot)
    if (phaseOf(state) != RECOVERING || recovererOf(state) != me().id) continue
    atomic.cmpxchg<u32>(slot, state, stateOf(state, DEAD, 0))
  }
}

/** Undoes or finishes whatever the journal says. Locks first: others wait for them. */
function settle(): bool {
  undo()
  countLists()
  const record = ownRecord()
  settleLock(record)
  checkpoint(Checkpoint.LockSettled)
  settleHands()
  checkpoint(Checkpoint.HandsSettled)
  if (record) settleMade(record)
  settleHand(handAt(SEGMENT_HAND), FOR_SEGMENT) // which settleMade has emptied if it is a collection's
  checkpoint(Checkpoint.GrowthSettled)
  if (record) settleFreed(record)
  checkpoint(Checkpoint.ChainsSettled)
  settleRaw()
  return settleRecord() && finishDeletion() && finishFreeing()
}

/** The record whose structure's part of the journal this is. 0: none that can be asked; then what the part says is void. */
function ownRecord(): u32 {
  const record = journal().record
  if (record && isRecord(record)) return record
  memory.fill(self + OWN_JOURNAL, 0, HANDS - OWN_JOURNAL)
  return 0
}

/** Has the structure put in order what a lock guards, if one is held, and unlocks it. */
function settleLock(record: u32): void {
  const address = journal().lock
  if (address) ensureReach(address + 4)
  const isHeld = address && ownerOf(loadLock(address)) == me().id
  if (isHeld && address == POOL) settleRun()
  if (record) repairLocked(record, isHeld && address != POOL ? address : 0)
  if (isHeld) unlock(address)
  else if (address) wakeAll(address) // if it was let go of, and those who wait were not told yet
  journal().lock = 0
}

function settleHands(): void {
  settleHand(handAt(SPILL_HAND), FOR_SCRATCH)
  settleUnfreed()
  settleHand(handAt(KEY_HAND), FOR_LARGE)
  settleHand(handAt(VALUE_HAND), FOR_LARGE)
  for (let offset = LOOSE_HANDS; offset < LOOSE_HANDS_END; offset += 8) settleHand(handAt(offset), FOR_LARGE)
  freeUnfreed()
}

/** Deletes the collection that the thread had claimed, unless it has a name. */
function settleClaim(): bool {
  const record = journal().claimed
  if (!record) return true
  const named = isNamed(record, journal().claimedGeneration)
  if (named < 0 || (!named && deleteCollection(record, journal().claimedGeneration) < 0)) return false
  keepCollection()
  return true
}

/** Whether the directory of the heap has a name for a collection: 1 or 0; negative if that cannot be seen now. */
function isNamed(record: u32, generation: u32): i32 {
  const directory = changetype<HeapHeader>(HEADER).directory
  if (!directory) return 0
  const stripe = openCollection(directory, changetype<CollectionRecord>(directory).generation)
  if (!stripe) return OWNER_UNRESPONSIVE
  const found = hasName(stripe, f64(generation) * 4294967296.0 + f64(record)) // as src/table/directory.ts has it
  return closeCollection(stripe) < 0 ? OWNER_UNRESPONSIVE : found
}
