import { BLOCK_HEADER_BYTES, NUMBER, WORD, paddedBytes } from '../layout/block'
import { isEndless } from '../layout/bounds'
import { depthOf, firstSlot, loadKey, loadNext, loadTophash, loadValue, slotRef, usedSlots } from '../layout/bucket'
import { PAGE_BYTES } from '../layout/limits'
import { results, scratchValue } from '../layout/scratch'
import { CORRUPT, INVALID, OUT_OF_MEMORY } from '../layout/status'
import { BOXED_KEYS, BOXED_VALUES, NO_VALUES, hasFlag } from '../layout/table'
import { SPILL_HAND, scratch } from '../layout/thread'
import { Word, addressOf, isBlock, isBoxed } from '../layout/word'
import { hashAt, intervalEnd, orderOf } from '../hash/order'
import { Checkpoint, checkpoint } from '../sync/checkpoint'
import { LOCKED, unlockUnchanged } from '../sync/lock'
import { linkedBucket } from './chain'
import { copyShared, isReadable } from '../memory/contents'
import { addressIn, bytesIn, handAt } from '../memory/hands'
import { hashOfSeenKey, isGarbage } from './key'
import { blameOwner, hasChanged, locate, lockHome, obstacle, seen } from './locate'
import { MOST_ATTEMPTS, OPTIMISTIC_READS, awaitWriter, countRetry } from './read'
import { makeRoom } from './value'
import { isMine } from '../valid'

/**
 * Iterate, in the order of reversed hashes. A step takes the chain that is responsible for the cursor's place and
 * copies it as it was at one moment, like a read. The chain's depth, which is part of that moment, says which
 * interval of the order it covers, and the cursor moves behind it. Splits only ever cut intervals, so the end of an
 * interval stays an end: each place is passed exactly once, whatever grows meanwhile.
 *
 * A batch in scratch, entry after entry: key, then value. In tables of kind number or bigint a word takes 8 bytes; else it
 * is a block, or a header that says NUMBER or WORD and then 8 bytes; the value of a set takes none.
 */

// Where the next entry of the batch goes, and where the room ends.
let out: u32 = 0
let outEnd: u32 = 0
/** Bytes that the current chain takes, whether there was room or not. Wide: of garbage the sum can be anything. */
let wanted: u64 = 0
/** Last place of the interval that the current chain covers. */
let covered: u32 = 0

const CHANGED: i32 = -1000

/**
 * Copies out the entries whose places are from `cursor` to `last`: whole chains, until there are `limit` entries or
 * the room is used up. Returns how many; results().cursor says where to go on, 0 for done; results().address where
 * the batch begins. Negative on failure.
 */
export function scan(stripe: u32, cursor: u32, last: u32, limit: u32): i32 {
  if (!isMine(stripe)) return INVALID
  let count: u32 = 0
  let attempts: u32 = 0
  useRoom(scratchValue(), scratch + PAGE_BYTES)
  while (true) {
    const copied = copyInterval(stripe, cursor, last)
    if (copied < 0) return copied
    if (u64(out) + wanted > outEnd) {
      if (count) break
      if (++attempts > MOST_ATTEMPTS) return CORRUPT
      if (!makeRoom(u32(min<u64>(wanted, u32.MAX_VALUE)))) return OUT_OF_MEMORY
      const spill = handAt(SPILL_HAND)
      useRoom(addressIn(spill), addressIn(spill) + bytesIn(spill))
      continue
    }
    out += u32(wanted)
    count += copied
    cursor = covered + 1
    if (covered >= last) cursor = 0
    if (!cursor || count >= limit) break
  }
  results().cursor = cursor
  return count
}

function useRoom(begin: u32, end: u32): void {
  out = begin
  outEnd = end
  results().address = begin
}

/** Copies one chain to `out`: returns its entries, sets `covered` and `wanted`. */
function copyInterval(stripe: u32, cursor: u32, last: u32): i32 {
  const hash = hashAt(cursor)
  for (let attempt: u32 = 0; attempt < OPTIMISTIC_READS; attempt++) {
    const head = locate(stripe, hash)
    if (!head) return obstacle
    const word = seen
    if (word & LOCKED) {
      if (!awaitWriter(stripe, head)) return blameOwner()
      continue
    }
    const copied = copyChain(stripe, head, word, cursor, last)
    if (copied != CHANGED && !hasChanged(head, word)) return copied
    countRetry(stripe)
  }
  const head = lockHome(stripe, hash)
  if (!head) return obstacle
  const copied = copyChain(stripe, head, seen | LOCKED, cursor, last)
  unlockUnchanged(head)
  return copied == CHANGED ? CORRUPT : copied // nobody else can have changed it
}

function copyChain(stripe: u32, head: u32, word: u32, cursor: u32, last: u32): i32 {
  const isLocked = (word & LOCKED) != 0
  let copied = 0
  let hops: u32 = 0
  wanted = 0
  covered = intervalEnd(cursor, depthOf(loadNext(head)))
  checkpoint(Checkpoint.DepthSeen)
  let bucket = head
  while (bucket) {
    let used = usedSlots(loadTophash(bucket))
    checkpoint(Checkpoint.TagsSeen)
    for (; used; used &= used - 1) {
      const ref = slotRef(bucket, firstSlot(used))
      const key = loadKey(ref)
      const place = orderOf(hashOfSeenKey(key, hasFlag(stripe, BOXED_KEYS)))
      checkpoint(Checkpoint.KeySeen)
      if (isGarbage) return CHANGED
      if (place < cursor || place > last) continue
      if (!copyKey(stripe, key) || !copyValue(stripe, loadValue(ref))) return CHANGED
      checkpoint(Checkpoint.ValueCopied)
      copied++
    }
    bucket = linkedBucket(bucket)
    checkpoint(Checkpoint.LinkFollowed)
    if (bucket && !isLocked && hasChanged(head, word)) return CHANGED
    if (isEndless(++hops)) unreachable()
  }
  return copied
}

// Each appends what a word stands for, if there is room, and counts it in `wanted` in any case. False: it is garbage.

function copyKey(stripe: u32, word: Word): bool {
  return hasFlag(stripe, BOXED_KEYS) ? copyBoxed(word) : copyPlain(word)
}

function copyValue(stripe: u32, word: Word): bool {
  if (hasFlag(stripe, NO_VALUES)) return true
  return hasFlag(stripe, BOXED_VALUES) ? copyBoxed(word) : copyPlain(word)
}

/** Where so many bytes more go; 0: there is no room for them. */
function targetOf(bytes: u32): u32 {
  const target = u64(out) + wanted
  wanted += bytes
  return target + bytes <= u64(outEnd) ? u32(target) : 0
}

function copyPlain(word: Word): bool {
  const target = targetOf(8)
  if (target) store<u64>(target, word)
  return true
}

function copyBoxed(word: Word): bool {
  if (isBlock(word)) return copyBlock(addressOf(word))
  const target = targetOf(16)
  if (target) {
    store<u64>(target, isBoxed(word) ? WORD : NUMBER)
    store<u64>(target, word, 8)
  }
  return true
}

function copyBlock(block: u32): bool {
  if (!isReadable(block, BLOCK_HEADER_BYTES)) return false
  const header = atomic.load<u64>(block)
  checkpoint(Checkpoint.HeaderSeen)
  const bytes = BLOCK_HEADER_BYTES + paddedBytes(u32(header))
  if (!isReadable(block, bytes)) return false
  const target = targetOf(bytes)
  if (!target) return true
  store<u64>(target, header)
  copyShared(target + BLOCK_HEADER_BYTES, block + BLOCK_HEADER_BYTES, bytes - BLOCK_HEADER_BYTES)
  return true
}
