import { SlotRef, loadKey, loadValue, storeValue, tagPattern } from '../layout/bucket'
import { BUCKET_CLASS } from '../layout/limits'
import { ABSENT, FOUND, INSERTED, OUT_OF_MEMORY, OWNER_UNRESPONSIVE, REMOVED, REPLACED } from '../layout/status'
import { results } from '../layout/thread'
import { reserve } from '../memory/blocks'
import { addCount } from '../sync/counter'
import { unlock, unlockUnchanged } from '../sync/lock'
import { insert, releaseBuckets, vacate } from './chain'
import { helpGrowth } from './grow'
import { releaseKey, reserveKey, takeKey, unreserveKey } from './key'
import { findLocked, lockHome } from './locate'
import { releaseValue } from './value'

// Writes. All have the same steps: reserve memory, so that nothing can fail later; locate and lock the chain;
// decide; apply, which publishes by one atomic store; unlock; give memory back; help a growth along.

/** Sets the value of a key. REPLACED or INSERTED; negative, with nothing changed, on failure. */
export function put<K>(stripe: u32, probe: u64, hash: u32, value: u64): i32 {
  const hasRoom = reserveInsert<K>(probe)
  const head = lockHome(stripe, hash)
  if (!head) {
    unreserveKey<K>()
    return OWNER_UNRESPONSIVE
  }
  const ref = findLocked<K>(head, probe, hash)
  if (ref) {
    const before = loadValue(ref)
    storeValue(ref, value)
    unlock(head)
    unreserveKey<K>()
    releaseValue(stripe, before)
    return REPLACED
  }
  if (!hasRoom) {
    unlockUnchanged(head)
    unreserveKey<K>()
    return OUT_OF_MEMORY
  }
  insertAndUnlock<K>(stripe, head, probe, hash, value)
  return INSERTED
}

/** Removes a key. REMOVED or ABSENT; negative on failure. */
export function remove<K>(stripe: u32, probe: u64, hash: u32): i32 {
  const head = lockHome(stripe, hash)
  if (!head) return OWNER_UNRESPONSIVE
  const ref = findLocked<K>(head, probe, hash)
  if (!ref) {
    unlockUnchanged(head)
    return ABSENT
  }
  const key = loadKey(ref)
  const value = loadValue(ref)
  const emptied = vacate(head, ref)
  unlock(head)
  addCount(stripe, -1)
  releaseBuckets(stripe, emptied)
  releaseKey<K>(key)
  releaseValue(stripe, value)
  return REMOVED
}

/** Adds to a number; an absent key counts from 0. Returns the new number; results().status tells NaN from failure. */
export function add<K>(stripe: u32, probe: u64, hash: u32, by: f64): f64 {
  const hasRoom = reserveInsert<K>(probe)
  const head = lockHome(stripe, hash)
  if (!head) {
    unreserveKey<K>()
    return failed(OWNER_UNRESPONSIVE)
  }
  const ref: SlotRef = findLocked<K>(head, probe, hash)
  if (ref) {
    const total = reinterpret<f64>(loadValue(ref)) + by
    storeValue(ref, reinterpret<u64>(total))
    unlock(head)
    unreserveKey<K>()
    return known(total)
  }
  if (!hasRoom) {
    unlockUnchanged(head)
    unreserveKey<K>()
    return failed(OUT_OF_MEMORY)
  }
  const total = 0 + by // not -0
  insertAndUnlock<K>(stripe, head, probe, hash, reinterpret<u64>(total))
  return known(total)
}

/** Before the lock: whatever an insert can need. False if there is no memory for one. */
// @ts-ignore: decorator
@inline
function reserveInsert<K>(probe: u64): bool {
  return reserveKey<K>(probe) && reserve(BUCKET_CLASS, 1)
}

// @ts-ignore: decorator
@inline
function insertAndUnlock<K>(stripe: u32, head: u32, probe: u64, hash: u32, value: u64): void {
  insert(stripe, head, takeKey<K>(probe, hash), value, tagPattern(hash) & 0xff)
  unlock(head)
  addCount(stripe, 1)
  helpGrowth<K>(stripe)
}

// @ts-ignore: decorator
@inline
function known(total: f64): f64 {
  if (total != total) results().status = FOUND
  return total
}

function failed(status: i32): f64 {
  results().status = status
  return NaN
}
