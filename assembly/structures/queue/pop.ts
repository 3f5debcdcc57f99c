import { BLOCK_HEADER_BYTES, isObjectMeta, NUMBER, paddedBytes, WORD } from '../../layout/block'
import { PAGE_BYTES, SCRATCH_VALUE } from '../../layout/limits'
import { BOXED_VALUES, flagsOf, isDoomed, RAW_VALUES } from '../../layout/record'
import { results, scratchValue } from '../../layout/scratch'
import { ABSENT, DELETED, FOUND, INVALID, OUT_OF_MEMORY, OWNER_UNRESPONSIVE, REMOVED, SPARED } from '../../layout/status'
import { hasFlag, recordOf } from '../../layout/stripe'
import { scratch } from '../../layout/thread'
import { addressOf, isBlock, isBoxed, looksLikeNaN, Word } from '../../layout/word'
import { lockIn } from '../../sync/lock'
import { ensureReach } from '../../sync/reach'
import { copyWords } from '../../memory/contents'
import { describe, lacking } from '../../memory/value'
import { headLock, headOf, isQueue } from './layout/queue'
import { itemAt, leave, leaveUnchanged, link, look, source, take } from './take'

// Popping: an item is copied to where JavaScript decodes it, then taken. One that has to be decoded before it may be lost is spared: it
// is copied, decoded, and taken if it is the first still (takeSeen). If it came back once, or the scratch page has no room for it, or
// another was quicker, it is received instead.

/**
 * Takes the first item. A number is the result; NaN: results().status is FOUND, and they describe it; ABSENT; SPARED; or negative.
 *
 * @param isFinal an object is handed out, too: there is no memory to receive it
 */
export function popItem(stripe: u32, isFinal: bool): f64 {
  const record = recordOf(stripe)
  if (!lockIn(headLock(record), record, stripe)) return without(OWNER_UNRESPONSIVE)
  const count = look(record, 1)
  if (!count) {
    leaveUnchanged(record)
    return without(isDoomed(record) ? DELETED : ABSENT)
  }
  const word = itemAt(record, 0)
  const isItemBlock = hasFlag(stripe, BOXED_VALUES) && isBlock(word)
  if (isItemBlock && isSpared(word, isFinal)) {
    show(stripe, record, word)
    leaveUnchanged(record)
    return without(SPARED)
  }
  const isDescribed = looksLikeNaN(word) || hasFlag(stripe, RAW_VALUES)
  if (isDescribed) describe(stripe, word)
  if (isItemBlock && lacking) {
    leaveUnchanged(record)
    return without(OUT_OF_MEMORY)
  }
  take(record, 1, isItemBlock ? link(0, word) : 0, 0)
  leave(record, 1, isItemBlock)
  return isDescribed ? NaN : reinterpret<f64>(word)
}

/**
 * Copies an item that is spared: results() describe it as ever, and `word` is its position, as a double. `meta` 0: it is not to be had
 * in this way. A position is used once, so it says which item it was.
 */
function show(stripe: u32, record: u32, word: Word): void {
  results().meta = 0
  if (source || !fitsScratch(metaOf(word))) return
  describe(stripe, word)
  results().word = reinterpret<u64>(f64(headOf(record).position))
}

/** Takes the item of this position, if it is the first: REMOVED; ABSENT: it is not any more; or negative. */
export function takeSeen(stripe: u32, position: f64): i32 {
  if (!isQueue(stripe)) return INVALID
  const record = recordOf(stripe)
  if (!lockIn(headLock(record), record, stripe)) return OWNER_UNRESPONSIVE
  if (!look(record, 1) || source || f64(headOf(record).position) != position) {
    leaveUnchanged(record)
    return ABSENT
  }
  const word = itemAt(record, 0)
  const isItemBlock = hasFlag(stripe, BOXED_VALUES) && isBlock(word)
  take(record, 1, isItemBlock ? link(0, word) : 0, 0)
  leave(record, 1, isItemBlock)
  return REMOVED
}

function without(status: i32): f64 {
  results().status = status
  return NaN
}

/** Whether an item has to be read before it is lost. */
function isSpared(word: Word, isFinal: bool): bool {
  const meta = metaOf(word)
  return (isObjectMeta(meta) && !isFinal) || !fitsScratch(meta)
}

function fitsScratch(meta: u32): bool {
  return BLOCK_HEADER_BYTES + paddedBytes(meta) <= PAGE_BYTES - (scratchValue() - scratch)
}

function metaOf(word: Word): u32 {
  ensureReach(addressOf(word) + BLOCK_HEADER_BYTES)
  return load<u32>(addressOf(word))
}

/**
 * Takes the first items, `most` at most, in a row, and copies them to the value area in the format of a batch; or, if
 * results().meta is NUMBER, as numbers one behind the other. Returns how many; if they are fewer: results().status is SPARED if that is because of what
 * follows, ABSENT if nothing does, FOUND if there may
 * be more. Or negative.
 */
export function popMany(stripe: u32, most: u32): i32 {
  if (!isQueue(stripe)) return INVALID
  const record = recordOf(stripe)
  if (!lockIn(headLock(record), record, stripe)) return OWNER_UNRESPONSIVE
  results().meta = 0
  const there = min<u32>(look(record, most), most)
  results().status = source ? FOUND : ABSENT // behind those that came back there is the ring
  const count = copyNumbers(stripe, record, there) || copyItems(stripe, record, there)
  if (!count) {
    leaveUnchanged(record)
    return !there && isDoomed(record) ? DELETED : 0
  }
  take(record, count, blocks, 0)
  leave(record, count, blocks != 0)
  return count
}

/** The blocks among what was copied last, linked. */
let blocks: u32 = 0

/** Copies items if all are numbers, as far as there is room. Returns how many; 0 if one is none. */
function copyNumbers(stripe: u32, record: u32, most: u32): u32 {
  if (hasFlag(stripe, RAW_VALUES)) return 0
  const numbers = scratchValue()
  const count = min<u32>(most, (PAGE_BYTES - SCRATCH_VALUE) >> 3)
  for (let i: u32 = 0; i < count; i++) {
    const word = itemAt(record, i)
    if (isBoxed(word)) return 0
    store<u64>(numbers + (i << 3), word)
  }
  if (count < most) results().status = FOUND
  results().meta = NUMBER
  blocks = 0
  return count
}

/** Copies items as far as there is room. Returns how many. */
function copyItems(stripe: u32, record: u32, most: u32): u32 {
  const isBoxedKind = hasFlag(stripe, BOXED_VALUES)
  const end = scratch + PAGE_BYTES
  let at = scratchValue()
  blocks = 0
  for (let i: u32 = 0; i < most; i++) {
    const word = itemAt(record, i)
    const isItemBlock = isBoxedKind && isBlock(word)
    const meta = isItemBlock ? metaOf(word) : isBoxed(word) ? WORD : NUMBER
    if (isItemBlock && isSpared(word, false)) results().status = SPARED
    const bytes = isItemBlock ? BLOCK_HEADER_BYTES + paddedBytes(meta) : isBoxedKind ? 16 : 8
    if (results().status == SPARED) return i
    if (bytes > end - at) {
      results().status = FOUND
      return i
    }
    if (isBoxedKind) store<u64>(at, meta)
    if (!isItemBlock) store<u64>(at + (isBoxedKind ? 8 : 0), word)
    else copyBlock(at, addressOf(word), bytes)
    if (isItemBlock) blocks = link(blocks, word)
    at += bytes
  }
  return most
}

/** Nobody changes the bytes of an item that can still be taken, and its lock is held. */
function copyBlock(at: u32, block: u32, bytes: u32): void {
  ensureReach(block + bytes)
  copyWords(at + BLOCK_HEADER_BYTES, block + BLOCK_HEADER_BYTES, bytes - BLOCK_HEADER_BYTES)
}

/** Takes everything out and frees it. False: the lock is not to be had. */
export function popAll(record: u32): bool {
  while (true) {
    if (!lockIn(headLock(record), record, 0)) return false
    const count = min<u32>(look(record, 1000), 1000)
    if (!count) {
      leaveUnchanged(record)
      return true
    }
    const blocks = linkItems(record, count)
    take(record, count, blocks, 0)
    leave(record, count, blocks != 0)
  }
}

function linkItems(record: u32, count: u32): u32 {
  if (!(flagsOf(record) & BOXED_VALUES)) return 0
  let blocks: u32 = 0
  for (let i: u32 = 0; i < count; i++) {
    const word = itemAt(record, i)
    if (isBlock(word)) blocks = link(blocks, word)
  }
  return blocks
}
