import {
  SlotRef, bucketOf, loadKey, loadNext, loadValue, overflowOf, storeValue, tagPattern, tophashWord, valueWord,
} from '../layout/bucket'
import { BUCKET_CLASS } from '../layout/limits'
import { ABSENT, INSERTED, NOT_A_NUMBER, OUT_OF_MEMORY, REMOVED, REPLACED } from '../layout/status'
import { Word, isBoxed, wordOfNumber } from '../layout/word'
import { BOXED_VALUES, hasFlag } from '../layout/table'
import { reserved } from '../memory/lists'
import { reserve } from '../memory/supply'
import { Checkpoint, checkpoint } from '../sync/checkpoint'
import { addCount, countWord } from '../sync/counter'
import { commit, note64, noteBoth } from '../sync/journal'
import { unlock, unlockUnchanged } from '../sync/lock'
import { hasEmptySlot, insert, pack, releaseBuckets, withdraw } from './chain'
import { helpGrowth } from './grow'
import { noteKey, noteRemovedKey, releaseKey, reserveKey, unreserveKey } from './key'
import { findLockedInline, lockHomeInline, obstacle } from './locate'
import { failed } from './read'
import { describe, noteNewValue, noteOldValue, releaseOldValue } from './value'

// Writes. All have the same steps: reserve memory, so that nothing can fail later; locate and lock the chain;
// decide; apply, which publishes by one atomic store; unlock; give memory back; help a growth along. What changes beside
// that one store (counters, who owns a block) is noted, so that all of it happens or nothing: see sync/journal.ts.

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
    replaceAndUnlock(stripe, head, ref, value)
    unreserveKey<K>()
    releaseOldValue(stripe)
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
  removeAndUnlock<K>(stripe, head, ref)
  releaseOldValue(stripe)
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
    checkpoint(Checkpoint.ValueReplaced)
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
  noteNewValue(stripe, value)
  insert(stripe, head, noteKey<K>(probe, hash), value, tagPattern(hash) & 0xff)
  commit()
  unlock(head)
  helpGrowth(stripe)
  return INSERTED
}

/** Replaces the value of an entry. Returns the old one: its block, if it is one, is in VALUE_HAND, and the caller's. */
// @ts-ignore: decorator
@inline
export function replaceAndUnlock(stripe: u32, head: u32, ref: SlotRef, value: Word): Word {
  const before = loadValue(ref)
  if (hasFlag(stripe, BOXED_VALUES)) {
    note64(valueWord(ref))
    noteNewValue(stripe, value)
    noteOldValue(stripe, before)
  }
  storeValue(ref, value)
  checkpoint(Checkpoint.ValueReplaced)
  if (hasFlag(stripe, BOXED_VALUES)) commit()
  unlock(head)
  return before
}

/** Removes an entry. Returns its value: the block, if it is one, is in VALUE_HAND, and the caller's. */
export function removeAndUnlock<K>(stripe: u32, head: u32, ref: SlotRef): Word {
  const value = loadValue(ref)
  noteRemovedKey<K>(loadKey(ref))
  noteOldValue(stripe, value)
  noteBoth(tophashWord(bucketOf(ref)), countWord(stripe))
  withdraw(ref)
  checkpoint(Checkpoint.SlotWithdrawn)
  addCount(stripe, -1)
  commit()
  if (overflowOf(loadNext(head))) pack(stripe, head)
  unlock(head)
  releaseBuckets()
  releaseKey<K>()
  return value
}

// @ts-ignore: decorator
@inline
function known(stripe: u32, total: f64): f64 {
  if (total != total) describe(stripe, wordOfNumber(total))
  return total
}
