import { BLOCK_HEADER_BYTES, NUMBER, paddedBytes, WORD } from '../../layout/block'
import { isEndless } from '../../layout/bounds'
import { PAGE_BYTES } from '../../layout/limits'
import { BOXED_KEYS, BOXED_VALUES, NO_VALUES, WIDE } from '../../layout/record'
import { results, scratchValue } from '../../layout/scratch'
import { CORRUPT, INVALID, OUT_OF_MEMORY } from '../../layout/status'
import { hasFlag, Stripe } from '../../layout/stripe'
import { scratch, SPILL_HAND } from '../../layout/thread'
import { addressOf, isBlock, isBoxed, Word } from '../../layout/word'
import { hashAt, intervalEnd, isFirst, orderOf } from '../../hash/order'
import { Checkpoint, checkpoint } from '../../sync/checkpoint'
import { LOCKED, unlockUnchanged } from '../../sync/lock'
import { copyShared, isReadable } from '../../memory/contents'
import { addressIn, bytesIn, handAt } from '../../memory/hands'
import { makeRoom } from '../../memory/spill'
import {
  baseOfSlot, depthOf, firstSlot, loadKey, loadKeyAt, loadNext, loadTophash, loadValue, loadValueAt, OVERFLOW_BUCKET_BYTES, slotCount,
  slotRef, usedSlots,
} from './layout/bucket'
import { isMapOrCache } from './layout/table'
import { lookAhead } from './ahead'
import { linkedBucket } from './chain'
import { hashOfSeenKey, isGarbage } from './key'
import { isSeenDead } from './live'
import { blameOwner, hasChanged, locate, lockHome, obstacle, seen } from './locate'
import { awaitWriter, countRetry, MOST_ATTEMPTS, OPTIMISTIC_READS } from './read'

/**
 * Iterate, in the order of reversed hashes. A step takes the chain that is responsible for the cursor's place and
 * copies it as it was at one moment, like a read. The chain's depth, which is part of that moment, says which
 * interval of the order it covers, and the cursor moves behind it. Splits only ever cut intervals, so the end of an
 * interval stays an end: each place is passed exactly once, whatever grows meanwhile.
 *
 * A batch in scratch, entry after entry: key, then value. In tables of kind number or bigint a word takes 8 bytes; else it
 * is a block, or a header that says NUMBER or WORD and then 8 bytes; the value of a set takes none, nor does any of keysOnly.
 */

// Where the next entry of the batch goes, and where the room ends.
let out: u32 = 0
let outEnd: u32 = 0
/** Bytes that the current chain takes, whether there was room or not. Wide: of garbage the sum can be anything. */
let wanted: u64 = 0
/** Last place of the interval that the current chain covers. */
let covered: u32 = 0
/** Whether values are left out of the batch. */
let keysOnly: bool = false

const CHANGED: i32 = -1000

/**
 * Copies out the entries whose places are from `cursor` to `last`: whole chains, until there are `limit` entries or
 * the room is used up; of `isKeysOnly` their keys alone. `isMost`: the limit is not exceeded but by entries of one place. Then
 * of a chain that has too many only those in the first half of its interval are taken, or of that half, and so on: the cursor
 * can stand between any two places. Returns how many; results().cursor says where to go on, 0 for done; results().address where the batch begins.
 * Negative on failure; of OUT_OF_MEMORY results().cursor says the last place of what was to be copied.
 */
export function scan(stripe: u32, cursor: u32, last: u32, limit: u32, isMost: bool, isKeysOnly: bool): i32 {
  if (!isMapOrCache(stripe)) return INVALID
  keysOnly = isKeysOnly || hasFlag(stripe, NO_VALUES)
  let count: u32 = 0
  let attempts: u32 = 0
  let end = last
  useRoom(scratchValue(), scratch + PAGE_BYTES)
  while (true) {
    const copied = copyInterval(stripe, cursor, end)
    if (copied < 0) return copied
    end = min(end, covered)
    if (isMost && count + copied > limit) {
      if (end > cursor) {
        end = cursor + (end - cursor) / 2
        continue
      }
      if (count) break
    }
    if (u64(out) + wanted > outEnd) {
      if (count) break
      if (++attempts > MOST_ATTEMPTS) return CORRUPT
      if (!makeRoom(u32(min<u64>(wanted, u32.MAX_VALUE)))) {
        results().cursor = end
        return OUT_OF_MEMORY
      }
      const spill = handAt(SPILL_HAND)
      useRoom(addressIn(spill), addressIn(spill) + bytesIn(spill))
      continue
    }
    out += u32(wanted)
    count += copied
    cursor = end == last ? 0 : end + 1
    end = last
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
  const depth = depthOf(loadNext(head))
  covered = intervalEnd(cursor, depth)
  checkpoint(Checkpoint.DepthSeen)
  // Of a chain that is wanted whole no key has to be hashed: all that it holds while unlocked is its own.
  const isWhole = covered <= last && isFirst(cursor, depth)
  const flags = changetype<Stripe>(stripe).flags
  lookAhead(stripe, covered + 1, depth, flags & (keysOnly ? BOXED_KEYS : BOXED_KEYS | BOXED_VALUES))
  let bucket = head
  while (bucket) {
    let used = usedSlots(loadTophash(bucket))
    checkpoint(Checkpoint.TagsSeen)
    if (isWhole && !(flags & WIDE)) {
      if (flags & (BOXED_KEYS | BOXED_VALUES)) {
        if (!copyBoxedBucket(bucket, used, flags)) return CHANGED
        copied += slotCount(used)
        used = 0
      } else if (hasRoomForBucket()) {
        copyPlainBucket(bucket, used)
        copied += slotCount(used)
        used = 0
      }
    }
    for (; used; used &= used - 1) {
      const ref = slotRef(bucket, firstSlot(used))
      const key = loadKey(ref)
      checkpoint(Checkpoint.KeySeen)
      const place = isWhole ? cursor : orderOf(hashOfSeenKey(key, hasFlag(stripe, BOXED_KEYS)))
      if (!isWhole && isGarbage) return CHANGED
      if (place < cursor || place > last || isSeenDead(stripe, ref)) continue
      if (!copyKey(stripe, key) || !copyValue(stripe, loadValue(ref))) return CHANGED
      checkpoint(Checkpoint.ValueCopied)
      copied++
    }
    bucket = linkedBucket(bucket)
    checkpoint(Checkpoint.LinkFollowed)
    if (bucket && !isLocked && hasChanged(head, word)) return CHANGED
    if (isEndless(++hops, OVERFLOW_BUCKET_BYTES)) unreachable()
  }
  return copied
}

/** Whether what is left of the room takes all entries that a bucket can have, plain ones. */
@inline
function hasRoomForBucket(): bool {
  return u64(out) + wanted + 128 <= u64(outEnd)
}

/** Appends the used slots of a bucket: plain words, for which there is room. */
@inline
function copyPlainBucket(bucket: u32, slots: u64): void {
  const begin = out + u32(wanted)
  let target = begin
  for (let used = slots; used; used &= used - 1) {
    const base = baseOfSlot(bucket, firstSlot(used))
    store<u64>(target, loadKeyAt(base))
    checkpoint(Checkpoint.KeySeen)
    target += 8
    if (keysOnly) continue
    store<u64>(target, loadValueAt(base))
    checkpoint(Checkpoint.ValueCopied)
    target += 8
  }
  wanted += target - begin
}

/** The same where keys or values are boxed, and whether there is room or not. False: it is garbage. */
@inline
function copyBoxedBucket(bucket: u32, slots: u64, flags: u32): bool {
  let target = u64(out) + wanted
  for (let used = slots; used; used &= used - 1) {
    const base = baseOfSlot(bucket, firstSlot(used))
    const key = loadKeyAt(base)
    checkpoint(Checkpoint.KeySeen)
    target = flags & BOXED_KEYS ? appendBoxed(target, key) : appendWord(target, key)
    if (!target) return false
    if (keysOnly) continue
    const value = loadValueAt(base)
    target = flags & BOXED_VALUES ? appendBoxed(target, value) : appendWord(target, value)
    if (!target) return false
    checkpoint(Checkpoint.ValueCopied)
  }
  wanted = target - out
  return true
}

// Each appends what a word stands for, if there is room, and counts it in `wanted` in any case. False: it is garbage.

@inline
function copyKey(stripe: u32, word: Word): bool {
  return append(word, hasFlag(stripe, BOXED_KEYS))
}

@inline
function copyValue(stripe: u32, word: Word): bool {
  return keysOnly || append(word, hasFlag(stripe, BOXED_VALUES))
}

function append(word: Word, boxed: bool): bool {
  const target = u64(out) + wanted
  const end = boxed ? appendBoxed(target, word) : appendWord(target, word)
  if (!end) return false
  wanted = end - out
  return true
}

// Each stores what a word stands for at `target`, if there is room, and returns where that ends in any case. 0: it is garbage.

@inline
function appendWord(target: u64, word: Word): u64 {
  if (target + 8 <= u64(outEnd)) store<u64>(u32(target), word)
  return target + 8
}

@inline
function appendBoxed(target: u64, word: Word): u64 {
  if (isBlock(word)) return appendBlock(target, addressOf(word))
  if (target + 16 <= u64(outEnd)) {
    store<u64>(u32(target), isBoxed(word) ? WORD : NUMBER)
    store<u64>(u32(target), word, 8)
  }
  return target + 16
}

@inline
function appendBlock(target: u64, block: u32): u64 {
  if (!isReadable(block, BLOCK_HEADER_BYTES)) return 0
  const header = atomic.load<u64>(block)
  checkpoint(Checkpoint.HeaderSeen)
  const bytes = BLOCK_HEADER_BYTES + paddedBytes(u32(header))
  if (!isReadable(block, bytes)) return 0
  if (target + bytes <= u64(outEnd)) {
    store<u64>(u32(target), header)
    copyShared(u32(target) + BLOCK_HEADER_BYTES, block + BLOCK_HEADER_BYTES, bytes - BLOCK_HEADER_BYTES)
  }
  return target + bytes
}
