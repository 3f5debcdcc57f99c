import { SlotRef, loadKey, loadValue, storeValue, tagPattern } from '../layout/bucket'
import { BUCKET_CLASS } from '../layout/limits'
import { ABSENT, INSERTED, NOT_A_NUMBER, OUT_OF_MEMORY, REMOVED, REPLACED } from '../layout/status'
import { Word, isBoxed, wordOfNumber } from '../layout/word'
import { reserve, reserved } from '../memory/blocks'
import { addCount } from '../sync/counter'
import { unlock, unlockUnchanged } from '../sync/lock'
import { hasEmptySlot, insert, releaseBuckets, vacate } from './chain'
import { helpGrowth } from './grow'
import { releaseKey, reserveKey, takeKey, unreserveKey } from './key'
import { findLockedInline, lockHomeInline, obstacle } from './locate'
import { failed } from './read'
import { describe, releaseValue } from './value'

// Writes. All have the same steps: reserve memory, so that nothing can fail later; locate and lock the chain;
// decide; apply, which publishes by one atomic store; unlock; give memory back; help a growth along.

/** Sets the value of a key. REPLACED or INSERTED; negative, with nothing changed, on failure. */
export function put<K>(stripe: u32, probe: u64, hash: u32, value: Word): i32 {
  const hasKey = reserveInsert<K>(probe)
  const head = lockHomeInline(stripe, hash)
  if (!head) {
    unreserveKey<K>()
    return obstacle
  }
  const ref = findLockedInline<K>(head, probe, hash)
  if (ref) {
    const before = loadValue(ref)
    storeValue(ref, value)
    unlock(head)
    unreserveKey<K>()
    releaseValue(stripe, before)
    return REPLACED
  }
  return insertAndUnlock<K>(stripe, head, probe, hash, value, hasKey)
}

/** Removes a key. REMOVED or ABSENT; negative on failure. */
export function remove<K>(stripe: u32, probe: u64, hash: u32): i32 {
  const head = lockHomeInline(stripe, hash)
  if (!head) return obstacle
  const ref = findLockedInline<K>(head, probe, hash)
  if (!ref) {
    unlockUnchanged(head)
    return ABSENT
  }
  const value = loadValue(ref)
  removeAndUnlock<K>(stripe, head, ref)
  releaseValue(stripe, value)
  return REMOVED
}

/** Adds to a number; an absent key counts from 0. Returns the new number; NaN: see results().status. */
export function add<K>(stripe: u32, probe: u64, hash: u32, by: f64): f64 {
  const hasKey = reserveInsert<K>(probe)
  const head = lockHomeInline(stripe, hash)
  if (!head) {
    unreserveKey<K>()
    return failed(obstacle)
  }
  const ref: SlotRef = findLockedInline<K>(head, probe, hash)
  if (ref) {
    const before = loadValue(ref)
    if (isBoxed(before)) {
      unlockUnchanged(head)
      unreserveKey<K>()
      return failed(NOT_A_NUMBER)
    }
    const total = reinterpret<f64>(before) + by
    storeValue(ref, wordOfNumber(total))
    unlock(head)
    unreserveKey<K>()
    return known(stripe, total)
  }
  const total = 0 + by // not -0
  const status = insertAndUnlock<K>(stripe, head, probe, hash, wordOfNumber(total), hasKey)
  return status < 0 ? failed(status) : known(stripe, total)
}

/** Before the lock: whatever an insert can need. False if there is no memory for the key. */
// @ts-ignore: decorator
@inline
export function reserveInsert<K>(probe: u64): bool {
  reserve(BUCKET_CLASS, 1) // if that fails, there may yet be an empty slot
  return reserveKey<K>(probe)
}

/** Inserts a key that is not there. INSERTED, or OUT_OF_MEMORY with nothing changed. */
export function insertAndUnlock<K>(
  stripe: u32, head: u32, probe: u64, hash: u32, value: Word, hasKey: bool,
): i32 {
  if (!hasKey || (!reserved(BUCKET_CLASS) && !hasEmptySlot(head))) {
    unlockUnchanged(head)
    unreserveKey<K>()
    return OUT_OF_MEMORY
  }
  insert(stripe, head, takeKey<K>(probe, hash), value, tagPattern(hash) & 0xff)
  unlock(head)
  addCount(stripe, 1)
  helpGrowth(stripe)
  return INSERTED
}

/** Removes an entry. Its value is the caller's. */
export function removeAndUnlock<K>(stripe: u32, head: u32, ref: SlotRef): void {
  const key = loadKey(ref)
  const emptied = vacate(head, ref)
  unlock(head)
  addCount(stripe, -1)
  releaseBuckets(stripe, emptied)
  releaseKey<K>(key)
}

// @ts-ignore: decorator
@inline
function known(stripe: u32, total: f64): f64 {
  if (total != total) describe(stripe, wordOfNumber(total))
  return total
}
