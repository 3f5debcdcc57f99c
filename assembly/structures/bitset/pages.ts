import { FOR_SEGMENT } from '../../layout/heap'
import { OUT_OF_MEMORY, OWNER_UNRESPONSIVE } from '../../layout/status'
import { SEGMENT_HAND } from '../../layout/thread'
import { Checkpoint, checkpoint } from '../../sync/checkpoint'
import { beginUnlocked, enter } from '../../sync/journal'
import { hasGivenUp, mustSettle } from '../../sync/lock'
import { ensureReach } from '../../sync/reach'
import { release } from '../../memory/blocks'
import { addressIn, emptyHand, handAt } from '../../memory/hands'
import { newSegment } from '../../memory/segments'
import { BIT_PAGE_BYTES, GROUP_BYTES, groupEntry, loadEntry, pageEntry, PAGES_PER_GROUP_SHIFT } from './layout/bitset'
import { BitsetJournal, unfinished, unfinishedWord } from './layout/journal'

// Pages: found without a lock, and made without one. Two threads may make the same page at the same moment: one compare-and-swap
// decides whose it is, and the other gives its own back. So a page is at every moment in a hand or in the tree, and the
// journal says with which word of the tree to compare.

/** Why makePage() came to nothing: OUT_OF_MEMORY or OWNER_UNRESPONSIVE. */
export let obstacle: i32 = 0

/** Address of a page of bits; 0: none of its bits was ever set. */
@inline
export function findPage(record: u32, page: u32): u32 {
  const group = loadEntry(groupEntry(record, page >> PAGES_PER_GROUP_SHIFT))
  if (!group) return 0
  ensureReach(group + GROUP_BYTES)
  const address = loadEntry(pageEntry(group, page))
  ensureReach(address + BIT_PAGE_BYTES)
  return address
}

/** The same; the page is made if there is none. 0: see `obstacle`. */
export function makePage(record: u32, page: u32): u32 {
  const found = findPage(record, page)
  if (found) return found
  const group = obtain(record, groupEntry(record, page >> PAGES_PER_GROUP_SHIFT), GROUP_BYTES)
  return group ? obtain(record, pageEntry(group, page), BIT_PAGE_BYTES) : 0
}

/** What a word of the tree leads to; made, of zeroes, if it leads nowhere. */
function obtain(record: u32, entry: u32, bytes: u32): u32 {
  const there = loadEntry(entry)
  if (there) {
    ensureReach(there + bytes)
    return there
  }
  if (mustSettle()) return fail(OWNER_UNRESPONSIVE)
  const made = newSegment(bytes)
  if (!made) return fail(hasGivenUp ? OWNER_UNRESPONSIVE : OUT_OF_MEMORY)
  return publish(record, entry, made, bytes)
}

/** Enters what is in SEGMENT_HAND into the tree, unless another thread was faster. Returns what is there then. */
function publish(record: u32, entry: u32, made: u32, bytes: u32): u32 {
  const hand = handAt(SEGMENT_HAND)
  beginUnlocked(record)
  enter(unfinishedWord(offsetof<BitsetJournal>('entry')), entry)
  checkpoint(Checkpoint.EntryNamed)
  const there = atomic.cmpxchg<u32>(entry, 0, made) // publishes the zeroes: pairs with loadEntry
  checkpoint(Checkpoint.EntryTried)
  if (!there) emptyHand(hand)
  checkpoint(Checkpoint.SegmentOwned)
  unfinished().entry = 0
  if (!there) return made
  release(hand, FOR_SEGMENT)
  ensureReach(there + bytes)
  return there
}

/** What recovery does: the word of the tree tells whether what is in the hand is the bitset's. */
export function settleEntry(): void {
  const entry = unfinished().entry
  if (!entry) return
  ensureReach(entry + 4)
  const hand = handAt(SEGMENT_HAND)
  if (addressIn(hand) && loadEntry(entry) == addressIn(hand)) emptyHand(hand)
  unfinished().entry = 0
}

function fail(status: i32): u32 {
  obstacle = status
  return 0
}
