import { FOR_LARGE, Purpose } from '../layout/heap'
import { MAX_CLASS_BYTES } from '../layout/limits'
import { Block, MIN_BLOCK_BYTES, blockBytes } from '../layout/block'
import { LOOSE_HANDS, LOOSE_HANDS_END, UNFREED_HAND, journal } from '../layout/thread'
import { Checkpoint, checkpoint } from '../sync/checkpoint'
import { note64 } from '../sync/journal'
import { blameSelf, mustMend } from '../sync/lock'
import { ensureReach } from '../sync/reach'
import { classOf } from './classes'
import { addressIn, bytesIn, emptyHand, fillHand, handAt } from './hands'
import { give, isNextOf, popInto } from './lists'
import { NO_MEMORY, allocatePages, freePages, pagesFor } from './pages'
import { reserve } from './supply'

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
  if (bytes > MAX_CLASS_BYTES) return allocatePages(pagesFor(bytes), purpose, hand)
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
  if (addressIn(hand)) noteMoved(hand)
  note64(hand)
  fillHand(hand, block, 0)
  checkpoint(Checkpoint.HandFilled)
}

/** Notes, and makes room in a hand that an exception has left full, if there is any: mend() will free what was in it. */
function noteMoved(hand: u32): void {
  const loose = looseHandOf(0)
  if (!loose) return
  note64(loose)
  fillHand(loose, addressIn(hand), bytesIn(hand))
}

/** Frees the block in a hand, if there is one. Never while a lock is held. */
// @ts-ignore: decorator
@inline
export function releaseHand(hand: u32): void {
  if (addressIn(hand)) release(hand, FOR_LARGE)
}

/**
 * Frees what is in a hand, that holds something; or leaves that to mend(). Large things go to the pages of this purpose.
 */
export function release(hand: u32, purpose: Purpose): void {
  if (mustMend()) return
  const block = addressIn(hand)
  if (!bytesIn(hand)) {
    ensureReach(block + MIN_BLOCK_BYTES)
    fillHand(hand, block, blockBytes(changetype<Block>(block).meta)) // before the free list overwrites the header
  }
  const bytes = bytesIn(hand)
  if (bytes > MAX_CLASS_BYTES) releaseLarge(hand, purpose)
  else give(hand, classOf(bytes))
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

// ---- Large blocks that could not be freed because the owner of the pool does not let go ----

@unmanaged
@final
class Unfreed {
  next: u32
  bytes: u32
  purpose: Purpose
}

function releaseLarge(hand: u32, purpose: Purpose): void {
  if (!freePages(hand, purpose)) setAside(hand, purpose)
  else if (journal().unfreed) freeUnfreed()
}

/** Takes a large block out of a hand that is needed again. What it holds behind its header can still be read. */
export function setAside(hand: u32, purpose: Purpose): void {
  const block = addressIn(hand)
  changetype<Unfreed>(block).next = journal().unfreed
  changetype<Unfreed>(block).bytes = bytesIn(hand)
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
    if (freePages(hand, purpose)) continue
    setAside(hand, purpose)
    return
  }
}

// ---- Blocks that JavaScript has asked for ----

/** A block for JavaScript to fill; NO_MEMORY if there is none, or if it has too many already. */
export function allocateLoose(bytes: u32): u32 {
  const hand = looseHandOf(0)
  return hand ? allocateBlock(bytes, hand) : NO_MEMORY
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
