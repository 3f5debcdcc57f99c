import { commit } from '../../sync/journal'
import { unlock, unlockUnchanged } from '../../sync/lock'
import { ABSENT, FOUND } from '../../layout/status'
import { NEVER, noteTime, storeTime } from '../hashmap/layout/wide'
import { isDead, nowOf, timeOfNew, useLocked } from '../hashmap/live'
import { findLocked, lockHome, obstacle } from '../hashmap/locate'

/** Starts the time of an entry anew. FOUND, ABSENT, or negative. */
export function touch<K>(stripe: u32, probe: u64, hash: u32): i32 {
  const head = lockHome(stripe, hash)
  if (!head) return obstacle
  const ref = findLocked<K>(head, probe, hash)
  if (!ref || isDead(stripe, ref)) {
    unlockUnchanged(head)
    return ABSENT
  }
  noteTime(ref)
  storeTime(ref, timeOfNew(stripe))
  useLocked(stripe, ref)
  commit()
  unlock(head)
  return FOUND
}

/** How long something with this time lives. */
export function remainingOf(stripe: u32, time: u64): f64 {
  return time < NEVER ? max<f64>(f64(time) - f64(nowOf(stripe)), 0) : Infinity
}

/** How long ago something with this time has ended; 0: it has not. */
export function agoOf(stripe: u32, time: u64): f64 {
  return time < NEVER ? max<f64>(f64(nowOf(stripe)) - f64(time), 0) : 0
}
