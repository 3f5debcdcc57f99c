import { IDLE, WIDE } from '../../layout/record'
import { results } from '../../layout/scratch'
import { DIFFERENT, MATCHED } from '../../layout/status'
import { hasFlag } from '../../layout/stripe'
import { Checkpoint, checkpoint } from '../../sync/checkpoint'
import { flagUnlocked, loadLock, LOCKED, unlockUnchanged, WAITERS, wakeAll } from '../../sync/lock'
import { ensureReach } from '../../sync/reach'
import { loadValue, SlotRef, STALE } from './layout/bucket'
import { bucketBytesOf, headAt, loadLevel, Table } from './layout/table'
import { FIXED, loadIdleEnd, loadTime, NEVER } from './layout/wide'
import { isExpected } from './expected'
import { isDead, isOver, nowOf } from './live'
import { blameOwner, find, findLocked, hasChanged, locate, lockHome, obstacle, seen } from './locate'
import { awaitWriter, countRetry, OPTIMISTIC_READS } from './read'

/**
 * Watch: who waits for a key to change sleeps on the lock word of the chain that is responsible for it (JavaScript does that, by
 * Atomics.wait or waitAsync). Every change of a chain changes that word, so no other is needed:
 *
 *     look    the value, under a lock word that is unlocked, as every read does
 *     flag    WAITERS, by a compare-and-swap from that very word: so the value is still the one that was seen
 *     sleep   as long as the word is the flagged one
 *
 * Whoever locks the chain then takes the flag along, and lets go of both in one exchange, and notifies: for a new value, a removal, a
 * split, a clear, the end of the table. All who sleep there look again; those whose key it does not concern sleep on.
 *
 * The flag is gone with the first wake-up, and is set again by who looks again. So nobody counts who waits: a thread that dies while
 * it waits leaves a flag, which costs the next write to that chain one call of notify. And who writes where nobody waits looks at
 * nothing that it would not look at anyway.
 */

/** Whether this instance has watched anything: then heads that are freed may be slept on, see wakeSleepers(). */
let hasWatched: bool = false

/**
 * Whether a key still has the value that was seen: that of the expected operand, if there is one, or none, if `orAbsent`. DIFFERENT,
 * or negative; or MATCHED with
 *
 *     results().address   what to sleep on; 0: the chain is too busy, look again soon
 *     results().cursor    the word to sleep on, as long as it is this one
 *     results().word      ms that the entry lives, as a double
 */
export function watchKey<K>(stripe: u32, probe: u64, hash: u32, isExpecting: bool, orAbsent: bool): i32 {
  hasWatched = true
  for (let attempt: u32 = 0; attempt < OPTIMISTIC_READS; attempt++) {
    const head = locate(stripe, hash)
    if (!head) return obstacle
    const word = seen
    if (word & LOCKED) {
      if (!awaitWriter(stripe, head)) return blameOwner()
      continue
    }
    const ref = find<K>(head, word, probe, hash)
    if (ref != STALE) {
      const isThere = ref ? !hasEnded(stripe, ref) : isNone()
      const isSame = isAsSeen(ref, isThere, isExpecting, orAbsent)
      checkpoint(Checkpoint.ValueCompared)
      if (isUnfixed) break
      if (!isSame && !hasChanged(head, word)) return DIFFERENT
      const flagged = isSame ? flagUnlocked(head, word) : 0
      if (flagged) return toSleepOn(stripe, head, flagged)
    }
    countRetry(stripe)
  }
  return watchLocked<K>(stripe, probe, hash, isExpecting, orAbsent)
}

/** Writers have come in between each time; or an entry has ended unused, which is to stay so: see live.ts. */
function watchLocked<K>(stripe: u32, probe: u64, hash: u32, isExpecting: bool, orAbsent: bool): i32 {
  const head = lockHome(stripe, hash)
  if (!head) return obstacle
  const ref = findLocked<K>(head, probe, hash)
  const isSame = isAsSeen(ref, ref != 0 && !isDead(stripe, ref), isExpecting, orAbsent)
  unlockUnchanged(head)
  return isSame ? toSleepOn(stripe, 0, 0) : DIFFERENT
}

/** Whether the value in this slot is what was seen. Without a lock that counts only if the lock word has not changed. */
function isAsSeen(ref: SlotRef, isThere: bool, isExpecting: bool, orAbsent: bool): bool {
  if (!isThere) return orAbsent
  return isExpecting && isExpected(loadValue(ref))
}

function toSleepOn(stripe: u32, head: u32, flagged: u32): i32 {
  results().address = head
  results().cursor = flagged
  results().word = reinterpret<u64>(lifetime(stripe))
  return MATCHED
}

/** When the entry ends that was looked at last. In a global, because a load that is cast to a double would be made a plain one. */
let end: u64 = 0
/** Whether it has ended unused, and nobody has seen that yet. */
let isUnfixed: bool = false

function lifetime(stripe: u32): f64 {
  return end < NEVER ? max<f64>(f64(end) - f64(nowOf(stripe)), 0) : Infinity
}

/** There is no entry. False. */
function isNone(): bool {
  end = NEVER
  isUnfixed = false
  return false
}

/** Without a lock: whether the entry in this slot has ended. An entry that is used meanwhile lives longer than `end` says. */
function hasEnded(stripe: u32, ref: SlotRef): bool {
  if (!hasFlag(stripe, WIDE)) return isNone()
  isUnfixed = false
  const idleEnd = hasFlag(stripe, IDLE) ? loadIdleEnd(ref) : NEVER
  const time = min<u64>(loadTime(ref), idleEnd & ~FIXED)
  if (!isOver(stripe, time)) {
    end = time
    return false
  }
  end = NEVER
  isUnfixed = time == idleEnd
  return true
}

/**
 * Before a table that this thread has open alone gives its segments back: whoever sleeps on one of their heads is of this thread, and
 * looks again afterwards, where the key is at home then.
 */
export function wakeSleepers(table: u32): void {
  if (!hasWatched) return
  for (let index: u32 = 1 << changetype<Table>(table).baseLevel; index < 1 << loadLevel(table); index++) {
    const head = headAt(table, index)
    ensureReach(head + bucketBytesOf(table))
    if (loadLock(head) & WAITERS) wakeAll(head)
  }
}
