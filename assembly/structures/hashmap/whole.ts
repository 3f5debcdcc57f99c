import { isEndless } from '../../layout/bounds'
import { BOXED_KEYS, BOXED_VALUES } from '../../layout/record'
import { hashAt, indexAfter, intervalEnd, isFirst } from '../../hash/order'
import { Checkpoint, checkpoint } from '../../sync/checkpoint'
import { LIVE, loadLock, LOCKED } from '../../sync/lock'
import { ensureReach } from '../../sync/reach'
import {
  baseOfSlot, depthOf, firstSlot, loadKeyAt, loadNext, loadTophash, loadValueAt, OVERFLOW_BUCKET_BYTES, overflowOf, slotCount, usedSlots,
} from './layout/bucket'
import { MOST_BUCKET_BYTES } from './layout/wide'
import { headOfMap, maskOf, tableOf, TableStripe } from './layout/table'
import { appendBoxed, appendWord, isWithinRoom } from './append'
import { askAhead } from './ahead'
import { linkedBucket } from './chain'
import { hasChanged } from './locate'
import { countRetry } from './read'

/**
 * The usual way of an iteration: one chain after another, each of them wanted whole, unlocked, at the head that the stripe's level leads
 * to. What is in the way of one is left to iterate.ts, which goes through all of it for that chain.
 */

// What is copied of each entry. Bit 0: no values. Bit 1: the words of the keys, of which walks over values need no more, unless their
// thread writes: see src/table/late-keys.ts.
export const ENTRIES: u32 = 0
export const KEYS: u32 = 1
export const VALUES_AND_WORDS: u32 = 2
export const KEYS_AND_WORDS: u32 = 3

// How far copyWholeChains has come: the place to go on from, unless it was the end, and where the next entry goes.
export let passed: u32 = 0
export let isThrough: bool = false
export let filled: u32 = 0

@inline
export function hasValues(form: u32): bool {
  return !(form & 1)
}

@inline
function hasWords(form: u32): bool {
  return (form & 2) != 0
}

/** The blocks that are read: BOXED_KEYS, BOXED_VALUES. */
@inline
export function blocksIn(flags: u32, form: u32): u32 {
  return flags & ((form == VALUES_AND_WORDS ? 0 : BOXED_KEYS) | (hasValues(form) ? BOXED_VALUES : 0))
}

/**
 * Copies chains to `out`, from the one that begins at `cursor` on, until there are `limit` entries or a chain is not to be had like that:
 * also where it ends behind `last` or there is no room for it or, `isMost`, where it would exceed the limit. Returns how many entries; no table is wide.
 */
export function copyWholeChains(stripe: u32, cursor: u32, last: u32, limit: u32, isMost: bool, form: u32, out: u32): u32 {
  const flags = changetype<TableStripe>(stripe).flags
  const level = u32(changetype<TableStripe>(stripe).level)
  const mask = maskOf(level)
  const table = tableOf(stripe)
  const boxed = blocksIn(flags, form)
  const isPlain = !boxed && form != KEYS_AND_WORDS
  let count: u32 = 0
  let at = cursor
  let index = hashAt(at) & mask
  let asked = cursor
  let target = out
  isThrough = false
  while (count < limit) {
    if (at >= asked) asked = askAhead(stripe, at, limit - count, boxed)
    const head = headOfMap(table, index)
    const word = loadLock(head)
    checkpoint(Checkpoint.LockSeen)
    const next = loadNext(head)
    const depth = depthOf(next)
    checkpoint(Checkpoint.DepthSeen)
    const covered = intervalEnd(at, depth)
    if ((word & (LIVE | LOCKED)) != LIVE || depth > level || covered > last || !isFirst(at, depth)) break
    const end = isPlain ? copyPlain(head, word, next, target, form) : copyBoxed(head, word, next, target, flags, form)
    if (!end) break
    if (hasChanged(head, word)) {
      countRetry(stripe)
      break
    }
    const copied = isPlain ? (end - target) >> (form == KEYS ? 3 : 4) : boxedEntries
    if (isMost && count + copied > limit) break
    count += copied
    target = end
    if (covered == last) {
      isThrough = true
      break
    }
    at = covered + 1
    index = depth == level ? indexAfter(index, mask) : hashAt(at) & mask
  }
  passed = at
  filled = target
  return count
}

/** Copies a chain of plain words; returns where that ends. 0: it has changed, or there is no room. */
@inline
function copyPlain(head: u32, word: u32, next: u32, out: u32, form: u32): u32 {
  if (!isWithinRoom(u64(out) + 128)) return 0
  const tophash = loadTophash(head)
  checkpoint(Checkpoint.TagsSeen)
  const target = form == KEYS ? copyHead(head, tophash, out, false) : copyHead(head, tophash, out, true)
  return overflowOf(next) ? copyOverflow(head, word, next, target, form) : target
}

function copyOverflow(head: u32, word: u32, next: u32, out: u32, form: u32): u32 {
  let target = out
  let bucket = overflowOf(next)
  ensureReach(bucket + MOST_BUCKET_BYTES)
  let hops: u32 = 0
  while (bucket) {
    checkpoint(Checkpoint.LinkFollowed)
    if (hasChanged(head, word) || !isWithinRoom(u64(target) + 128)) return 0
    if (isEndless(++hops, OVERFLOW_BUCKET_BYTES)) unreachable()
    const tophash = loadTophash(bucket)
    checkpoint(Checkpoint.TagsSeen)
    for (let used = usedSlots(tophash); used; used &= used - 1) {
      const base = baseOfSlot(bucket, firstSlot(used))
      store<u64>(target, loadKeyAt(base))
      checkpoint(Checkpoint.KeySeen)
      target += 8
      if (!hasValues(form)) continue
      store<u64>(target, loadValueAt(base))
      checkpoint(Checkpoint.ValueCopied)
      target += 8
    }
    bucket = linkedBucket(bucket)
  }
  return target
}

// Of a head all slots are copied, one over another where they are empty: most are not, and which is hard to foresee. What is in an empty
// slot is garbage.

@inline
function copyHead(head: u32, tophash: u64, out: u32, hasValue: bool): u32 {
  let target = copySlot(head, tophash, 0, out, hasValue)
  target = copySlot(head, tophash, 1, target, hasValue)
  target = copySlot(head, tophash, 2, target, hasValue)
  target = copySlot(head, tophash, 3, target, hasValue)
  target = copySlot(head, tophash, 4, target, hasValue)
  target = copySlot(head, tophash, 5, target, hasValue)
  target = copySlot(head, tophash, 6, target, hasValue)
  return copySlot(head, tophash, 7, target, hasValue)
}

/** `hasValue` is a constant, so that it costs nothing. */
@inline
function copySlot(head: u32, tophash: u64, index: u32, target: u32, hasValue: bool): u32 {
  const base = baseOfSlot(head, index)
  const used = u32(tophash >> (u64(index << 3) + 7)) & 1
  store<u64>(target, loadKeyAt(base))
  if (used) checkpoint(Checkpoint.KeySeen)
  if (!hasValue) return target + (used << 3)
  store<u64>(target, loadValueAt(base), 8)
  if (used) checkpoint(Checkpoint.ValueCopied)
  return target + (used << 4)
}

/** Entries that copyBoxed has copied. */
let boxedEntries: u32 = 0

/** The same of a chain in which there are blocks. */
@inline
function copyBoxed(head: u32, word: u32, next: u32, out: u32, flags: u32, form: u32): u32 {
  let target = u64(out)
  let bucket = head
  let hops: u32 = 0
  let entries: u32 = 0
  while (true) {
    const used = usedSlots(loadTophash(bucket))
    checkpoint(Checkpoint.TagsSeen)
    entries += slotCount(used)
    for (let left = used; left; left &= left - 1) {
      const base = baseOfSlot(bucket, firstSlot(left))
      target = appendKey(target, loadKeyAt(base), flags, form)
      if (!target) return 0
      if (!hasValues(form)) continue
      const value = loadValueAt(base)
      target = flags & BOXED_VALUES ? appendBoxed(target, value) : appendWord(target, value)
      if (!target) return 0
      checkpoint(Checkpoint.ValueCopied)
    }
    if (bucket == head) {
      bucket = overflowOf(next)
      ensureReach(bucket + MOST_BUCKET_BYTES)
    } else bucket = linkedBucket(bucket)
    if (!bucket) break
    checkpoint(Checkpoint.LinkFollowed)
    if (hasChanged(head, word)) return 0
    if (isEndless(++hops, OVERFLOW_BUCKET_BYTES)) unreachable()
  }
  boxedEntries = entries
  return isWithinRoom(target) ? u32(target) : 0
}

/** Appends a key, or its word, or both. */
@inline
export function appendKey(out: u64, word: u64, flags: u32, form: u32): u64 {
  checkpoint(Checkpoint.KeySeen)
  const target = hasWords(form) ? appendWord(out, word) : out
  if (form == VALUES_AND_WORDS) return target
  return flags & BOXED_KEYS ? appendBoxed(target, word) : appendWord(target, word)
}
