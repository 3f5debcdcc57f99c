import { BOXED_VALUES, WIDE } from '../../layout/record'
import {
  ABSENT, INSERTED, NO_CREDIT, NOT_A_NUMBER, OUT_OF_MEMORY, OUTDATED, OVERTAKEN, REMOVED, REPLACED,
} from '../../layout/status'
import { hasFlag } from '../../layout/stripe'
import { isBoxed, Word, wordOfNumber } from '../../layout/word'
import { Checkpoint, checkpoint } from '../../sync/checkpoint'
import { commit, note64, noteBoth } from '../../sync/journal'
import { hasGivenUp, unlock, unlockUnchanged } from '../../sync/lock'
import { reserved } from '../../memory/lists'
import { reserve } from '../../memory/supply'
import {
  bucketOf, loadKey, loadNext, loadValue, loadValueAt, overflowOf, refOfBase, SlotRef, storeValue, storeValueAt, tagPattern,
  tophashWord, valueWord,
} from './layout/bucket'
import { bucketClassIn, headOfMap, startInMap, tableOf } from './layout/table'
import { compact, hasEmptySlot, insert, releaseBuckets, withdraw } from './chain'
import { addCount, countWord, mayBeEmpty } from './counter'
import { helpGrowth } from './grow'
import { isKnownKey, noteKey, noteRemovedKey, releaseKey, reserveKey, unreserveKey } from './key'
import { hasCredit, isDead, isOvertaken, noteNewEntry, noteRefund, noteRenewed, useLocked } from './live'
import { findLockedInline, lockHomeInline, lockKnown, obstacle } from './locate'
import { failed } from './read'
import { REPLACED_BY } from './layout/removals'
import { beginRemoval, beginReplacement, publishRemovals } from './removals'
import { shrinkIfEmpty } from './shrink'
import { describe, noteNewValue, noteOldValue, releaseOldValue } from '../../memory/value'

// Writes. All have the same steps: reserve memory, so that nothing can fail later; locate and lock the chain;
// decide; apply, which publishes by one atomic store; unlock; give memory back; help a growth along. What changes beside
// that one store (counters, who owns a block) is noted, so that all of it happens or nothing: see sync/journal.ts.

/**
 * Whether the last key that was sought under the lock was there. Who makes new entries has nothing of a look before that; either
 * way is right. The checked build always looks, so that tests of single steps need not know what was done before.
 */
let wasThere: bool = true

@inline
function mayBeKnown(): bool {
  return !ASC_NO_ASSERT || wasThere
}

/** Sets the value of a key. REPLACED or INSERTED; negative, with nothing changed, on failure. */
export function set<K>(stripe: u32, probe: u64, hash: u32, value: Word): i32 {
  return hasFlag(stripe, WIDE) ? setAnywhere<K>(stripe, probe, hash, value) : setInMap<K>(stripe, probe, hash, value)
}

/** The same in a map: an entry that is there, and easily found, needs no memory, and if its value is a number no note either. */
@inline
export function setInMap<K>(stripe: u32, probe: u64, hash: u32, value: Word): i32 {
  if (!mayBeKnown()) return setAnywhere<K>(stripe, probe, hash, value)
  const head = headOfMap(tableOf(stripe), startInMap(stripe, hash))
  const base = lockKnown<K>(stripe, head, probe, hash)
  if (!base) return setAnywhere<K>(stripe, probe, hash, value)
  if (hasFlag(stripe, BOXED_VALUES)) return replaceKnown(stripe, refOfBase(head, base), value)
  storeValueAt(base, value)
  checkpoint(Checkpoint.ValueReplaced)
  unlock(head)
  return REPLACED
}

function replaceKnown(stripe: u32, ref: SlotRef, value: Word): i32 {
  replaceAndUnlock(stripe, bucketOf(ref), ref, value)
  releaseOldValue(stripe)
  return REPLACED
}

function setAnywhere<K>(stripe: u32, probe: u64, hash: u32, value: Word): i32 {
  const hasKey = reserveInsert<K>(stripe, probe)
  const head = lockHomeInline(stripe, hash)
  if (!head) {
    unreserveKey<K>()
    return obstacle
  }
  const ref = findLockedInline<K>(head, probe, hash)
  wasThere = ref != 0
  if (ref) {
    if (hasFlag(stripe, WIDE) && isOvertaken(stripe)) {
      unlockUnchanged(head)
      unreserveKey<K>()
      return OVERTAKEN
    }
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
  const isOver = isDead(stripe, ref)
  removeAndUnlock<K>(stripe, head, ref)
  releaseOldValue(stripe)
  return isOver ? ABSENT : REMOVED
}

/** Adds to a number; an absent key counts from 0. Returns the new number; NaN: see results().status. */
export function increment<K>(stripe: u32, probe: u64, hash: u32, by: f64): f64 {
  if (hasFlag(stripe, WIDE) || !mayBeKnown()) return incrementAnywhere<K>(stripe, probe, hash, by)
  const head = headOfMap(tableOf(stripe), startInMap(stripe, hash))
  const base = lockKnown<K>(stripe, head, probe, hash)
  if (!base) return incrementAnywhere<K>(stripe, probe, hash, by)
  const before = loadValueAt(base)
  if (isBoxed(before)) {
    unlockUnchanged(head)
    return failed(NOT_A_NUMBER)
  }
  const total = reinterpret<f64>(before) + by
  storeValueAt(base, wordOfNumber(total))
  checkpoint(Checkpoint.ValueReplaced)
  unlock(head)
  return known(stripe, total)
}

function incrementAnywhere<K>(stripe: u32, probe: u64, hash: u32, by: f64): f64 {
  const hasKey = reserveInsert<K>(stripe, probe)
  const head = lockHomeInline(stripe, hash)
  if (!head) {
    unreserveKey<K>()
    return failed(obstacle)
  }
  const ref: SlotRef = findLockedInline<K>(head, probe, hash)
  wasThere = ref != 0
  if (isDead(stripe, ref)) {
    const first = 0 + by
    replaceAndUnlock(stripe, head, ref, wordOfNumber(first))
    unreserveKey<K>()
    releaseOldValue(stripe)
    return known(stripe, first)
  }
  if (ref) {
    const before = loadValue(ref)
    if (isBoxed(before)) {
      unlockUnchanged(head)
      unreserveKey<K>()
      return failed(NOT_A_NUMBER)
    }
    const total = reinterpret<f64>(before) + by
    if (hasFlag(stripe, WIDE)) beginReplacement(stripe, ref, REPLACED_BY)
    storeValue(ref, wordOfNumber(total))
    if (hasFlag(stripe, WIDE)) useLocked(stripe, ref)
    checkpoint(Checkpoint.ValueReplaced)
    if (hasFlag(stripe, WIDE)) publishRemovals()
    unlock(head)
    unreserveKey<K>()
    return known(stripe, total)
  }
  const total = 0 + by // not -0
  const status = insertAndUnlock<K>(stripe, head, probe, hash, wordOfNumber(total), hasKey)
  return status < 0 ? failed(status) : known(stripe, total)
}

/** Before the lock: whatever an insert can need. False if there is no memory for the key. */
@inline
export function reserveInsert<K>(stripe: u32, probe: u64): bool {
  // If that fails, there may yet be an empty slot. But nobody waits twice for one who does not let go of the pool's lock.
  const mayWait = reserve(bucketClassIn(stripe), 1) || !hasGivenUp
  return reserveKey<K>(probe, mayWait)
}

/** Inserts a key that is not there. INSERTED; OUT_OF_MEMORY with nothing changed; of a known key OUTDATED. */
export function insertAndUnlock<K>(
  stripe: u32, head: u32, probe: u64, hash: u32, value: Word, hasKey: bool,
): i32 {
  if (isKnownKey<K>()) {
    unlockUnchanged(head)
    return OUTDATED
  }
  if (!hasKey || (!reserved(bucketClassIn(stripe)) && !hasEmptySlot(head))) {
    unlockUnchanged(head)
    unreserveKey<K>()
    return OUT_OF_MEMORY
  }
  if (hasFlag(stripe, WIDE)) {
    const obstacle = isOvertaken(stripe) ? OVERTAKEN : hasCredit(stripe) ? 0 : NO_CREDIT
    if (obstacle) {
      unlockUnchanged(head)
      unreserveKey<K>()
      return obstacle
    }
  }
  noteNewValue(stripe, value)
  const key = noteKey<K>(probe, hash)
  if (hasFlag(stripe, WIDE)) noteNewEntry(stripe, head, hash, key, value)
  insert(stripe, head, key, value, tagPattern(hash) & 0xff)
  commit()
  unlock(head)
  helpGrowth(stripe)
  return INSERTED
}

/** Replaces the value of an entry. Returns the old one: its block, if it is one, is in VALUE_HAND, and the caller's. */
@inline
export function replaceAndUnlock(stripe: u32, head: u32, ref: SlotRef, value: Word): Word {
  const before = loadValue(ref)
  if (hasFlag(stripe, BOXED_VALUES | WIDE)) {
    note64(valueWord(ref))
    noteNewValue(stripe, value)
    noteOldValue(stripe, before)
    if (hasFlag(stripe, WIDE)) {
      beginReplacement(stripe, ref, REPLACED_BY)
      noteRenewed(stripe, ref, value)
    }
  }
  storeValue(ref, value)
  checkpoint(Checkpoint.ValueReplaced)
  if (hasFlag(stripe, BOXED_VALUES | WIDE)) commit()
  if (hasFlag(stripe, WIDE)) publishRemovals()
  unlock(head)
  return before
}

/** Removes an entry. Returns its value: the block, if it is one, is in VALUE_HAND, and the caller's. */
export function removeAndUnlock<K>(stripe: u32, head: u32, ref: SlotRef): Word {
  const value = loadValue(ref)
  noteRemovedKey<K>(loadKey(ref))
  noteOldValue(stripe, value)
  if (hasFlag(stripe, WIDE)) {
    beginRemoval(stripe, ref)
    noteRefund(stripe, loadKey(ref), value)
  }
  noteBoth(tophashWord(bucketOf(ref)), countWord(stripe))
  withdraw(ref)
  checkpoint(Checkpoint.SlotWithdrawn)
  addCount(stripe, -1)
  commit()
  if (hasFlag(stripe, WIDE)) publishRemovals()
  if (overflowOf(loadNext(head))) compact(stripe, head)
  unlock(head)
  releaseBuckets()
  releaseKey<K>()
  if (mayBeEmpty(stripe)) shrinkIfEmpty(stripe)
  return value
}

@inline
function known(stripe: u32, total: f64): f64 {
  if (total != total) describe(stripe, wordOfNumber(total))
  return total
}
