import { BLOCK_HEADER_BYTES, Block, NUMBER, WORD, blockBytes } from '../layout/block'
import { SlotRef, firstSlot, loadKey, loadTophash, loadValue, slotRef, usedSlots } from '../layout/bucket'
import { PAGE_BYTES, SCRATCH_VALUE } from '../layout/limits'
import { results, scratchValue } from '../layout/scratch'
import { ABSENT, FOUND, INVALID } from '../layout/status'
import { BOXED_KEYS, BOXED_VALUES, hasFlag } from '../layout/table'
import { Word, addressOf, isBlock, isBoxed } from '../layout/word'
import { hashAt, intervalEnd, orderOf } from '../hash/order'
import { unlockUnchanged } from '../sync/lock'
import { ensureReach } from '../sync/reach'
import { nextBucket } from './chain'
import { BoxedKeys, PlainKeys, hashOfKey } from './key'
import { findLocked, lockHome, lockedDepth, obstacle } from './locate'
import { describe } from './value'
import { isAttached, isMine } from '../valid'

// Hold: a read without a copy, for what is so large that a full heap has no room for one. The chain stays locked, so that
// its blocks stay what they are, while JavaScript decodes them where they lie. Nothing else may lock meanwhile.

/** The chain that this thread holds, 0 for none; and of which table. */
let held: u32 = 0
let heldStripe: u32 = 0

/** Locks the chain of a key and describes its value, a block by its own address. FOUND: letGo() must follow. */
export function hold<K>(stripe: u32, probe: u64, hash: u32): i32 {
  const head = lockHome(stripe, hash)
  if (!head) return obstacle
  const ref = findLocked<K>(head, probe, hash)
  if (!ref) {
    unlockUnchanged(head)
    return ABSENT
  }
  held = head
  heldStripe = stripe
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

/** One entry of a chain that is held: where its key and its value lie, in the format of a batch (iterate.ts). */
@unmanaged
@final
export class HeldEntry {
  keyAt: u32
  valueAt: u32
  // Here if they are no blocks.
  keyHeader: u64
  keyWord: u64
  valueHeader: u64
  valueWord: u64
}

/** So many fit into the value area. */
export const MOST_HELD: u32 = (PAGE_BYTES - SCRATCH_VALUE) / 40

/**
 * Locks the chain that is responsible for the cursor's place, and lists its entries from there to `last`, as HeldEntries
 * in the value area. Returns how many, with results().cursor as scan() leaves it; or, with nothing locked, a negative
 * status. MOST_HELD of them: there may be more, which another call lists that is told how many to skip. letGo() must
 * follow.
 */
export function holdChain(stripe: u32, cursor: u32, last: u32, skip: u32): i32 {
  if (!isMine(stripe) || (skip ? !held || stripe != heldStripe : held)) return INVALID
  if (!skip) held = lockHome(stripe, hashAt(cursor))
  if (!held) return obstacle
  heldStripe = stripe
  const covered = intervalEnd(cursor, lockedDepth(held))
  results().cursor = covered >= last ? 0 : covered + 1
  let count: u32 = 0
  for (let bucket = held; bucket; bucket = nextBucket(bucket)) {
    for (let used = usedSlots(loadTophash(bucket)); used; used &= used - 1) {
      const ref = slotRef(bucket, firstSlot(used))
      const place = placeOf(stripe, loadKey(ref))
      if (place < cursor || place > last) continue
      if (skip) {
        skip--
        continue
      }
      if (count == MOST_HELD) return count
      list(stripe, ref, changetype<HeldEntry>(scratchValue() + count * offsetof<HeldEntry>()))
      count++
    }
  }
  return count
}

function placeOf(stripe: u32, key: Word): u32 {
  return orderOf(hasFlag(stripe, BOXED_KEYS) ? hashOfKey<BoxedKeys>(key) : hashOfKey<PlainKeys>(key))
}

function list(stripe: u32, ref: SlotRef, entry: HeldEntry): void {
  const at = changetype<u32>(entry)
  entry.keyAt = lay(loadKey(ref), hasFlag(stripe, BOXED_KEYS), at + offsetof<HeldEntry>('keyHeader'))
  entry.valueAt = lay(loadValue(ref), hasFlag(stripe, BOXED_VALUES), at + offsetof<HeldEntry>('valueHeader'))
}

/** Where what a word stands for lies: a block where it is, all else at `target`. */
function lay(word: Word, isBoxedKind: bool, target: u32): u32 {
  if (!isBoxedKind) {
    store<u64>(target, word)
    return target
  }
  if (isBlock(word)) return addressOf(word)
  store<u64>(target, isBoxed(word) ? WORD : NUMBER)
  store<u64>(target, word, 8)
  return target
}

/** Unlocks the chain. */
export function letGo(): void {
  if (held && isAttached()) unlockUnchanged(held)
  held = 0
}

/** Mending has unlocked it. */
export function forgetHeld(): void {
  held = 0
}
