import { Block, blockBytes, MIN_BLOCK_BYTES } from '../layout/block'
import { FOR_LARGE, FOR_SCRATCH, Purpose } from '../layout/heap'
import { MAX_CLASS_BYTES } from '../layout/limits'
import { journal, LOOSE_HANDS, LOOSE_HANDS_END, UNFREED_HAND } from '../layout/thread'
import { Checkpoint, checkpoint } from '../sync/checkpoint'
import { note64 } from '../sync/journal'
import { blameSelf, mustMend } from '../sync/lock'
import { ensureReach } from '../sync/reach'
import { classOf } from './classes'
import { addressIn, bytesIn, emptyHand, fillHand, handAt } from './hands'
import { give, isNextOf, popInto } from './lists'
import { freeRun, NO_MEMORY, unitsFor } from './runs'
import { reserve, supplyRun } from './supply'

// Blocks of any size, which pass through the hands of a thread: into a hand when they are allocated, from the hand into
// a table by a commit, from a table into a hand by another one, and from the hand back to the allocator. So a block is
// at every moment in exactly one place, wherever its thread dies.

// ---- In ----

/**
 * Puts a block of at least `bytes` into an empty hand. Returns its address, or NO_MEMORY: also if the hand is not empty,
 * because an exception threw this thread out of an operation.
 */
export function allocateBlock(bytes: u32, hand: u32, purpose: Purpose = FOR_LARGE): u32 {
  if (mustMend()) return NO_MEMORY
  if (addressIn(hand)) {
    blameSelf()
    return NO_MEMORY
  }
  if (bytes > MAX_CLASS_BYTES) return supplyRun(unitsFor(bytes), purpose, hand)
  const sizeClass = classOf(bytes)
  return reserve(sizeClass, 1) ? popInto(hand, sizeClass) : NO_MEMORY
}

/** Notes a hand and empties it: what was in it is a table's when this is committed. */
export function noteHandedOver(hand: u32): void {
  note64(hand)
  emptyHand(hand)
  checkpoint(Checkpoint.HandEmptied)
}

// ---- Out ----

/** Notes an empty hand, and puts in it a block that a table gives up. How many bytes it has is looked up later. */
export function noteTaken(hand: u32, block: u32): void {
  if (addressIn(hand)) setAside(hand, FOR_LARGE) // which an exception has left full
  note64(hand)
  fillHand(hand, block, 0)
  checkpoint(Checkpoint.HandFilled)
}

/** Frees the block in a hand, if there is one. Never while a lock is held. */
@inline
export function releaseHand(hand: u32): void {
  if (addressIn(hand)) release(hand, FOR_LARGE)
}

/**
 * Frees what is in a hand, that holds something; or leaves that to mend(). Large things go to the units of this purpose.
 */
export function release(hand: u32, purpose: Purpose): void {
  if (mustMend()) return
  const bytes = sizeIn(hand)
  if (bytes > MAX_CLASS_BYTES || purpose == FOR_SCRATCH) releaseLarge(hand, purpose) // room for a result may be small
  else give(hand, classOf(bytes))
}

/** Bytes of the block in a hand. Before anything overwrites the header, which may have to say so. */
function sizeIn(hand: u32): u32 {
  const block = addressIn(hand)
  if (!bytesIn(hand)) {
    ensureReach(block + MIN_BLOCK_BYTES)
    fillHand(hand, block, blockBytes(changetype<Block>(block).meta))
  }
  return bytesIn(hand)
}

/** What recovery finds in a hand: release() may have come as far as the list, or allocateBlock() not farther. */
export function settleHand(hand: u32, purpose: Purpose): void {
  if (!addressIn(hand)) return
  if (isElsewhere(addressIn(hand), bytesIn(hand))) emptyHand(hand)
  else release(hand, purpose)
}

/** Whether a block in a hand, of so many bytes if they are known, is still or already in its other place. */
function isElsewhere(block: u32, bytes: u32): bool {
  if (block == journal().unfreed) return true
  return bytes && bytes <= MAX_CLASS_BYTES ? isNextOf(classOf(bytes), block) : false
}

// ---- Blocks that could not be freed: large ones because the owner of the pool does not let go, others by an exception ----

@unmanaged
@final
class Unfreed {
  next: u32
  bytes: u32
  purpose: Purpose
}

function releaseLarge(hand: u32, purpose: Purpose): void {
  if (!freeRun(hand, purpose)) setAside(hand, purpose)
  else if (journal().unfreed) freeUnfreed()
}

/** Takes a block out of a hand that is needed again. What a large one holds behind its header can still be read. */
function setAside(hand: u32, purpose: Purpose): void {
  const bytes = sizeIn(hand)
  const block = addressIn(hand)
  ensureReach(block + MIN_BLOCK_BYTES)
  changetype<Unfreed>(block).next = journal().unfreed
  changetype<Unfreed>(block).bytes = bytes
  changetype<Unfreed>(block).purpose = purpose
  journal().unfreed = block
  checkpoint(Checkpoint.LargeSetAside)
  emptyHand(hand)
}

/** What recovery finds in the hand of such a block. */
export function settleUnfreed(): void {
  const hand = handAt(UNFREED_HAND)
  const block = addressIn(hand)
  if (!block) return
  ensureReach(block + MIN_BLOCK_BYTES)
  settleHand(hand, changetype<Unfreed>(block).purpose)
}

/** Frees those, as far as it goes. */
export function freeUnfreed(): void {
  const hand = handAt(UNFREED_HAND)
  while (journal().unfreed) {
    const block = journal().unfreed
    ensureReach(block + MIN_BLOCK_BYTES)
    const purpose = changetype<Unfreed>(block).purpose
    fillHand(hand, block, changetype<Unfreed>(block).bytes)
    journal().unfreed = changetype<Unfreed>(block).next
    if (bytesIn(hand) <= MAX_CLASS_BYTES && purpose != FOR_SCRATCH) {
      give(hand, classOf(bytesIn(hand)))
    } else if (!freeRun(hand, purpose)) {
      setAside(hand, purpose)
      return
    }
  }
}

// ---- Blocks that JavaScript has asked for ----

/** A block for JavaScript to fill; NO_MEMORY if there is none, or if it has too many already: exceptions have left them. */
export function allocateLoose(bytes: u32): u32 {
  const hand = looseHandOf(0)
  if (hand) return allocateBlock(bytes, hand)
  blameSelf()
  return NO_MEMORY
}

/** Frees such a block, unless a table has adopted it. */
export function releaseLoose(block: u32): void {
  const hand = block ? looseHandOf(block) : 0
  if (hand) release(hand, FOR_LARGE)
}

/** The hand that holds such a block; 0: there is none. For no block: an empty hand. */
export function looseHandOf(block: u32): u32 {
  for (let offset = LOOSE_HANDS; offset < LOOSE_HANDS_END; offset += 8) {
    if (addressIn(handAt(offset)) == block) return handAt(offset)
  }
  return 0
}
