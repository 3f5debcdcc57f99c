import { BOXED_KEYS, BOXED_VALUES, IDLE, isDoomed, KEEPS_TIMES } from '../layout/record'
import { DELETED, INVALID, NO_CREDIT, OUT_OF_MEMORY, OUTDATED, OWNER_UNRESPONSIVE } from '../layout/status'
import { results } from '../layout/scratch'
import { keyOfNumber, Word, wordOfNumber } from '../layout/word'
import { hashNumber } from '../hash/mix'
import { completeKey } from '../memory/contents'
import { giveBack, resize } from '../structures/cache/credits'
import { sweepBuckets } from '../structures/cache/evict'
import { overtakeAll } from '../structures/cache/leases'
import { listen, readRemoval } from '../structures/cache/listen'
import { afford, beginWrite, endWrite, isToBeTried, NO_BLOCK, unitsFor } from '../structures/cache/put'
import { spent } from '../structures/cache/sums'
import { clear } from '../structures/hashmap/clear'
import { BlockKey, KnownKey, WordKey } from '../structures/hashmap/key'
import { knownKey, knownMeta, readKnownMeta } from '../structures/hashmap/known'
import { cacheOf, controlOf, entriesOf, LEASE_COUNT, MOST_CREDITS, USUAL_IDLE } from '../structures/hashmap/layout/cache'
import { ringOf } from '../structures/hashmap/layout/removals'
import { isCache, tableOf } from '../structures/hashmap/layout/table'
import { idleOfMs } from '../structures/hashmap/layout/wide'
import { forgetMade } from '../structures/hashmap/live'
import { failed } from '../structures/hashmap/read'
import { dropValue, newValue } from '../memory/value'
import { increment, remove, set } from '../structures/hashmap/write'
import { isKey, isValue, refused } from './guards'

// A cache. It has the exports of a hash map, which come here with the stripe of a cache (hashmap.ts; generic.ts, where the operands
// are in the scratch page), and those at the end.

export { writeCacheStats } from '../structures/cache/stats'

/** Whether the cache has entries with all of these flags. */
function isCacheWith(stripe: u32, flags: u32): bool {
  return isCache(stripe) && (cacheOf(stripe).flags & flags) == flags
}

// ---- set ----

export function putNumberByNumber(stripe: u32, key: f64, value: f64): i32 {
  if (!isCache(stripe)) return INVALID
  const probe = keyOfNumber(key)
  return put<WordKey>(stripe, probe, hashNumber(probe), NO_BLOCK, wordOfNumber(value), 0, 0)
}

export function putBlockByNumber(stripe: u32, key: f64, valueSource: u32, valueMeta: u32): i32 {
  if (!isCacheWith(stripe, BOXED_VALUES) || !isValue(valueSource, valueMeta)) return INVALID
  const probe = keyOfNumber(key)
  return put<WordKey>(stripe, probe, hashNumber(probe), NO_BLOCK, 0, valueSource, valueMeta)
}

export function putNumberByBlock(stripe: u32, source: u32, meta: u32, value: f64): i32 {
  if (!isCacheWith(stripe, BOXED_KEYS) || !isKey(source, meta)) return INVALID
  return put<BlockKey>(stripe, source, completeKey(source, meta), meta, wordOfNumber(value), 0, 0)
}

export function putBlockByBlock(stripe: u32, source: u32, meta: u32, valueSource: u32, valueMeta: u32): i32 {
  if (!isCacheWith(stripe, BOXED_KEYS | BOXED_VALUES) || !isKey(source, meta)) return INVALID
  if (!isValue(valueSource, valueMeta) || source == valueSource) return INVALID
  return put<BlockKey>(stripe, source, completeKey(source, meta), meta, 0, valueSource, valueMeta)
}

export function putNumberKnown(stripe: u32, hash: u32, block: u32, retired: f64, value: f64): i32 {
  if (!isCacheWith(stripe, BOXED_KEYS)) return INVALID
  const probe = knownKey(hash, block, retired)
  return readKnownMeta(probe) ? put<KnownKey>(stripe, probe, hash, knownMeta, wordOfNumber(value), 0, 0) : OUTDATED
}

export function putBlockKnown(stripe: u32, hash: u32, block: u32, retired: f64, valueSource: u32, valueMeta: u32): i32 {
  if (!isCacheWith(stripe, BOXED_KEYS | BOXED_VALUES) || !isValue(valueSource, valueMeta)) return INVALID
  const probe = knownKey(hash, block, retired)
  return readKnownMeta(probe) ? put<KnownKey>(stripe, probe, hash, knownMeta, 0, valueSource, valueMeta) : OUTDATED
}

/** `valueSource` 0: the value is `word`. */
function put<K>(stripe: u32, probe: u64, hash: u32, meta: u32, word: Word, valueSource: u32, valueMeta: u32): i32 {
  const units = unitsFor(stripe, meta, valueSource ? valueMeta : NO_BLOCK)
  beginWrite(stripe, hash)
  let status: i32
  do {
    status = afford<K>(stripe, probe, hash, units)
    if (status == 0) status = putOnce<K>(stripe, probe, hash, word, valueSource, valueMeta)
  } while (status < 0 && isToBeTried(stripe, status))
  endWrite(stripe, hash)
  return status == NO_CREDIT ? OWNER_UNRESPONSIVE : status
}

function putOnce<K>(stripe: u32, probe: u64, hash: u32, word: Word, valueSource: u32, valueMeta: u32): i32 {
  if (!valueSource) return set<K>(stripe, probe, hash, word)
  const value = newValue(valueSource, valueMeta)
  if (!value) return OUT_OF_MEMORY
  const status = set<K>(stripe, probe, hash, value)
  if (status < 0) dropValue()
  return status
}

// ---- delete, increment ----

export function dropNumber(stripe: u32, key: f64): i32 {
  if (!isCache(stripe)) return INVALID
  const probe = keyOfNumber(key)
  return drop<WordKey>(stripe, probe, hashNumber(probe))
}

export function dropBlockKey(stripe: u32, source: u32, meta: u32): i32 {
  if (!isCacheWith(stripe, BOXED_KEYS) || !isKey(source, meta)) return INVALID
  return drop<BlockKey>(stripe, source, completeKey(source, meta))
}

function drop<K>(stripe: u32, probe: u64, hash: u32): i32 {
  beginWrite(stripe, hash)
  const status = remove<K>(stripe, probe, hash)
  endWrite(stripe, hash)
  return status
}

export function countNumber(stripe: u32, key: f64, by: f64): f64 {
  if (!isCache(stripe)) return refused()
  const probe = keyOfNumber(key)
  return count<WordKey>(stripe, probe, hashNumber(probe), NO_BLOCK, by)
}

export function countBlock(stripe: u32, source: u32, meta: u32, by: f64): f64 {
  if (!isCacheWith(stripe, BOXED_KEYS) || !isKey(source, meta)) return refused()
  return count<BlockKey>(stripe, source, completeKey(source, meta), meta, by)
}

export function countKnown(stripe: u32, hash: u32, block: u32, retired: f64, by: f64): f64 {
  if (!isCacheWith(stripe, BOXED_KEYS)) return refused()
  const probe = knownKey(hash, block, retired)
  return readKnownMeta(probe) ? count<KnownKey>(stripe, probe, hash, knownMeta, by) : failed(OUTDATED)
}

function count<K>(stripe: u32, probe: u64, hash: u32, meta: u32, by: f64): f64 {
  const units = unitsFor(stripe, meta, NO_BLOCK)
  beginWrite(stripe, hash)
  let total: f64
  let status: i32
  do {
    status = afford<K>(stripe, probe, hash, units)
    total = status == 0 ? increment<K>(stripe, probe, hash, by) : failed(status)
    status = total == total ? 0 : results().status
  } while (status < 0 && isToBeTried(stripe, status))
  endWrite(stripe, hash)
  return status == NO_CREDIT ? failed(OWNER_UNRESPONSIVE) : total
}

// ---- The cache as a whole ----

export function clearCache(stripe: u32): i32 {
  forgetMade() // what an operation before has found of one of its entries
  overtakeAll(stripe)
  const status = clear(stripe)
  if (status == 0) giveBack(stripe)
  return status
}

/** Entries that are paid for: never more than the bound. */
export function sizeOfCache(stripe: u32): i32 {
  if (!isCache(stripe)) return INVALID
  return isDoomed(tableOf(stripe)) ? DELETED : entriesOf(spent(tableOf(stripe), cacheOf(stripe).control))
}

/**
 * How long the entries live that are written from now on, in all and unused; NaN: as long as the cache says. And whether values that
 * are replaced keep their times. INVALID: also where entries have no idle times.
 */
export function setTimes(stripe: u32, ttl: f64, idle: f64, keepsTime: bool): i32 {
  if (!isCache(stripe) || (idle == idle && !isCacheWith(stripe, IDLE))) return INVALID
  cacheOf(stripe).nextTtl = ttl
  cacheOf(stripe).nextIdle = idle == idle ? idleOfMs(max<f64>(idle, 1)) : USUAL_IDLE
  if (keepsTime) cacheOf(stripe).flags |= KEEPS_TIMES
  else cacheOf(stripe).flags &= ~KEEPS_TIMES
  return 0
}

/** What is written from now on fills the lease at this place, 0 for none: unless its word is another by then. */
export function setLease(stripe: u32, index: u32, word: u32): i32 {
  if (!isCache(stripe) || (word && index >= LEASE_COUNT)) return INVALID
  cacheOf(stripe).leaseIndex = u8(index)
  cacheOf(stripe).leaseWord = word
  return 0
}

/** What has ended is kept for so long at least, because it may be given out while a new value is loaded. */
export function keepStale(stripe: u32, ms: f64): i32 {
  if (!isCache(stripe)) return INVALID
  if (ms > controlOf(stripe).staleFor) controlOf(stripe).staleFor = ms
  return 0
}

/** Another bound: entries, bytes; 0: not bounded in this way, as it was made. 0, or negative. */
export function resizeCache(stripe: u32, entries: f64, bytes: f64): i32 {
  if (!isCache(stripe) || (bytes > 0 && !controlOf(stripe).isCounted)) return INVALID
  if (!(entries >= 0 && entries <= MOST_CREDITS && bytes >= 0) || (bytes == 0 && controlOf(stripe).isCounted)) return INVALID
  const units = bytes > 0 ? u32(min<f64>(bytes / 8, MOST_CREDITS)) : MOST_CREDITS
  return resize(stripe, entries > 0 ? u32(entries) : MOST_CREDITS, units)
}

/** Removes what has ended in the next buckets. How many; negative on failure. */
export function sweep(stripe: u32, buckets: u32): i32 {
  if (!isCache(stripe)) return INVALID
  const swept = sweepBuckets(stripe, buckets)
  giveBack(stripe)
  return swept
}

/** This thread begins to listen for removals of these causes, bits of a mask, or ends. 0, or negative. */
export function listenToCache(stripe: u32, causes: u32, begins: bool): i32 {
  return isCache(stripe) ? listen(stripe, causes, begins) : INVALID
}

/** Where the removals of a cache are kept that somebody has listened to; 0: nobody has. */
export function ringOfCache(stripe: u32): u32 {
  return isCache(stripe) ? ringOf(stripe) : 0
}

/** See readRemoval() in structures/cache/listen.ts. */
export function readRemovalOf(stripe: u32, number: u32, causes: u32): i32 {
  return isCache(stripe) ? readRemoval(stripe, number, causes) : INVALID
}

/** Address of the cache's control: where the leases lie, and how loads have failed. */
export function controlOfCache(stripe: u32): u32 {
  return isCache(stripe) ? cacheOf(stripe).control : 0
}
