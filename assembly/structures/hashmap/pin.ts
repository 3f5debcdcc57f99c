import { Block, BLOCK_HEADER_BYTES, blockBytes, NUMBER, WORD } from '../../layout/block'
import { PAGE_BYTES, SCRATCH_VALUE } from '../../layout/limits'
import { BOXED_KEYS, BOXED_VALUES, WIDE } from '../../layout/record'
import { operandAt, results, scratchValue, VALUE_OPERAND } from '../../layout/scratch'
import { ABSENT, FOUND, INVALID, REMOVED, REPLACED } from '../../layout/status'
import { hasFlag } from '../../layout/stripe'
import { isAttached } from '../../layout/thread'
import { addressOf, isBlock, isBoxed, Word } from '../../layout/word'
import { hashAt, intervalEnd, orderOf } from '../../hash/order'
import { unlockUnchanged } from '../../sync/lock'
import { ensureReach } from '../../sync/reach'
import { firstSlot, loadKey, loadTophash, loadValue, SlotRef, slotRef, usedSlots, valueWord } from './layout/bucket'
import { isMapOrCache } from './layout/table'
import { nextBucket } from './chain'
import { BlockKey, BoxedKeys, hashOfKey, PlainKeys, WordKey } from './key'
import { isDead, useLocked } from './live'
import { findLocked, lockedDepth, lockHome, obstacle } from './locate'
import { describe, releaseOldValue, staged, stageValue } from '../../memory/value'
import { removeAndUnlock, replaceAndUnlock } from './write'

// Pin: a read without a copy, for what is so large that a full heap has no room for one. The chain stays locked, so that
// its blocks stay what they are, while JavaScript decodes them where they lie. Nothing else may lock meanwhile.

/** The chain that this thread has pinned, 0 for none; and of which table. */
let pinned: u32 = 0
export let pinnedStripe: u32 = 0
/** Where listing its entries goes on: in which bucket, and its slots that are not listed yet. */
let pinnedBucket: u32 = 0
let pinnedSlots: u64 = 0
/** The entry in it that was asked for, 0 for none. */
let pinnedRef: SlotRef = 0

/**
 * Locks the chain of a key and describes its value, a block by its own address. FOUND, or ABSENT, which holds the chain as
 * well: unpin(), removePinned() or replacePinned() must follow. Negative: nothing is locked.
 */
export function pin<K>(stripe: u32, probe: u64, hash: u32): i32 {
  const head = lockHome(stripe, hash)
  if (!head) return obstacle
  pinned = head
  pinnedStripe = stripe
  const ref = findLocked<K>(head, probe, hash)
  pinnedRef = isDead(stripe, ref) ? 0 : ref
  if (!pinnedRef) return ABSENT
  if (hasFlag(stripe, WIDE)) useLocked(stripe, ref) // also for a peek() at what is so large
  const word = loadValue(ref)
  if (!hasFlag(stripe, BOXED_VALUES) || !isBlock(word)) {
    describe(stripe, word)
    return FOUND
  }
  const block = addressOf(word)
  ensureReach(block + BLOCK_HEADER_BYTES)
  ensureReach(block + blockBytes(changetype<Block>(block).meta))
  results().meta = changetype<Block>(block).meta
  results().address = block
  return FOUND
}

/** One entry of a chain that is pinned: where its key and its value lie, in the format of a batch (iterate.ts). */
@unmanaged
@final
export class PinnedEntry {
  keyAt: u32
  valueAt: u32
  // Here if they are no blocks; the words in any case, where there can be blocks.
  keyHeader: u64
  keyWord: u64
  valueHeader: u64
  valueWord: u64
}

/** So many fit into the value area. */
export const MOST_PINNED: u32 = (PAGE_BYTES - SCRATCH_VALUE) / 40

/**
 * Locks the chain that is responsible for the cursor's place, and lists its entries from there to `last`, as HeldEntries
 * in the value area. Returns how many, with results().cursor as scan() leaves it; or, with nothing locked, a negative
 * status. MOST_PINNED of them: there may be more, which another call lists that goes on. unpin() must follow.
 */
export function pinChain(stripe: u32, cursor: u32, last: u32, goesOn: bool): i32 {
  if (!isMapOrCache(stripe) || (goesOn ? !pinned || stripe != pinnedStripe : pinned)) return INVALID
  pinnedRef = 0
  if (!goesOn) {
    pinned = lockHome(stripe, hashAt(cursor))
    if (!pinned) return obstacle
    pinnedStripe = stripe
    pinnedBucket = pinned
    pinnedSlots = usedSlots(loadTophash(pinned))
  }
  const covered = intervalEnd(cursor, lockedDepth(pinned))
  results().cursor = covered >= last ? 0 : covered + 1
  let count: u32 = 0
  while (pinnedBucket) {
    for (; pinnedSlots; pinnedSlots &= pinnedSlots - 1) {
      const ref = slotRef(pinnedBucket, firstSlot(pinnedSlots))
      const place = placeOf(stripe, loadKey(ref))
      if (place < cursor || place > last || isDead(stripe, ref)) continue
      if (count == MOST_PINNED) return count
      list(stripe, ref, changetype<PinnedEntry>(scratchValue() + count * offsetof<PinnedEntry>()))
      count++
    }
    pinnedBucket = nextBucket(pinnedBucket)
    if (pinnedBucket) pinnedSlots = usedSlots(loadTophash(pinnedBucket))
  }
  return count
}

function placeOf(stripe: u32, key: Word): u32 {
  return orderOf(hasFlag(stripe, BOXED_KEYS) ? hashOfKey<BoxedKeys>(key) : hashOfKey<PlainKeys>(key))
}

function list(stripe: u32, ref: SlotRef, entry: PinnedEntry): void {
  const at = changetype<u32>(entry)
  entry.keyAt = lay(loadKey(ref), hasFlag(stripe, BOXED_KEYS), at + offsetof<PinnedEntry>('keyHeader'))
  entry.valueAt = lay(loadValue(ref), hasFlag(stripe, BOXED_VALUES), at + offsetof<PinnedEntry>('valueHeader'))
}

/** Where what a word stands for lies: a block where it is, all else at `target`. */
function lay(word: Word, isBoxedKind: bool, target: u32): u32 {
  if (!isBoxedKind) {
    store<u64>(target, word)
    return target
  }
  store<u64>(target, word, 8)
  if (isBlock(word)) return addressOf(word)
  store<u64>(target, isBoxed(word) ? WORD : NUMBER)
  return target
}

/** Whether there is an entry that pin() has found. */
export function isEntryPinned(): bool {
  return pinned != 0 && pinnedRef != 0 && isAttached()
}

/**
 * Gives the entry that pin() has found the value of the value operand, which has to lie in the heap if it is a block, and
 * unlocks the chain. REPLACED. Who calls has seen that isEntryPinned().
 */
export function replacePinned(): i32 {
  stageValue(operandAt(VALUE_OPERAND)) // it allocates nothing: under a lock it must not
  const head = pinned
  pinned = 0
  replaceAndUnlock(pinnedStripe, head, pinnedRef, staged)
  releaseOldValue(pinnedStripe)
  return REPLACED
}

/** Removes the entry that pin() has found, and unlocks the chain. REMOVED; INVALID: there is none. */
export function removePinned(): i32 {
  if (!isEntryPinned()) return INVALID
  const head = pinned
  pinned = 0
  const isBlockKey = hasFlag(pinnedStripe, BOXED_KEYS) && isBlock(loadKey(pinnedRef))
  if (isBlockKey) removeAndUnlock<BlockKey>(pinnedStripe, head, pinnedRef)
  else removeAndUnlock<WordKey>(pinnedStripe, head, pinnedRef)
  releaseOldValue(pinnedStripe)
  return REMOVED
}

/** Unlocks the chain. */
export function unpin(): void {
  const head = pinned
  forgetPinned() // first: if an exception comes out of here, the journal still says what is locked
  if (head && isAttached()) unlockUnchanged(head)
}

/** Mending has unlocked it. */
export function forgetPinned(): void {
  pinned = 0
  pinnedBucket = 0
}
