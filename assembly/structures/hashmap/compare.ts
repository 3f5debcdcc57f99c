import { DIFFERENT, MATCHED } from '../../layout/status'
import { Word } from '../../layout/word'
import { unlockUnchanged } from '../../sync/lock'
import { loadValue, SlotRef } from './layout/bucket'
import { isExpected } from './expected'
import { isDead } from './live'
import { findLocked, lockHome, obstacle } from './locate'
import { releaseOldValue } from '../../memory/value'
import { removeAndUnlock, replaceAndUnlock } from './write'

// Writes that happen only if the value is what the caller expects: see expected.ts.

/** Sets the value of a key if it is the expected one. MATCHED or DIFFERENT, also if there is none; or negative. */
export function replaceIf<K>(stripe: u32, probe: u64, hash: u32, value: Word): i32 {
  const head = lockHome(stripe, hash)
  if (!head) return obstacle
  const ref = findExpected<K>(stripe, head, probe, hash)
  if (!ref) return DIFFERENT
  replaceAndUnlock(stripe, head, ref, value)
  releaseOldValue(stripe)
  return MATCHED
}

/** Removes a key if its value is the expected one. */
export function removeIf<K>(stripe: u32, probe: u64, hash: u32): i32 {
  const head = lockHome(stripe, hash)
  if (!head) return obstacle
  const ref = findExpected<K>(stripe, head, probe, hash)
  if (!ref) return DIFFERENT
  removeAndUnlock<K>(stripe, head, ref)
  releaseOldValue(stripe)
  return MATCHED
}

/** The slot of a key whose value is the expected one. 0: there is none, and the chain is unlocked. */
function findExpected<K>(stripe: u32, head: u32, probe: u64, hash: u32): SlotRef {
  const ref = findLocked<K>(head, probe, hash)
  if (ref && !isDead(stripe, ref) && isExpected(loadValue(ref))) return ref
  unlockUnchanged(head)
  return 0
}
