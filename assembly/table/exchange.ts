import { loadValue, storeValue } from '../layout/bucket'
import { WORD } from '../layout/block'
import { results } from '../layout/scratch'
import { ABSENT, CORRUPT, OVERFLOW, REMOVED, REPLACED } from '../layout/status'
import { Word } from '../layout/word'
import { Checkpoint, checkpoint } from '../sync/checkpoint'
import { unlock, unlockUnchanged } from '../sync/lock'
import { findLocked, lockHome, obstacle } from './locate'
import { unreserveKey } from './key'
import { MOST_ATTEMPTS, extendRoom } from './read'
import { describe, handOut, lacking } from './value'
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

/** Sets the value of a key and hands out the one before. REPLACED or INSERTED, or negative. */
export function exchange<K>(stripe: u32, probe: u64, hash: u32, value: Word): i32 {
  const hasKey = reserveInsert<K>(probe)
  const head = lockReserved<K>(stripe, hash)
  if (!head) return obstacle
  const ref = findLocked<K>(head, probe, hash)
  if (!ref) return insertAndUnlock<K>(stripe, head, probe, hash, value, hasKey)
  const before = replaceAndUnlock(stripe, head, ref, value)
  unreserveKey<K>()
  handOut(stripe, before)
  return REPLACED
}

/** Removes a key and hands out its value. REMOVED or ABSENT, or negative. */
export function take<K>(stripe: u32, probe: u64, hash: u32): i32 {
  const head = lockHome(stripe, hash)
  if (!head) return obstacle
  const ref = findLocked<K>(head, probe, hash)
  if (!ref) {
    unlockUnchanged(head)
    return ABSENT
  }
  handOut(stripe, removeAndUnlock<K>(stripe, head, ref))
  return REMOVED
}

/** Sets the value of a key that has none. INSERTED, or PRESENT with the value there described; or negative. */
export function insertIfAbsent<K>(stripe: u32, probe: u64, hash: u32, value: Word): i32 {
  const hasKey = reserveInsert<K>(probe)
  for (let attempt: u32 = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const head = lockReserved<K>(stripe, hash)
    if (!head) return obstacle
    const ref = findLocked<K>(head, probe, hash)
    if (!ref) return insertAndUnlock<K>(stripe, head, probe, hash, value, hasKey)
    describe(stripe, loadValue(ref))
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
export function addInteger<K>(stripe: u32, probe: u64, hash: u32, by: i64): i32 {
  const hasKey = reserveInsert<K>(probe)
  const head = lockReserved<K>(stripe, hash)
  if (!head) return obstacle
  const ref = findLocked<K>(head, probe, hash)
  results().meta = WORD
  if (!ref) {
    results().word = by
    return insertAndUnlock<K>(stripe, head, probe, hash, by, hasKey)
  }
  const before = i64(loadValue(ref))
  const total = before + by
  const overflows = ((before ^ total) & (by ^ total)) < 0 // both have the sign that the sum has not
  if (overflows) {
    unlockUnchanged(head)
  } else {
    storeValue(ref, total)
    checkpoint(Checkpoint.ValueReplaced)
    unlock(head)
  }
  unreserveKey<K>()
  results().word = total
  return overflows ? OVERFLOW : REPLACED
}
