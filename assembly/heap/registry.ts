import * as cache from '../structures/cache/hooks'
import * as bitset from '../structures/bitset/hooks'
import * as hashmap from '../structures/hashmap/hooks'
import * as queue from '../structures/queue/hooks'
import { CollectionRecord } from '../layout/record'
import { BITSET } from '../structures/bitset/layout/bitset'
import { QUEUE } from '../structures/queue/layout/queue'
import { CACHE, HASH_MAP } from '../structures/hashmap/layout/table'

/**
 * The registry: the only place that knows which structures there are. A structure answers these questions, in its hooks.ts; a
 * switch each, because a table of functions would need a data segment. One that has nothing to say has no case.
 *
 * A new structure takes the next number, and a row in each switch that concerns it. The first words of its records are the
 * common ones, its own begin as zeroes; a zero record is sound.
 */

/** Whether there is a structure of this number. */
export function isStructure(structure: u32): bool {
  return structure == HASH_MAP || structure == BITSET || structure == QUEUE || structure == CACHE
}

/** The structure of the table of names. */
export const NAMES: u32 = HASH_MAP

@inline
function structureOf(record: u32): u32 {
  return changetype<CollectionRecord>(record).structure
}

/** Whether a record's own words are such as the structure can have written: no index in them leads anywhere else. */
export function isSound(record: u32): bool {
  switch (structureOf(record)) {
    case 0: return true // never used
    case HASH_MAP: return hashmap.isSound(record)
    case CACHE: return cache.isSound(record)
    case BITSET: return true // any words do
    case QUEUE: return queue.isSound(record)
    default: return false
  }
}

/** Makes a record, whose own words are 0, a collection with this room. Its memory is in SEGMENT_HAND. False: there is none. */
export function make(record: u32, capacity: f64): bool {
  switch (structureOf(record)) {
    case HASH_MAP: return hashmap.make(record, capacity)
    case CACHE: return cache.make(record, capacity)
    case BITSET: return bitset.make(record, capacity)
    case QUEUE: return queue.make(record, capacity)
    default: return false
  }
}

/** Prepares a stripe for the thread that opens the collection, under the pool lock: its own words, and what must be in reach. */
export function openStripe(stripe: u32, record: u32): void {
  switch (structureOf(record)) {
    case HASH_MAP: hashmap.openStripe(stripe); break
    case CACHE: cache.openStripe(stripe); break
    case QUEUE: queue.openStripe(record); break
  }
}

/** The thread of this stripe is about to let go of the collection: what it has of it goes back. False: a lock is not to be had. */
export function leaveStripe(stripe: u32, record: u32): bool {
  switch (structureOf(record)) {
    case CACHE: return cache.leaveStripe(stripe)
    case QUEUE: return queue.leaveStripe(stripe)
    default: return true
  }
}

// ---- Recovery, in this order, in the name of the thread that died. `record` is the one that it locked last. ----

/** Puts in order what a lock of this collection guards, which the thread holds still (0: none), before it is let go. */
export function repairLocked(record: u32, lock: u32): void {
  switch (structureOf(record)) {
    case QUEUE: queue.repairLocked(record, lock); break
    case HASH_MAP: case CACHE: hashmap.repairLocked(record, lock); break
  }
}

/** Says of what is in SEGMENT_HAND whether it has become the collection's: then the hand is emptied. */
export function settleMade(record: u32): void {
  switch (structureOf(record)) {
    case HASH_MAP: case CACHE: hashmap.settleMade(); break
    case BITSET: bitset.settleMade(); break
  }
}

/** Gives back what was taken out of the collection. No word of the structure's part of the journal is set after it. */
export function settleFreed(record: u32): void {
  switch (structureOf(record)) {
    case QUEUE: queue.settleFreed(record); break
    case HASH_MAP: case CACHE: hashmap.settleFreed(record); break
  }
}

/** This instance was thrown out of an operation: what it remembers of that in its own variables is void. Of all structures. */
export function forget(): void {
  hashmap.forget()
  cache.forget()
}

// ---- Deletion ----

/** Takes everything out of a collection that is being deleted, so that nobody finds anything. False: a lock is not to be had. */
export function empty(record: u32): bool {
  switch (structureOf(record)) {
    case QUEUE: return queue.empty(record)
    case HASH_MAP: case CACHE: return hashmap.empty(record)
    default: return true
  }
}

/**
 * Under the pool lock: notes and frees a part of the collection's memory, which is one segment at most. Whether it was the last.
 */
export function noteFreed(record: u32): bool {
  switch (structureOf(record)) {
    case HASH_MAP: return hashmap.noteFreed(record)
    case CACHE: return cache.noteFreed(record)
    case BITSET: return bitset.noteFreed(record)
    case QUEUE: return queue.noteFreed(record)
    default: return true
  }
}

// ---- Check, while nobody writes ----

/** Tallies the memory that the collection is made of. What its entries take is tallied by check(). */
export function tally(record: u32): void {
  switch (structureOf(record)) {
    case HASH_MAP: hashmap.tally(record); break
    case CACHE: cache.tally(record); break
    case BITSET: bitset.tally(record); break
    case QUEUE: queue.tally(record); break
  }
}

/** 0, or which promise of the structure is broken, with results().address near the place. Tallies what the entries take. */
export function check(record: u32): i32 {
  switch (structureOf(record)) {
    case HASH_MAP: return hashmap.check(record)
    case CACHE: return cache.check(record)
    case BITSET: return bitset.check(record)
    case QUEUE: return queue.check(record)
    default: return 0
  }
}

// ---- The table of names ----

/** Whether one of the names stands for this number: 1 or 0; negative on failure. */
export function hasName(stripe: u32, value: f64): i32 {
  return hashmap.hasValue(stripe, value)
}
