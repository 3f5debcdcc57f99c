import { BLOCK_HEADER_BYTES, paddedBytes } from './layout/block'
import { FOR_LARGE, FOR_SCRATCH, FOR_SEGMENT, HEADER, HeapHeader, POOL } from './layout/heap'
import { LAST_PLACE } from './hash/order'
import { BUCKET_CLASS, MAX_THREADS } from './layout/limits'
import { results } from './layout/scratch'
import { INVALID, OWNER_UNRESPONSIVE } from './layout/status'
import { BOXED_KEYS, Stripe, Table, flagsOf, stripeEntry } from './layout/table'
import {
  DEAD, KEY_HAND, LOOSE_HANDS, LOOSE_HANDS_END, RECOVERING, REST_HAND, SEGMENT_HAND, SPILL_HAND, ThreadSlot,
  VALUE_HAND, become, journal, kindOf, me, recovererOf, self, stateOf, threadSlot,
} from './layout/thread'
import { Kind } from './layout/trace'
import { freeUnfreed, settleHand, settleUnfreed } from './memory/blocks'
import { addressIn, handAt } from './memory/hands'
import { countLists, isNextOf } from './memory/lists'
import { recycle, settleRaw } from './memory/supply'
import { Checkpoint, checkpoint } from './sync/checkpoint'
import { undo } from './sync/journal'
import { beginSpan, endSpan, settleRecording } from './sync/trace'
import { LIVE, hurry, loadLock, ownerOf, unlock } from './sync/lock'
import { ensureReach } from './sync/reach'
import { closeAll, closeTable, keepTable, openTable, settleRecord } from './collections'
import { deleteTable, finishDeletion, finishFreeing } from './deletion'
import { leave } from './heap'
import { isSound, nextBucket } from './table/chain'
import { drainAll } from './table/clear'
import { settleSplit } from './table/evacuate'
import { settleGrowth } from './table/grow'
import { forgetHeld } from './table/hold'
import { scan } from './table/iterate'
import { tidy } from './table/tidy'
import { endTraces } from './tracing'
import { isRecord } from './valid'

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
  if (kindOf(state) != DEAD) return 0
  // Pairs with the compare-and-swap that marked it: with DEAD comes all that the thread has written.
  if (atomic.cmpxchg<u32>(slot, state, stateOf(state, RECOVERING, by)) != state) return 0
  become(slot)
  hurry()
  if (by) me().mayBlock = changetype<ThreadSlot>(threadSlot(by - 1)).mayBlock
  settleRecording() // before the first event of this recovery
  const began = beginSpan()
  checkpoint(Checkpoint.RecoveryBegun)
  handBackOthers()
  const isDone = settle() && settleClaim() && closeAll() && endTraces() && finishFreeing()
  endSpan(Kind.Recovery, began, 0, thread, by, u32(isDone))
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
  const isClean = (!hasUnsettled() || mend() == 0) && closeAll() && endTraces() && finishFreeing()
  if (isClean) leave()
  else atomic.store<u32>(self, stateOf(atomic.load<u32>(self), DEAD, 0))
  become(0)
}

/** Whether an operation has left something behind, or JavaScript a block that it has asked for. */
function hasUnsettled(): bool {
  if (journal().lock | journal().logged) return true
  for (let offset = REST_HAND; offset < LOOSE_HANDS_END; offset += 8) {
    if (addressIn(handAt(offset))) return true
  }
  return false
}

/** Undoes what an exception left of an operation of this thread. 0, or negative: a lock is not to be had; try again. */
export function mend(): i32 {
  if (!self) return INVALID
  forgetHeld()
  settleRecording()
  return settle() ? 0 : OWNER_UNRESPONSIVE
}

/** Threads that this one was recovering wait for somebody else. */
function handBackOthers(): void {
  for (let index: u32 = 0; index < MAX_THREADS; index++) {
    const slot = threadSlot(index)
    const state = atomic.load<u32>(slot)
    if (kindOf(state) != RECOVERING || recovererOf(state) != me().id) continue
    atomic.cmpxchg<u32>(slot, state, stateOf(state, DEAD, 0))
  }
}

/** Undoes or finishes whatever the journal says. Locks first: others wait for them. */
function settle(): bool {
  undo()
  countLists()
  if (journal().buckets && isNextOf(BUCKET_CLASS, journal().buckets)) journal().buckets = nextBucket(journal().buckets)
  settleLock()
  checkpoint(Checkpoint.LockSettled)
  settleHands()
  checkpoint(Checkpoint.HandsSettled)
  settleGrowth()
  settleHand(handAt(SEGMENT_HAND), FOR_SEGMENT) // which settleGrowth has emptied if it is the table's
  checkpoint(Checkpoint.GrowthSettled)
  if (journal().buckets || journal().saved) drainAll(flagsOf(journal().table))
  checkpoint(Checkpoint.ChainsSettled)
  settleRaw()
  return settleRecord() && finishDeletion() && finishFreeing()
}

/** Puts the chain in order that is locked, if one is, and unlocks it. */
function settleLock(): void {
  const address = journal().lock
  if (!address) return
  ensureReach(address + 4)
  const word = loadLock(address)
  if (ownerOf(word) == me().id) {
    if (address != POOL && word & LIVE) settleChain(address)
    unlock(address)
  }
  journal().lock = 0
}

/** A chain that something else has written to is left as it is: better that than locked for good. */
function settleChain(head: u32): void {
  const table = journal().table
  if (!isRecord(table) || !isSound(head, (flagsOf(table) & BOXED_KEYS) != 0)) {
    journal().child = 0
    return
  }
  const stripe = atomic.load<u32>(stripeEntry(table, me().id - 1))
  const isOpen = stripe && changetype<Stripe>(stripe).opens
  settleSplit(stripe, head)
  tidy(isOpen ? stripe : 0, table, head)
}

function settleHands(): void {
  recycle(handAt(REST_HAND), 0)
  settleHand(handAt(SPILL_HAND), FOR_SCRATCH)
  settleUnfreed()
  settleHand(handAt(KEY_HAND), FOR_LARGE)
  settleHand(handAt(VALUE_HAND), FOR_LARGE)
  for (let offset = LOOSE_HANDS; offset < LOOSE_HANDS_END; offset += 8) settleHand(handAt(offset), FOR_LARGE)
  freeUnfreed()
}

/** Deletes the table that the thread had claimed, unless it has a name. */
function settleClaim(): bool {
  const table = journal().claimed
  if (!table) return true
  const named = isNamed(table, journal().claimedGeneration)
  if (named < 0 || (!named && deleteTable(table, journal().claimedGeneration) < 0)) return false
  keepTable()
  return true
}

/** Whether the directory of the heap has a name for a table: 1 or 0; negative if that cannot be seen now. */
function isNamed(table: u32, generation: u32): i32 {
  const directory = changetype<HeapHeader>(HEADER).directory
  if (!directory) return 0
  const stripe = openTable(directory, changetype<Table>(directory).generation)
  if (!stripe) return OWNER_UNRESPONSIVE
  const place = f64(generation) * 4294967296.0 + f64(table) // as src/directory.ts has it
  let found: i32 = 0
  let cursor: u32 = 0
  do {
    found = findPlace(stripe, cursor, place)
    cursor = results().cursor
  } while (!found && cursor)
  return closeTable(stripe) < 0 ? OWNER_UNRESPONSIVE : found
}

/** Whether one of the next names stands for a place. Negative on failure. */
function findPlace(stripe: u32, cursor: u32, place: f64): i32 {
  const count = scan(stripe, cursor, LAST_PLACE, 1000)
  if (count < 0) return count
  let at = results().address
  for (let i = 0; i < count; i++) {
    at += BLOCK_HEADER_BYTES + paddedBytes(load<u32>(at))
    if (load<f64>(at) == place) return 1
    at += 8
  }
  return 0
}
