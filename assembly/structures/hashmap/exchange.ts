import { Block, BLOCK_HEADER_BYTES, isObjectMeta, paddedBytes, WORD } from '../../layout/block'
import { BOXED_VALUES, WIDE } from '../../layout/record'
import { results } from '../../layout/scratch'
import { ABSENT, CORRUPT, INSERTED, OVERFLOW, REMOVED, REPLACED, SPARED } from '../../layout/status'
import { hasFlag } from '../../layout/stripe'
import { addressOf, isBlock, Word } from '../../layout/word'
import { Checkpoint, checkpoint } from '../../sync/checkpoint'
import { unlock, unlockUnchanged } from '../../sync/lock'
import { ensureReach } from '../../sync/reach'
import { loadValue, SlotRef, storeValue } from './layout/bucket'
import { unreserveKey } from './key'
import { isDead, useLocked } from './live'
import { findLocked, lockHome, obstacle } from './locate'
import { REPLACED_BY } from './layout/removals'
import { extendRoom, MOST_ATTEMPTS } from './read'
import { beginReplacement, publishRemovals } from './removals'
import { describe, fitsValueArea, handOut, lacking, releaseOldValue } from '../../memory/value'
import { insertAndUnlock, removeAndUnlock, replaceAndUnlock, reserveInsert } from './write'

// Writes that also say what was there.

/** A key had a value already: what insertIfAbsent returns then, described. */
const PRESENT: i32 = 0

/** Locks for an operation that may insert. 0, and nothing is reserved any more: see `obstacle`. */
function lockReserved<K>(stripe: u32, hash: u32): u32 {
  const head = lockHome(stripe, hash)
  if (!head) unreserveKey<K>()
  return head
}

/**
 * Under the lock: whether a value has to be read before its entry loses it, because that can fail. An object is decoded by
 * code that may throw, and a copy of what is too large for the scratch page may find no room in JavaScript's memory.
 */
function isSpared(stripe: u32, word: Word): bool {
  if (!hasFlag(stripe, BOXED_VALUES) || !isBlock(word)) return false
  const block = addressOf(word)
  ensureReach(block + BLOCK_HEADER_BYTES)
  const meta = changetype<Block>(block).meta
  return isObjectMeta(meta) || !fitsValueArea(BLOCK_HEADER_BYTES + paddedBytes(meta))
}

/** Gives an entry that has ended a value: for whoever asks it is a new one. INSERTED. */
function revive<K>(stripe: u32, head: u32, ref: SlotRef, value: Word): i32 {
  replaceAndUnlock(stripe, head, ref, value)
  unreserveKey<K>()
  releaseOldValue(stripe)
  return INSERTED
}

/** Sets the value of a key and hands out the one before. REPLACED or INSERTED, SPARED, or negative. */
export function exchange<K>(stripe: u32, probe: u64, hash: u32, value: Word): i32 {
  const hasKey = reserveInsert<K>(stripe, probe)
  const head = lockReserved<K>(stripe, hash)
  if (!head) return obstacle
  const ref = findLocked<K>(head, probe, hash)
  if (!ref) return insertAndUnlock<K>(stripe, head, probe, hash, value, hasKey)
  if (isDead(stripe, ref)) return revive<K>(stripe, head, ref, value)
  if (isSpared(stripe, loadValue(ref))) {
    unlockUnchanged(head)
    unreserveKey<K>()
    return SPARED
  }
  const before = replaceAndUnlock(stripe, head, ref, value)
  unreserveKey<K>()
  handOut(stripe, before)
  return REPLACED
}

/** Removes a key and hands out its value. REMOVED or ABSENT, SPARED, or negative. */
export function take<K>(stripe: u32, probe: u64, hash: u32): i32 {
  const head = lockHome(stripe, hash)
  if (!head) return obstacle
  const ref = findLocked<K>(head, probe, hash)
  if (isDead(stripe, ref)) {
    removeAndUnlock<K>(stripe, head, ref)
    releaseOldValue(stripe)
    return ABSENT
  }
  if (!ref || isSpared(stripe, loadValue(ref))) {
    unlockUnchanged(head)
    return ref ? SPARED : ABSENT
  }
  handOut(stripe, removeAndUnlock<K>(stripe, head, ref))
  return REMOVED
}

/** Sets the value of a key that has none. INSERTED, or PRESENT with the value there described; or negative. */
export function insertIfAbsent<K>(stripe: u32, probe: u64, hash: u32, value: Word): i32 {
  const hasKey = reserveInsert<K>(stripe, probe)
  for (let attempt: u32 = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const head = lockReserved<K>(stripe, hash)
    if (!head) return obstacle
    const ref = findLocked<K>(head, probe, hash)
    if (!ref) return insertAndUnlock<K>(stripe, head, probe, hash, value, hasKey)
    if (isDead(stripe, ref)) return revive<K>(stripe, head, ref, value)
    describe(stripe, loadValue(ref))
    if (hasFlag(stripe, WIDE)) useLocked(stripe, ref)
    unlockUnchanged(head)
    const status = lacking ? extendRoom() : PRESENT
    if (lacking && status == 0) continue
    unreserveKey<K>()
    return status
  }
  unreserveKey<K>()
  return CORRUPT
}

/** Adds to a bigint of 64 bits; an absent key counts from 0. REPLACED or INSERTED with results().word, or negative. */
export function incrementInteger<K>(stripe: u32, probe: u64, hash: u32, by: i64): i32 {
  const hasKey = reserveInsert<K>(stripe, probe)
  const head = lockReserved<K>(stripe, hash)
  if (!head) return obstacle
  const ref = findLocked<K>(head, probe, hash)
  results().meta = WORD
  if (!ref) {
    results().word = by
    return insertAndUnlock<K>(stripe, head, probe, hash, by, hasKey)
  }
  if (isDead(stripe, ref)) {
    results().word = by
    return revive<K>(stripe, head, ref, by)
  }
  const before = i64(loadValue(ref))
  const total = before + by
  const overflows = ((before ^ total) & (by ^ total)) < 0 // both have the sign that the sum has not
  if (overflows) {
    unlockUnchanged(head)
  } else {
    if (hasFlag(stripe, WIDE)) beginReplacement(stripe, ref, REPLACED_BY)
    storeValue(ref, total)
    if (hasFlag(stripe, WIDE)) useLocked(stripe, ref)
    checkpoint(Checkpoint.ValueReplaced)
    if (hasFlag(stripe, WIDE)) publishRemovals()
    unlock(head)
  }
  unreserveKey<K>()
  results().word = total
  return overflows ? OVERFLOW : REPLACED
}
