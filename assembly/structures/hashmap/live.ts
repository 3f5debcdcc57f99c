import { BOXED_KEYS, BOXED_VALUES, IDLE, KEEPS_TIMES, WIDE } from '../../layout/record'
import { hasFlag } from '../../layout/stripe'
import { stepAside, stepBack } from '../../layout/thread'
import { Word } from '../../layout/word'
import { clock } from '../../sync/clock'
import { Checkpoint, checkpoint } from '../../sync/checkpoint'
import { note32, note64 } from '../../sync/journal'
import { loadKey, loadValue, SlotRef } from './layout/bucket'
import { cacheOf, CacheStripe, CLOCK, controlOf, credits, entriesOf, FIRST_MOMENT, leaseOf, USUAL_IDLE } from './layout/cache'
import {
  fillSide, FIXED, idleEndWord, idleWord, loadIdle, loadIdleEnd, loadTime, loadUse, msOfIdle, NEVER, noteTime, raiseUse, SLOT_UNITS, SMALL,
  storeIdle, storeIdleEnd, storeTime, storeUse, takeGhost, timeAfter, unitsOfWord,
} from './layout/wide'

// What the operations of a map do more where its entries end: a cache's, whose stripes have the flag WIDE. An entry that has
// ended is none for whoever asks, from that moment on; its memory comes back later. Who writes decides that under the lock.

// ---- The clock ----

/**
 * Now, in whole milliseconds since the first moment that any thread has seen, on one clock for all threads, which never goes back:
 * whoever has seen a moment has entered it.
 */
export function nowOf(stripe: u32): u64 {
  latest = lookAtClock(stripe)
  return latest
}

/** What nowOf() has said last: for who has just asked. */
let latest: u64 = 0

/** What a double counts exactly. */
const MOST_MS: f64 = 9007199254740991

function lookAtClock(stripe: u32): u64 {
  stepAside() // the clock can be the program's, and a chain is locked
  const now = Math.floor(clock(-f64(stripe)))
  stepBack()
  const address = cacheOf(stripe).control + CLOCK
  const own = now >= 0 && now < Infinity ? sinceFirst(stripe, now) : 0 // NaN: nobody can say
  while (true) {
    const seen = atomic.load<u64>(address)
    if (own <= seen) return seen
    if (atomic.cmpxchg<u64>(address, seen, own) == seen) return own
  }
  return own
}

/** Milliseconds from the first moment, which this one is if there was none, to this one; 0 if that is earlier. */
function sinceFirst(stripe: u32, now: f64): u64 {
  const own = u64(i64(min<f64>(now, MOST_MS))) + 1 // 0: there was none
  const address = cacheOf(stripe).control + FIRST_MOMENT
  let first = atomic.load<u64>(address)
  if (!first) first = atomic.cmpxchg<u64>(address, 0, own) || own
  return own > first ? own - first : 0
}

/** Whether an entry with this time has ended. */
@inline
export function isOver(stripe: u32, time: u64): bool {
  return time < NEVER && time <= nowOf(stripe)
}

/** Whether there is an entry in this slot, which is locked, that has ended. */
@inline
export function isDead(stripe: u32, ref: SlotRef): bool {
  return hasFlag(stripe, WIDE) && ref != 0 && look(stripe, ref)
}

// What the operation has found when it looked at its entry, which holds until it is over: the clock goes on meanwhile.
let lookedAt: SlotRef = 0
let wasOver: bool = false

function look(stripe: u32, ref: SlotRef): bool {
  lookedAt = ref
  wasOver = isOver(stripe, loadTime(ref)) || (hasFlag(stripe, IDLE) && fixIfIdle(stripe, ref))
  return wasOver
}

/** The same as the operation has found it, if it has looked. */
export function wasDead(stripe: u32, ref: SlotRef): bool {
  return lookedAt == ref ? wasOver : look(stripe, ref)
}

/** The same for who looks without a lock, at what may be none: nothing is fixed, see below. */
@inline
export function isSeenDead(stripe: u32, ref: SlotRef): bool {
  return hasFlag(stripe, WIDE) && isOver(stripe, endOf(stripe, ref))
}

// ---- Idle times ----
//
// An entry that has one ends at `idle end`, which uses push on: a use at `now` sees to it that idle end >= now + idle. So as not to
// write with each, it is pushed further than that, to now + idle + idle / 16: it ends never earlier than `idle` after its last
// use, and at most a 16th of that later.
//
// A read pushes it without a lock, if it has found the entry in a head: by a compare-and-swap from the end that it has read within its
// two looks at the lock word. Heads stay heads, so it changes nothing else; and it looks at the lock word once more
// afterwards. If that has not changed, whoever locks the chain later, to move the entry or to write to it, sees the new end. If it has,
// the push may be lost with what was moved, and is made again under the lock; by a key that is known by its block (known.ts) if it is known
// still, and else the read begins anew. An entry that has taken the other's place
// meanwhile, and ends at the same moment, counts as used, too: it lives longer by that.
//
// What has ended must not come back: a read can be held up between its looks and its push, while others find the entry absent. So who
// finds that it has ended, and does not remove it, fixes the end, by a compare-and-swap too (FIXED): of the two only one succeeds. That
// says of an end in the past that it is one, which is so of whatever entry is there. Without a lock it is done in
// heads only, as a push is; in overflow buckets both take the lock.

/** The moment at which an entry ends. */
@inline
export function endOf(stripe: u32, ref: SlotRef): u64 {
  const time = loadTime(ref)
  return hasFlag(stripe, IDLE) ? min<u64>(time, loadIdleEnd(ref) & ~FIXED) : time
}

/** What a use at this moment makes of the end of an entry with such an idle time. */
function endAfter(now: u64, idle: u32): u64 {
  if (!idle) return NEVER
  const ms = msOfIdle(idle)
  return timeAfter(now, ms + Math.floor(ms / 16))
}

/** Whether an end is too early for a use at this moment. */
@inline
function isDue(end: u64, now: u64, idle: u32): bool {
  return idle != 0 && !(end & FIXED) && end < timeAfter(now, msOfIdle(idle))
}

/** Whether a read of an entry with this end and idle time, both as it was read, which has just asked for the time, has to push it. */
export function isPushDue(end: u64, idle: u32): bool {
  return isDue(end, latest, idle)
}

/** Pushes the end of an entry in a head, unless it has changed: pairs with fix, and with loadIdleEnd under the lock. */
export function push(ref: SlotRef, end: u64, idle: u32): void {
  checkpoint(Checkpoint.EndSeen)
  atomic.cmpxchg<u64>(idleEndWord(ref), end, endAfter(latest, idle))
  checkpoint(Checkpoint.EndPushed)
}

/** Says of an end in the past that it is fixed. False: it has changed. Pairs with push. */
export function fix(ref: SlotRef, end: u64): bool {
  return (end & FIXED) != 0 || atomic.cmpxchg<u64>(idleEndWord(ref), end, end | FIXED) == end
}

/** Under the lock: whether an entry has ended unused. Then it stays so. */
function fixIfIdle(stripe: u32, ref: SlotRef): bool {
  while (true) {
    const end = loadIdleEnd(ref)
    if (!isOver(stripe, end & ~FIXED)) return false
    if (fix(ref, end)) return true
  }
  return false
}

/** Under the lock: an entry that has not ended is used. The end is only pushed on: that need not be undone. */
export function useLocked(stripe: u32, ref: SlotRef): void {
  raiseUse(ref)
  if (!hasFlag(stripe, IDLE)) return
  const idle = loadIdle(ref)
  const now = nowOf(stripe)
  if (isDue(loadIdleEnd(ref), now, idle)) storeIdleEnd(ref, endAfter(now, idle))
}

/** The idle time of what is written now. */
function idleOfNew(stripe: u32): u32 {
  const next = cacheOf(stripe).nextIdle
  const idle = next != USUAL_IDLE ? next : controlOf(stripe).idle
  if (idle && !controlOf(stripe).hasTimes) controlOf(stripe).hasTimes = 1
  return idle
}

function fillIdle(stripe: u32, ref: SlotRef): void {
  const idle = idleOfNew(stripe)
  storeIdle(ref, idle)
  storeIdleEnd(ref, endAfter(nowOf(stripe), idle))
}

let random: u32 = 0x9e3779b9

/** A number from 0 to 1, for what need not be random but different. */
function drawn(): f64 {
  random ^= random << 13
  random ^= random >> 17
  random ^= random << 5
  return f64(random) / 4294967296.0
}

/** The end of what is written now. */
export function timeOfNew(stripe: u32): u64 {
  const control = controlOf(stripe)
  const next = cacheOf(stripe).nextTtl
  const ttl = next == next ? next : control.ttl
  if (!(ttl < Infinity)) return NEVER
  if (!control.hasTimes) control.hasTimes = 1
  const shortened = control.jitter > 0 ? ttl * (1 - control.jitter * drawn()) : ttl
  return timeAfter(nowOf(stripe), shortened)
}

// ---- Credits: see cache/credits.ts. They change with the entries, in one commit. ----

/** Address of this thread's credits, to be noted. */
@inline
export function creditWord(stripe: u32): u32 {
  return stripe + u32(offsetof<CacheStripe>('credit'))
}

/** Notes, and adds: as 64 bits, of which each half stays what it is. */
export function noteCredit(stripe: u32, by: u64): void {
  note64(creditWord(stripe))
  cacheOf(stripe).credit += by
  checkpoint(Checkpoint.Counted)
}

/** Units of an entry that is locked, or of a new one. */
export function unitsOfEntry(stripe: u32, key: Word, value: Word): u32 {
  if (!controlOf(stripe).isCounted) return 0
  return SLOT_UNITS + unitsOfWord(key, hasFlag(stripe, BOXED_KEYS)) + unitsOfWord(value, hasFlag(stripe, BOXED_VALUES))
}

/** Under the lock: an entry is about to be removed. What it took is this thread's. */
export function noteRefund(stripe: u32, key: Word, value: Word): void {
  noteCredit(stripe, credits(1, unitsOfEntry(stripe, key, value)))
}

// ---- New entries ----

/** What the side of the next slot gets that is filled. */
let newUse: u32 = 0
let newTime: u64 = 0
/** Whether the last operation has made an entry, in the small part. */
export let madeSmall: bool = false
export let hasMade: bool = false

export function forgetMade(): void {
  madeSmall = false
  hasMade = false
  lookedAt = 0
}

/** Whether there is a credit for one more entry. */
@inline
export function hasCredit(stripe: u32): bool {
  return entriesOf(cacheOf(stripe).credit) != 0
}

/** Under the lock: pays for a new entry, and says what it has beside key and value. */
export function noteNewEntry(stripe: u32, head: u32, hash: u32, key: Word, value: Word): void {
  noteCredit(stripe, -credits(1, unitsOfEntry(stripe, key, value)))
  madeSmall = !takeGhost(head, hash)
  hasMade = true
  newUse = madeSmall ? SMALL : 0
  newTime = timeOfNew(stripe)
}

/** Fills what is beside a new entry. */
export function fillNewSide(stripe: u32, ref: SlotRef): void {
  fillSide(ref, newUse, newTime)
  if (hasFlag(stripe, IDLE)) fillIdle(stripe, ref)
}

/** Under the lock: an entry is about to get another value, and a time with it. */
export function noteRenewed(stripe: u32, ref: SlotRef, value: Word): void {
  const isNew = wasDead(stripe, ref)
  if (controlOf(stripe).isCounted) {
    const key = loadKey(ref)
    noteCredit(stripe, credits(0, unitsOfEntry(stripe, key, loadValue(ref))) - credits(0, unitsOfEntry(stripe, key, value)))
  }
  noteTime(ref)
  const begins = isNew || !hasFlag(stripe, KEEPS_TIMES)
  if (begins) storeTime(ref, timeOfNew(stripe))
  if (begins && hasFlag(stripe, IDLE)) {
    note64(idleEndWord(ref))
    note32(idleWord(ref))
    fillIdle(stripe, ref)
  }
  if (isNew) storeUse(ref, loadUse(ref) & SMALL)
  else useLocked(stripe, ref)
}

/** Whether what is to be written may not be: its load was overtaken by another write to its key. */
@inline
export function isOvertaken(stripe: u32): bool {
  const word = cacheOf(stripe).leaseWord
  return word != 0 && atomic.load<u32>(leaseOf(stripe)) != word
}
