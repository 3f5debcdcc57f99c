import { BOXED_KEYS, BOXED_VALUES, WIDE } from '../../layout/record'
import { hasFlag } from '../../layout/stripe'
import { stepAside, stepBack } from '../../layout/thread'
import { Word } from '../../layout/word'
import { clock } from '../../sync/clock'
import { Checkpoint, checkpoint } from '../../sync/checkpoint'
import { note64 } from '../../sync/journal'
import { loadKey, loadValue, SlotRef } from './layout/bucket'
import { cacheOf, CacheStripe, CLOCK, Control, controlOf, credits, entriesOf } from './layout/cache'
import {
  fillSide, loadTime, loadUse, NEVER, raiseUse, SLOT_UNITS, SMALL, storeTime, storeUse, takeGhost, timeWord, unitsOfWord,
} from './layout/wide'

// What the operations of a map do more where its entries end: a cache's, whose stripes have the flag WIDE. An entry that has
// ended is none for whoever asks, from that moment on; its memory comes back later. Who writes decides that under the lock.

// ---- The clock ----

/**
 * Now, in whole milliseconds, as a time, on one clock for all threads, which never goes back: whoever has seen a moment has
 * entered it.
 */
export function nowOf(stripe: u32): u64 {
  stepAside() // the clock can be the program's, and a chain is locked
  const now = Math.floor(clock(-f64(stripe)))
  stepBack()
  const own = now > 0 && now < Infinity ? reinterpret<u64>(now) : 0 // NaN: nobody can say
  const address = cacheOf(stripe).control + CLOCK
  while (true) {
    const seen = atomic.load<u64>(address)
    if (own <= seen) return seen
    if (atomic.cmpxchg<u64>(address, seen, own) == seen) return own
  }
  return own
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
  wasOver = isOver(stripe, loadTime(ref))
  return wasOver
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
  return reinterpret<u64>(max<f64>(reinterpret<f64>(nowOf(stripe)) + shortened, 0)) // 0 or more, whatever was asked for
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
export function fillNewSide(ref: SlotRef): void {
  fillSide(ref, newUse, newTime)
}

/** Under the lock: an entry is about to get another value, and a time with it. */
export function noteRenewed(stripe: u32, ref: SlotRef, value: Word): void {
  const isNew = lookedAt == ref ? wasOver : isOver(stripe, loadTime(ref))
  if (controlOf(stripe).isCounted) {
    const key = loadKey(ref)
    noteCredit(stripe, credits(0, unitsOfEntry(stripe, key, loadValue(ref))) - credits(0, unitsOfEntry(stripe, key, value)))
  }
  note64(timeWord(ref))
  if (isNew || !cacheOf(stripe).keepsTime) storeTime(ref, timeOfNew(stripe))
  if (isNew) storeUse(ref, loadUse(ref) & SMALL)
  else raiseUse(ref)
}

/** Whether what is to be written may not be: its load was overtaken by another write to its key. */
@inline
export function isOvertaken(stripe: u32): bool {
  const lease = cacheOf(stripe).lease
  return lease != 0 && atomic.load<u32>(lease) != cacheOf(stripe).leaseWord
}
