import { cacheOf, Control } from './cache'

/**
 * What was removed of a cache, for those who listen: a segment of its own, made when somebody does for the first time. Removals are
 * numbered; each has a place, the lowest bits of its number, and so many words of the store behind the places, which go round.
 *
 *     0        head      the next number, and where in the store it begins
 *     64       tail      the oldest number that is still there, and where it begins
 *     128      dropped   how many there was no room for
 *     192      sleep     1: somebody sleeps on it
 *     256      places    [4096] of 16 bytes: number 4, cause 4 (0: being written), begin 4, thread 1, cause 1, words 2
 *     65792    store     [32768] words of 8 bytes: key and value in the format of a batch (iterate.ts)
 */
export const REMOVAL_HEAD: u32 = 0
export const REMOVAL_TAIL: u32 = 64
export const DROPPED: u32 = 128
export const SLEEP: u32 = 192
const PLACES: u32 = 256
export const PLACE_COUNT: u32 = 4096
const STORE: u32 = PLACES + (PLACE_COUNT << 4)
export const STORE_WORDS: u32 = 32768
export const REMOVALS_BYTES: u32 = STORE + (STORE_WORDS << 3)
/** Larger ones have no room. */
export const MOST_WORDS: u32 = STORE_WORDS / 2

/** Causes, and their bits in a mask. */
export const EVICTED: u32 = 1
export const EXPIRED: u32 = 2
export const REPLACED_BY: u32 = 3
export const DELETED_BY: u32 = 4
export const ALL_CAUSES: u32 = 30

@inline
export function causeBit(cause: u32): u32 {
  return 1 << cause
}

// ---- A number and a place in the store, in one word ----

@inline
export function markOf(number: u32, begin: u32): u64 {
  return u64(number) | (u64(begin) << 32)
}

@inline
export function numberIn(mark: u64): u32 {
  return u32(mark)
}

@inline
export function beginIn(mark: u64): u32 {
  return u32(mark >> 32)
}

// ---- Places ----

@inline
export function placeAt(ring: u32, number: u32): u32 {
  return ring + PLACES + ((number & (PLACE_COUNT - 1)) << 4)
}

/** Where a word of the store lies. */
@inline
export function storeAt(ring: u32, word: u32): u32 {
  return ring + STORE + ((word & (STORE_WORDS - 1)) << 3)
}

/** Number and cause of what is in a place. Pairs with the stores of enter and publish in removals.ts. */
@inline
export function loadStamp(place: u32): u64 {
  return atomic.load<u64>(place)
}

/** Where it begins in the store; and its thread, cause and words. Plain: with the stamp they are there. */
@inline
export function storeOrigin(place: u32, begin: u32, thread: u32, cause: u32, words: u32): void {
  store<u32>(place, begin, 8)
  store<u32>(place, thread | (cause << 8) | (words << 16), 12)
}

@inline
export function beginAt(place: u32): u32 {
  return load<u32>(place, 8)
}

@inline
export function threadAt(place: u32): u32 {
  return load<u32>(place, 12) & 0xff
}

@inline
export function causeAt(place: u32): u32 {
  return (load<u32>(place, 12) >> 8) & 0xff
}

@inline
export function wordsAt(place: u32): u32 {
  return load<u32>(place, 12) >> 16
}

/** Address of the ring of a cache, 0: nobody has listened yet. Pairs with the store of makeRing in cache/listen.ts. */
@inline
export function ringOf(stripe: u32): u32 {
  return atomic.load<u32>(cacheOf(stripe).control, offsetof<Control>('ring'))
}

/** The causes that somebody listens for. Pairs with the store of tellCauses in cache/listen.ts. */
@inline
export function causesOf(stripe: u32): u32 {
  return atomic.load<u32>(cacheOf(stripe).control, offsetof<Control>('causes'))
}
