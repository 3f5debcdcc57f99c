import { OVERFLOW_ALIGNMENT } from '../layout/bucket'
import { FOR_CHUNK, batchesOf } from '../layout/heap'
import { BUCKET_CLASS } from '../layout/limits'
import { CARVED, CHUNK_HAND, Journal, REST_HAND, journal, journalWord, self } from '../layout/thread'
import { Checkpoint, checkpoint } from '../sync/checkpoint'
import { commit, note32, note64 } from '../sync/journal'
import { hasGivenUp, mustMend } from '../sync/lock'
import { classBytes, classOf, classWithin } from './classes'
import { addressIn, bytesIn, emptyHand, fillHand, handAt, shorten } from './hands'
import { notePopped, notePushed, popBatch, reserved } from './lists'
import { NO_MEMORY, allocatePages } from './pages'

// Where blocks come from: the heap's batches, or a thread cuts them from its chunk of fresh memory, one page at a time,
// or from larger free blocks. Each cut is one commit, so that every byte is in the chunk, in a list, in the books as
// padding, or a table's.

/** Blocks from this size are aligned as overflow buckets are: small segments are blocks, and their heads need it. */
const ALIGNED_FROM: u32 = 128
const LEAST_BYTES: u32 = 16

/**
 * Sees to it that the next `count` takes of this class succeed. Called before a lock is taken, so that running out
 * of memory leaves everything as it was. False if there is no memory.
 */
// @ts-ignore: decorator
@inline
export function reserve(sizeClass: u32, count: u32): bool {
  return reserved(sizeClass) >= count || refillTo(sizeClass, count)
}

function refillTo(sizeClass: u32, count: u32): bool {
  while (reserved(sizeClass) < count) {
    if (!refill(sizeClass)) return false
  }
  return true
}

function refill(sizeClass: u32): bool {
  // Pairs with the store in spill(). Only a hint: popBatch looks again under the lock.
  if (atomic.load<u32>(batchesOf(sizeClass))) {
    if (popBatch(sizeClass)) return true
    if (hasGivenUp) return false
  }
  return carveBlock(sizeClass) || (!hasGivenUp && cutLarger(sizeClass))
}

/** Carves a block and puts it on its list. False if there is no fresh memory. */
function carveBlock(sizeClass: u32): bool {
  const bytes = classBytes(sizeClass)
  if (!prepareChunk(bytes, bytes < ALIGNED_FROM ? 8 : OVERFLOW_ALIGNMENT)) return false
  cut(handAt(CHUNK_HAND), sizeClass)
  return true
}

/**
 * Memory that stays what it is for good (tables' records, stripes), zeroed, whose address goes into the word `owner`.
 * Others may act on that word, so what is carved belongs to it before it says so. NO_MEMORY if there is none.
 */
export function carveRaw(bytes: u32, alignment: u32, owner: u32): u32 {
  if (!prepareChunk(bytes, alignment)) return NO_MEMORY
  const hand = handAt(CHUNK_HAND)
  const address = addressIn(hand)
  memory.fill(address, 0, bytes)
  note64(hand)
  note32(journalWord(offsetof<Journal>('rawBytes')))
  note32(journalWord(offsetof<Journal>('raw')))
  shorten(hand, bytes)
  journal().rawBytes += bytes
  journal().rawOwner = owner
  journal().raw = address
  checkpoint(Checkpoint.RawCarved)
  commit()
  settleRaw()
  return address
}

/** Enters the address of what was carved last where it belongs. */
export function settleRaw(): void {
  if (!journal().raw) return
  atomic.store<u32>(journal().rawOwner, journal().raw) // pairs with sum() in counter.ts, where it is a table's stripe
  checkpoint(Checkpoint.RawEntered)
  journal().raw = 0
}

/**
 * When there is no fresh memory: cuts a block from a free one of a larger class, so that what large entries left serves
 * small ones too. Overflow buckets are never cut: they stay what they are.
 */
function cutLarger(sizeClass: u32): bool {
  if (mustMend()) return false
  for (let larger = classOf(classBytes(sizeClass)); larger < BUCKET_CLASS; larger++) {
    if (larger == sizeClass) continue
    if (!reserved(larger) && !popBatch(larger)) {
      if (hasGivenUp) return false
      continue
    }
    const rest = handAt(REST_HAND)
    recycle(rest, 0) // as in nextChunk
    const block = notePopped(larger)
    note32(carvedWord(larger))
    note64(rest)
    countCarved(larger, -1)
    fillHand(rest, block, classBytes(larger))
    checkpoint(Checkpoint.StretchMoved)
    commit()
    cut(rest, sizeClass)
    recycle(rest, 0)
    return true
  }
  return false
}

/** Sees to it that the chunk begins with so many bytes, aligned. False if there is no memory, or the log is in use. */
function prepareChunk(bytes: u32, alignment: u32): bool {
  if (mustMend()) return false
  const chunk = handAt(CHUNK_HAND)
  const skipped = -addressIn(chunk) & (alignment - 1)
  if (skipped + bytes > bytesIn(chunk)) return nextChunk()
  if (skipped) recycle(chunk, bytesIn(chunk) - skipped)
  return true
}

function nextChunk(): bool {
  const chunk = handAt(CHUNK_HAND)
  const rest = handAt(REST_HAND)
  recycle(rest, 0) // nothing, unless an exception has left something
  if (!allocatePages(1, FOR_CHUNK, rest)) return false
  recycle(chunk, 0)
  note64(chunk)
  note64(rest)
  fillHand(chunk, addressIn(rest), bytesIn(rest))
  emptyHand(rest)
  checkpoint(Checkpoint.StretchMoved)
  commit()
  return true
}

/** Makes free blocks of a stretch, until `left` bytes of it remain, so that nothing is lost but odd words. */
export function recycle(hand: u32, left: u32): void {
  while (bytesIn(hand) > left) {
    const bytes = bytesIn(hand) - left
    const isAligned = !(addressIn(hand) & (OVERFLOW_ALIGNMENT - 1))
    if (bytes < LEAST_BYTES) pad(hand, bytes)
    else cut(hand, classWithin(isAligned ? bytes : min<u32>(bytes, ALIGNED_FROM - 8)))
  }
}

/** Cuts a block from the beginning of a stretch, and puts it on its list. */
function cut(hand: u32, sizeClass: u32): void {
  const block = addressIn(hand)
  note64(hand)
  note32(carvedWord(sizeClass))
  shorten(hand, classBytes(sizeClass))
  countCarved(sizeClass, 1)
  notePushed(sizeClass, block)
  checkpoint(Checkpoint.Cut)
  commit()
}

function pad(hand: u32, bytes: u32): void {
  note64(hand)
  note32(journalWord(offsetof<Journal>('padBytes')))
  shorten(hand, bytes)
  journal().padBytes += bytes
  commit()
}

function carvedWord(sizeClass: u32): u32 {
  return self + CARVED + (sizeClass << 2)
}

function countCarved(sizeClass: u32, by: i32): void {
  store<u32>(carvedWord(sizeClass), load<u32>(carvedWord(sizeClass)) + by)
}
