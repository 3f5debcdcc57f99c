import { BLOCK_HEADER_BYTES, blockBytes } from '../../../layout/block'
import { MAX_CLASS_BYTES, UNIT_SHIFT } from '../../../layout/limits'
import { addressOf, isBlock, Word } from '../../../layout/word'
import { ensureReach } from '../../../sync/reach'
import { classBytes, classOf } from '../../../memory/classes'
import { unitsFor } from '../../../memory/runs'
import { note32, note64 } from '../../../sync/journal'
import { bucketOf, indexOf, SlotRef, tagAt, withTag } from './bucket'

/**
 * A wide bucket: that of a cache, whose entries have a use and a time beside key and value. Heads and overflow buckets alike.
 *
 *     0                        144        152             184             192        200
 *     +------------------------+----------+---------------+---------------+----------+
 *     | a bucket, as in a map  | uses 0..7| times 0..7,   | times 0..7,   | ghosts   |
 *     |                        |          | low 32 bits   | high 8 bits   |          |
 *     +------------------------+----------+---------------+---------------+----------+
 *
 * uses    a byte each: how often it was asked for (2 bits), SMALL, PASSED. Hints: who reads raises them by plain stores, without
 *         a lock, in heads only, because an overflow bucket can become anything. One that is lost or misplaced costs a hit at most
 * times   the moment at which the entry is no more, in 40 bits: milliseconds since the first moment that any thread has seen
 *         (live.ts); NEVER: all ones. Data of an optimistic read, like the value. The high bits are a word, as the tophash bytes are
 * ghosts  (head only: an overflow bucket ends before them) tags of what left the small part unasked for, the newest lowest; 0:
 *         none. Hints likewise, under the lock
 *
 * In a cache that was made with `idle` each entry can end some time after its last use as well:
 *
 *     200                       264                       296
 *     +-------------------------+-------------------------+
 *     | idle ends 0..7          | idles 0..7              |
 *     +-------------------------+-------------------------+
 *
 * idle ends   the moment at which it ends unless it is used before, as a time; with FIXED somebody has seen that it has. See live.ts
 * idles       how long it lives unused: 27 bits of milliseconds, and 5 of an exponent of 2 below them; 0: for ever. Under the lock
 */
export const WIDE_BUCKET_BYTES: u32 = 200
/** The size class of 192 bytes, whose blocks are aligned to 32: see memory/classes.ts. */
export const WIDE_CLASS: u32 = 16
export const IDLE_BUCKET_BYTES: u32 = 296
/** Of 320 bytes. */
export const IDLE_CLASS: u32 = 19
/** The largest bucket of all. */
export const MOST_BUCKET_BYTES: u32 = IDLE_BUCKET_BYTES

export const USES: u32 = 144
const TIMES: u32 = 152
const HIGH_TIMES: u32 = 184
const GHOSTS: u32 = 192
const IDLE_ENDS: u32 = 200
const IDLES: u32 = 264

// ---- Uses ----

export const MOST_USES: u32 = 3
/** In the small part: it leaves when its hash comes out of the ring, unless it was asked for. */
export const SMALL: u32 = 4
/** The hand has passed it while it was small: the ring may have lost it. */
export const PASSED: u32 = 8

@inline
function useAt(ref: SlotRef): u32 {
  return bucketOf(ref) + USES + indexOf(ref)
}

@inline
export function loadUse(ref: SlotRef): u32 {
  return load<u8>(useAt(ref))
}

@inline
export function storeUse(ref: SlotRef, use: u32): void {
  store<u8>(useAt(ref), use)
}

/** Says that an entry was asked for. */
@inline
export function raiseUse(ref: SlotRef): void {
  const use = loadUse(ref)
  if ((use & MOST_USES) < MOST_USES) storeUse(ref, use + 1)
}

// ---- Ghosts ----

/** Of eight bytes: with six a loop that is twice as long as the cache hits more often. */
const GHOST_MASK: u64 = 0xffff_ffff_ffff

/** The byte by which a hash is known again: other bits than the tophash byte's and the first 17 of the index. */
function ghostOf(hash: u32): u64 {
  const tag = u64((hash >> 17) & 0xff)
  return tag ? tag : 1
}

export function addGhost(head: u32, hash: u32): void {
  store<u64>(head, ((load<u64>(head, GHOSTS) << 8) | ghostOf(hash)) & GHOST_MASK, GHOSTS)
}

/** Takes the ghost of a hash out. Whether there was one. */
export function takeGhost(head: u32, hash: u32): bool {
  const ghosts = load<u64>(head, GHOSTS)
  const tag = ghostOf(hash)
  for (let shift: u64 = 0; shift < 48; shift += 8) {
    if (((ghosts >> shift) & 0xff) != tag) continue
    const below = ghosts & ((u64(1) << shift) - 1)
    store<u64>(head, below | ((ghosts >> (shift + 8)) << shift), GHOSTS)
    return true
  }
  return false
}

/** A head that was split: the ghosts may be of either. */
export function copyGhosts(child: u32, parent: u32): void {
  store<u64>(child, load<u64>(parent, GHOSTS), GHOSTS)
}

// ---- Times ----

export const NEVER: u64 = 0xff_ffff_ffff
/** Of what ends at all nothing ends later, which is 34 years after the first moment: the time before NEVER. */
const LAST: f64 = 1099511627774

/** The moment so many milliseconds after another, rounded up, as a time; not later than the last. (Processors convert signed integers.) */
export function timeAfter(moment: u64, ms: f64): u64 {
  return u64(i64(min<f64>(max<f64>(Math.ceil(f64(i64(moment)) + ms), 0), LAST)))
}

@inline
function lowTime(ref: SlotRef): u32 {
  return bucketOf(ref) + TIMES + (indexOf(ref) << 2)
}

/** Both parts within one optimistic read. Pairs with storeTime, or by way of the tophash word with fillSide. */
@inline
export function loadTime(ref: SlotRef): u64 {
  const high = tagAt(atomic.load<u64>(bucketOf(ref), HIGH_TIMES), indexOf(ref))
  return (high << 32) | u64(atomic.load<u32>(lowTime(ref)))
}

/** Notes a slot's time. */
export function noteTime(ref: SlotRef): void {
  note32(lowTime(ref))
  note64(bucketOf(ref) + HIGH_TIMES)
}

/** Gives an entry that others see another time, which was noted. Holds the chain's lock. */
export function storeTime(ref: SlotRef, time: u64): void {
  const bucket = bucketOf(ref)
  atomic.store<u32>(lowTime(ref), u32(time))
  atomic.store<u64>(bucket, withTag(atomic.load<u64>(bucket, HIGH_TIMES), indexOf(ref), time >> 32), HIGH_TIMES)
}

/** Writes what is beside an empty slot: its own bytes only. No reader looks there until storeTophash. */
@inline
export function fillSide(ref: SlotRef, use: u32, time: u64): void {
  storeUse(ref, use)
  store<u32>(lowTime(ref), u32(time))
  store<u8>(bucketOf(ref) + indexOf(ref), u32(time >> 32), HIGH_TIMES)
}

/** The same, of what was beside another slot; whether entries have idle times. */
export function copySide(to: SlotRef, from: SlotRef, isIdle: bool): void {
  fillSide(to, loadUse(from), loadTime(from))
  if (!isIdle) return
  storeIdleEnd(to, loadIdleEnd(from))
  storeIdle(to, loadIdle(from))
}

// ---- Idle times ----

/** With the moment at which an entry ends unused: somebody has seen that it has. No moment has this bit, the sign. */
export const FIXED: u64 = 0x8000_0000_0000_0000

/** Address of the moment at which an entry ends unless it is used, to be noted. */
@inline
export function idleEndWord(ref: SlotRef): u32 {
  return bucketOf(ref) + IDLE_ENDS + (indexOf(ref) << 3)
}

/** Pairs with storeIdleEnd, prolong and fix in live.ts. */
@inline
export function loadIdleEnd(ref: SlotRef): u64 {
  return atomic.load<u64>(idleEndWord(ref))
}

/** Holds the chain's lock, or nobody sees the entry yet. */
@inline
export function storeIdleEnd(ref: SlotRef, end: u64): void {
  atomic.store<u64>(idleEndWord(ref), end)
}

@inline
export function idleWord(ref: SlotRef): u32 {
  return bucketOf(ref) + IDLES + (indexOf(ref) << 2)
}

/** Pairs with storeIdle. */
@inline
export function loadIdle(ref: SlotRef): u32 {
  return atomic.load<u32>(idleWord(ref))
}

@inline
export function storeIdle(ref: SlotRef, idle: u32): void {
  atomic.store<u32>(idleWord(ref), idle)
}

const MOST_IDLE_MS: f64 = 134217727 // 27 bits
/** From here on, some ten million years, it is for ever. */
const FOREVER_MS: f64 = 288230376151711744 // 2^58

/** As it is stored, rounded up; 0: for ever. */
export function idleOfMs(ms: f64): u32 {
  if (!(ms < FOREVER_MS)) return 0
  let exponent: u32 = 0
  let whole = Math.ceil(ms)
  for (; whole > MOST_IDLE_MS; exponent++) whole = Math.ceil(whole / 2)
  return (u32(whole) << 5) | exponent
}

export function msOfIdle(idle: u32): f64 {
  return f64(idle >> 5) * f64(u64(1) << (idle & 31))
}

// ---- What an entry takes, in units of 8 bytes: its slot, and the blocks of its key and its value ----

export const SLOT_UNITS: u32 = 2

/** Of the block with this meta word: what the allocator gives it. */
export function unitsOfMeta(meta: u32): u32 {
  const bytes = blockBytes(meta)
  return (bytes > MAX_CLASS_BYTES ? unitsFor(bytes) << UNIT_SHIFT : classBytes(classOf(bytes))) >> 3
}

/** Of a key's or value's word that this thread may look at: its own, or one under the lock. */
export function unitsOfWord(word: Word, isBoxedKind: bool): u32 {
  if (!isBoxedKind || !isBlock(word)) return 0
  const block = addressOf(word)
  ensureReach(block + BLOCK_HEADER_BYTES)
  return unitsOfMeta(load<u32>(block))
}
