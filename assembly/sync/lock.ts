import { ASKED, POOL } from '../layout/heap'
import { results } from '../layout/scratch'
import { Stripe } from '../layout/stripe'
import { journal, me, scratch, self } from '../layout/thread'
import { EventKind, Locked } from '../layout/trace'
import { Checkpoint, checkpoint } from './checkpoint'
import { isInUse, isUnsettled } from './journal'
import { recoverIfDead } from './liveness'
import { beginSpan, endSpan } from './trace'

/**
 * The lock word, of whatever a structure locks (of a hash map: bucket heads) and of the pool.
 *
 *     unlocked   version (29 bits) << 3 | WAITERS | LIVE | 0
 *     locked     owner   (29 bits) << 3 | WAITERS | LIVE | LOCKED
 *
 * The owner keeps the version in its journal; unlocking brings it back, one higher if anything was changed. So a
 * reader that finds the same unlocked word before and after has seen nothing half done, and whoever waits can
 * read who holds the lock. WAITERS in a locked word: somebody waits until it is unlocked; in an unlocked one: until it changes
 * (structures/hashmap/watch.ts). Who takes the lock takes the flag along, and who lets it go takes it away and wakes them all. LIVE is the structure's: of a hash map it says that a head bucket has been evacuated into;
 * fresh memory is 0, hence not LIVE.
 *
 * A thread holds at most one of these locks at a time, so they cannot deadlock. If it dies with a lock, whoever
 * recovers it finds the lock by the journal, and the word still names the owner: see heap/recovery.ts.
 */
export const LOCKED: u32 = 1
export const LIVE: u32 = 2
export const WAITERS: u32 = 4
export const FIELD_SHIFT: u32 = 3
const ONE_VERSION: u32 = 1 << FIELD_SHIFT

/** Looks before a waiter goes to sleep: a lock is held for some 50 ns, a wake-up costs 55 us. */
const SPINS: u32 = 100
/** Between them, up to 255 looks at what nobody else looks at: some 200 ns on average. */
const PAUSE_SHIFT: u32 = 24
/** A sleeper looks again after this long even if nobody wakes it. */
const SLEEP_NS: i64 = 20_000_000
/** So many fruitless sleeps, 10 seconds of one owner holding one lock, and the operation gives up. */
const SLEEPS: u32 = 500
/** After the first sleep, and then after so many, a tenth of a second, it asks whether the owner is alive. */
const SLEEPS_PER_ASK: u32 = 5
/** Where sleeping is forbidden: so many looks, a few seconds. */
const SPINS_WITHOUT_SLEEP: u32 = 0xffff_ffff
const SPINS_PER_ASK: u32 = 1 << 26
/** Of all that so small a part, if this instance is in a hurry: sleeps of a tenth of a second, or looks of some 30 ms. */
const HURRY: u32 = 100

/** Per instance, as all globals are. */
let isHurried: bool = false

/**
 * From now on no lock is waited for long, or again as long as ever. For recovery, which can begin again at any time: what it
 * waits for may be another death, of which its thread hears only when it is back in its event loop. And for printing.
 */
export function hurry(on: bool): void {
  isHurried = on
}

@inline
function patience(times: u32): u32 {
  return isHurried ? times / HURRY : times
}

/** Pairs with the compare-and-swap of tryLock and the exchange of unlock. */
@inline
export function loadLock(address: u32): u32 {
  return atomic.load<u32>(address)
}

/**
 * Takes a lock of this collection's if its word still is `seen`, which was unlocked. Success therefore proves more than
 * ownership: everything that was read under `seen` is still true. Not while the journal has anything else in it: an exception
 * has thrown this thread out of an operation, and what that left would be settled by the wrong table. See mustSettle.
 */
@inline
export function tryLockIn(address: u32, seen: u32, record: u32): bool {
  if (isUnsettled()) return false
  journal().record = record // recovery asks of what kind the entries are, and for the counters
  return tryLock(address, seen)
}

/** The same for the lock of the pool, which is also needed to give back what was cut off. */
function tryLockPool(seen: u32): bool {
  return !isInUse() && tryLock(POOL, seen)
}

@inline
function tryLock(address: u32, seen: u32): bool {
  // The journal is written first; the exchange publishes it together with the owner who can be looked up in it.
  journal().word = seen & ~WAITERS
  journal().lock = address
  checkpoint(Checkpoint.LockIntended)
  const taken = lockedBy(me().id) | (seen & (LIVE | WAITERS))
  if (atomic.cmpxchg<u32>(address, seen, taken) == seen) {
    checkpoint(Checkpoint.LockTaken)
    return true
  }
  journal().lock = 0 // or it would name memory that may become anything
  return false
}

/**
 * The same as tryLockIn for an operation that has entered something in the structure's part of the journal before, behind
 * mustSettle() and beginUnlocked().
 */
function tryLockEntered(address: u32, seen: u32): bool {
  return !isInUse() && tryLock(address, seen)
}

/** Whether nothing can be locked or noted until mend() is called. */
@inline
export function mustMend(): bool {
  return isInUse() ? !blameSelf() : false
}

/** Whether no operation can begin until mend() is called. */
@inline
export function mustSettle(): bool {
  return isUnsettled() ? !blameSelf() : false
}

/** Says that this thread itself is what an operation waits for: it has to be mended. Returns false. */
export function blameSelf(): bool {
  return giveUp(lockedBy(me().id))
}

/** What a lock word holds at least while a thread has the lock. */
@inline
export function lockedBy(thread: u32): u32 {
  return (thread << FIELD_SHIFT) | LOCKED
}

/** Thread that holds a lock; 0 if none does. */
@inline
export function ownerOf(word: u32): u32 {
  return word & LOCKED ? word >> FIELD_SHIFT : 0
}

/** Whether the last look for a lock gave up: who needs the same lock for something else need not wait for it again. */
export let hasGivenUp: bool = false

/** Takes the lock of the pool, waiting as long as others use it. False: one owner kept it too long; results().owner names it. */
export function lockPool(): bool {
  hasGivenUp = false
  while (true) {
    const seen = loadLock(POOL)
    if (seen & LOCKED) {
      if (!awaitUnlock(POOL, Locked.Pool, 0)) return false
    } else if (tryLockPool(seen)) {
      return true
    } else if (mustMend()) {
      return false
    }
  }
  return false
}

/** The same for a lock of this collection's. `stripe`: of the collection, for its counters, if there is one. */
export function lockIn(address: u32, record: u32, stripe: u32): bool {
  hasGivenUp = false
  while (true) {
    const seen = loadLock(address)
    if (seen & LOCKED) {
      if (!awaitIn(address, stripe, record)) return false
    } else if (tryLockIn(address, seen, record)) {
      return true
    } else if (mustSettle()) {
      return false
    }
  }
  return false
}

/** The same for an operation that has entered something before it needs the lock: see tryLockEntered. */
export function lockEntered(address: u32, record: u32, stripe: u32): bool {
  hasGivenUp = false
  while (true) {
    const seen = loadLock(address)
    if (seen & LOCKED) {
      if (!awaitIn(address, stripe, record)) return false
    } else if (tryLockEntered(address, seen)) {
      return true
    } else if (mustMend()) {
      return false
    }
  }
  return false
}

/** Releases the lock after a change: readers that began before start over. */
@inline
export function unlock(address: u32): void {
  release(address, journal().word + ONE_VERSION)
}

/** Releases the lock when nothing was changed: readers need not notice. */
@inline
export function unlockUnchanged(address: u32): void {
  release(address, journal().word)
}

/** Releases the lock of a head whose table was deleted: it is not LIVE any more. */
export function unlockDead(address: u32): void {
  release(address, (journal().word + ONE_VERSION) & ~LIVE)
}

@inline
function release(address: u32, word: u32): void {
  // Pairs with every loadLock and tryLock: what was written under the lock is seen by who sees this word.
  const held = atomic.xchg<u32>(address, word)
  checkpoint(Checkpoint.LockReleased)
  if (held & WAITERS) wakeAll(address)
  journal().lock = 0 // behind that: who dies in between has not woken anybody, and recovery does
}

/** Wakes who sleeps on a lock word. */
export function wakeAll(address: u32): void {
  atomic.notify(address, -1)
}

/**
 * Says that this thread waits until a lock word changes that still is `seen`, which was unlocked. If so everything that was read
 * under `seen` is true at this moment, and who changes it afterwards sees the flag: the word to sleep on. 0: it has changed.
 */
export function flagUnlocked(address: u32, seen: u32): u32 {
  const flagged = seen | WAITERS
  // Pairs with tryLock, which takes the flag along from the very word, and with release, which sees it.
  if (atomic.cmpxchg<u32>(address, seen, flagged) != seen) return 0
  checkpoint(Checkpoint.WordWatched)
  return flagged
}

/** Waits until a lock of this collection's is let go, and counts that, if there is a stripe. False: see waitFor. */
export function awaitIn(address: u32, stripe: u32, record: u32): bool {
  if (stripe) changetype<Stripe>(stripe).lockWaits++
  return awaitUnlock(address, Locked.Chain, record)
}

/** Waits until this lock is unlocked, and records it. False: see waitFor. */
export function awaitUnlock(address: u32, what: Locked, table: u32): bool {
  return waitRecorded(address, EventKind.LockWait, what, table)
}

/** The same for who only reads. */
export function awaitWriter(head: u32, table: u32): bool {
  return waitRecorded(head, EventKind.ReadRetry, Locked.Chain, table)
}

/** When it began, and the word that was seen last, are kept in memory: see sleepUntilUnlock. */
function waitRecorded(address: u32, kind: EventKind, what: Locked, table: u32): bool {
  me().waitBegan = beginSpan()
  me().sleptOn = loadLock(address) & ~WAITERS
  const isOver = waitFor(address)
  endSpan(kind, me().waitBegan, table, what, ownerOf(me().sleptOn), u32(!isOver))
  return isOver
}

/**
 * Returns when the lock was seen unlocked. False: the same owner held it all the time that patience allows. Or it is
 * this thread, in which an exception left the lock behind: then it has to mend that first (heap/recovery.ts).
 */
function waitFor(address: u32): bool {
  let word = loadLock(address)
  if (ownerOf(word) == me().id) return giveUp(word)
  for (let spins: u32 = 0; spins < SPINS; spins++) {
    if (!(word & LOCKED)) return true
    pause()
    word = loadLock(address)
  }
  return me().mayBlock ? sleepUntilUnlock(address) : spinUntilUnlock(address)
}

/**
 * Looks at nothing that anybody else looks at, for a while: each look at a lock takes its cache line from who has the lock, and needs it to do
 * what he does and to let go. Not for always the same while: two threads that increment one number would fall into step, and pass the
 * line to and fro for each of them, where one does several before the other comes.
 */
function pause(): void {
  draw = draw * 1664525 + 1013904223 + me().id
  for (let looks = draw >> PAUSE_SHIFT; looks; looks--) atomic.load<u32>(self)
}

let draw: u32 = 0

/** Counts in memory: the first compiler of V8 11 (Node 20) loses locals of a loop with a wait in it. */
function sleepUntilUnlock(address: u32): bool {
  me().sleeps = 0
  while (me().sleeps < patience(SLEEPS)) {
    const word = loadLock(address)
    if (!(word & LOCKED)) return true
    if (me().sleptOn != (word & ~WAITERS)) {
      me().sleptOn = word & ~WAITERS // another owner: the lock is moving, only busy
      me().sleeps = 0
    }
    me().sleeps++
    if (me().sleeps % SLEEPS_PER_ASK == 2 && askAbout(address)) continue
    // The flag tells the owner to wake us. It can only be set while the word says LOCKED, and unlock takes flag and
    // lock away in one exchange: either unlock sees the flag, or this fails, or wait32 finds another word.
    const flagged = word | WAITERS
    if (word == flagged || atomic.cmpxchg<u32>(address, word, flagged) == word) {
      checkpoint(Checkpoint.WaiterFlagged)
      atomic.wait<i32>(address, flagged, SLEEP_NS)
    }
  }
  return giveUp(me().sleptOn)
}

function spinUntilUnlock(address: u32): bool {
  let first = loadLock(address) & ~WAITERS
  for (let spins: u32 = 0; spins < patience(SPINS_WITHOUT_SLEEP); spins++) {
    const word = loadLock(address)
    if (!(word & LOCKED)) return true
    if ((word & ~WAITERS) != first) {
      first = word & ~WAITERS
      spins = 0
    }
    checkpoint(Checkpoint.LockAwaited)
    if (spins % patience(SPINS_PER_ASK) == patience(SPINS_PER_ASK) - 1) askAbout(address)
  }
  return giveUp(first)
}

/** Asks whether the owner is alive, in this thread, and calls whoever else may know. Whether it was recovered. */
function askAbout(address: u32): bool {
  const owner = ownerOf(loadLock(address))
  if (!owner) return true
  if (recoverIfDead(owner)) return true
  atomic.add<u32>(ASKED, 1)
  atomic.notify(ASKED, -1)
  return false
}

function giveUp(word: u32): bool {
  if (scratch) results().owner = word >> FIELD_SHIFT // who attaches may have none yet
  hasGivenUp = true
  return false
}
