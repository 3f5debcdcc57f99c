import { CollectionRecord, OWN, OWN_LINES } from '../../../layout/record'
import { isMineOf, Stripe } from '../../../layout/stripe'

/**
 * A queue, in a collection's record: a ring of words, each a number or a block, as the values of a map are. Positions only rise;
 * item p lies in slot p & mask. What lies between head and tail are the items; who pushes holds the lock of the tail, who pops
 * that of the head, so the two ends do not wait for each other.
 *
 *     36    ring, mask, capacity, closed      read by all, written once (closed: twice)
 *     64    who waits                         for each end: how many, and the word that they sleep on; whether one is called; see wait.ts
 *     768   lock, tail, the head as it was seen last
 *     896   lock, head, the tail as it was seen last; what was received, and what came back of it: see batch.ts
 */
@unmanaged
@final
export class Queue extends CollectionRecord {
  ring: u32
  /** Slots, a power of two, less one. */
  mask: u32
  /** How many items there may be between head and tail. */
  capacity: u32
  /** 1: nothing is pushed any more. Written under the lock of the tail. */
  closed: u32
}

/** Which structure it is. */
export const QUEUE: u32 = 4

/** The most items that a queue can be made for. */
export const MOST_ITEMS: u32 = 1 << 24
export const DEFAULT_ITEMS: u32 = 1024

/** Who pushes. */
@unmanaged
@final
export class Tail {
  lock: u32
  padding: u32
  /** The position that the next item gets. */
  position: u64
  /** A head that there was: as long as it leaves room nobody has to look at the other one's cache line. */
  seenHead: u64
}

/** Who pops. All but `back` and `position` under the lock alone. */
@unmanaged
@final
export class Head {
  lock: u32
  /** Items in the batches that came back. */
  back: u32
  /** The position of the first item. */
  position: u64
  seenTail: u64
  /** The batches that somebody has received, the newest first. */
  held: u32
  /** The batches that came back, the first items first. */
  returned: u32
}

const TAIL: u32 = OWN_LINES
const HEAD: u32 = OWN_LINES + 128
const WAITS: u32 = OWN

@inline
export function queueAt(record: u32): Queue {
  return changetype<Queue>(record)
}

@inline
export function tailOf(record: u32): Tail {
  return changetype<Tail>(record + TAIL)
}

@inline
export function headOf(record: u32): Head {
  return changetype<Head>(record + HEAD)
}

/** Address of the lock of each end. */
@inline
export function tailLock(record: u32): u32 {
  return record + TAIL
}

@inline
export function headLock(record: u32): u32 {
  return record + HEAD
}

// ---- Positions: each is written by the holder of its lock, and read by the other end ----

@inline
export function tailWord(record: u32): u32 {
  return record + TAIL + u32(offsetof<Tail>('position'))
}

@inline
export function headWord(record: u32): u32 {
  return record + HEAD + u32(offsetof<Head>('position'))
}

/** Pairs with publishTail in push.ts: who sees a position sees the items before it. */
@inline
export function loadTail(record: u32): u64 {
  return atomic.load<u64>(tailWord(record))
}

/** Pairs with publishHead in take.ts: who sees a position may fill the slots before it anew. */
@inline
export function loadHead(record: u32): u64 {
  return atomic.load<u64>(headWord(record))
}

/** Address of the slot of a position. */
@inline
export function slotAt(record: u32, position: u64): u32 {
  return queueAt(record).ring + ((u32(position) & queueAt(record).mask) << 3)
}

@inline
export function ringBytes(record: u32): u32 {
  return (queueAt(record).mask + 1) << 3
}

/** Pairs with the store of closeQueue in push.ts: who sees it sees every item that there will be. */
@inline
export function isClosed(record: u32): bool {
  return atomic.load<u32>(record, offsetof<Queue>('closed')) != 0
}

// ---- Who waits ----

/** Which end: those who wait for items, and those who wait for room. */
export const CONSUMERS: u32 = 0
export const PRODUCERS: u32 = 1

/** How many wait at this end, as far as is known: see wait.ts. */
@inline
export function waitersWord(record: u32, end: u32): u32 {
  return record + WAITS + (end << 3)
}

/** What they sleep on. */
@inline
export function signalWord(record: u32, end: u32): u32 {
  return record + WAITS + 4 + (end << 3)
}

/** Whether one of them has been woken and is not awake yet. */
@inline
export function calledWord(record: u32, end: u32): u32 {
  return record + WAITS + 16 + (end << 2)
}

/** Where TypeScript finds the signals. */
export const SIGNALS: u32 = WAITS + 4

/** What a thread keeps for a queue: how often it waits at each end. */
@unmanaged
@final
export class QueueStripe extends Stripe {
  forItems: u32
  forRoom: u32
}

@inline
export function isQueue(stripe: u32): bool {
  return isMineOf(stripe, QUEUE)
}
