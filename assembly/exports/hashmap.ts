import { BOXED_KEYS, BOXED_VALUES, isDoomed } from '../layout/record'
import { DELETED, INVALID, OUT_OF_MEMORY, OUTDATED } from '../layout/status'
import { keyOfNumber, wordOfNumber } from '../layout/word'
import { hashNumber } from '../hash/mix'
import { completeKey, sealKey } from '../memory/contents'
import { clear as clearTable } from '../structures/hashmap/clear'
import { estimateCount } from '../structures/hashmap/counter'
import { growFor } from '../structures/hashmap/grow'
import { inspectChains } from '../structures/hashmap/inspect'
import { scan } from '../structures/hashmap/iterate'
import { BlockKey, claimKey, WordKey } from '../structures/hashmap/key'
import { isCache, isMapOrCache, isTable, isTableWith, tableOf } from '../structures/hashmap/layout/table'
import { deleteMany, getMany, getNumbers, setMany } from '../structures/hashmap/many'
import { pinChain } from '../structures/hashmap/pin'
import { failed, read, readAt } from '../structures/hashmap/read'
import { writeStats } from '../structures/hashmap/stats'
import { BlockValue, BoxedValue, DescribedValue, dropValue, newValue, NoValue } from '../memory/value'
import { increment, remove, set, setInMap } from '../structures/hashmap/write'
import { readLive } from '../structures/cache/read'
import {
  clearCache, countBlock, countNumber, dropBlockKey, dropNumber, putBlockByBlock, putBlockByNumber, putNumberByBlock,
  putNumberByNumber, sizeOfCache,
} from './cache'
import { isKey, isValue, refused } from './guards'

// A hash map. Keys that are numbers or blocks come as arguments, in exports of their own: they are what programs use most. A
// block (layout/block.ts) lies in the key area of the scratch page, or is one of newBlock's if it is longer; `meta` is its
// meta word. A value that is a block likewise, in the value area; the table adopts a block of newBlock's that comes as a
// value, unless the operation fails. Blocks that come as keys stay the caller's. `hash` is what an operation has left in the
// header of the same key's block, 0 if none has. All other operations, and all other keys, take
// their operands from the scratch page: see generic.ts.

export { scan } from '../structures/hashmap/iterate'
export { pinChain } from '../structures/hashmap/pin'
export { getMany, getNumbers, setMany, deleteMany, getOrInsertMany, getOrInsertNumbers } from '../structures/hashmap/many'
export { writeStats } from '../structures/hashmap/stats'
export { inspectChains } from '../structures/hashmap/inspect'

// ---- get, has ----

export function getByNumber(stripe: u32, key: f64): f64 {
  const probe = keyOfNumber(key)
  if (isTable(stripe)) return read<WordKey, BoxedValue>(stripe, probe, hashNumber(probe))
  return isCache(stripe) ? readLive<WordKey, BoxedValue>(stripe, probe, hashNumber(probe)) : refused()
}

export function getBlockByNumber(stripe: u32, key: f64): f64 {
  const probe = keyOfNumber(key)
  if (isTable(stripe)) return read<WordKey, BlockValue>(stripe, probe, hashNumber(probe))
  return isCache(stripe) ? readLive<WordKey, BlockValue>(stripe, probe, hashNumber(probe)) : refused()
}

export function getByBlock(stripe: u32, source: u32, meta: u32, hash: u32): f64 {
  if (isTable(stripe)) return isKey(source, meta) ? read<BlockKey, BoxedValue>(stripe, source, sealKey(source, meta, hash)) : refused()
  if (!isCache(stripe) || !isKey(source, meta)) return refused()
  return readLive<BlockKey, BoxedValue>(stripe, source, sealKey(source, meta, hash))
}

export function getBlockByBlock(stripe: u32, source: u32, meta: u32, hash: u32): f64 {
  if (isTable(stripe)) return isKey(source, meta) ? read<BlockKey, BlockValue>(stripe, source, sealKey(source, meta, hash)) : refused()
  if (!isCache(stripe) || !isKey(source, meta)) return refused()
  return readLive<BlockKey, BlockValue>(stripe, source, sealKey(source, meta, hash))
}

export function hasNumber(stripe: u32, key: f64): f64 {
  const probe = keyOfNumber(key)
  if (isTable(stripe)) return read<WordKey, NoValue>(stripe, probe, hashNumber(probe))
  return isCache(stripe) ? readLive<WordKey, NoValue>(stripe, probe, hashNumber(probe)) : refused()
}

export function hasBlock(stripe: u32, source: u32, meta: u32, hash: u32): f64 {
  if (isTable(stripe)) return isKey(source, meta) ? read<BlockKey, NoValue>(stripe, source, sealKey(source, meta, hash)) : refused()
  if (!isCache(stripe) || !isKey(source, meta)) return refused()
  return readLive<BlockKey, NoValue>(stripe, source, sealKey(source, meta, hash))
}

// ---- get, has at a spot ----

export function getAt(stripe: u32, hash: u32, spot: u32, word: u32): f64 {
  return isTable(stripe) ? readAt<BoxedValue>(stripe, hash, spot, word) : notAtSpots(stripe)
}

export function getBlockAt(stripe: u32, hash: u32, spot: u32, word: u32): f64 {
  return isTable(stripe) ? readAt<BlockValue>(stripe, hash, spot, word) : notAtSpots(stripe)
}

/** Of other values results() say what there is; NaN in any case. */
export function describeAt(stripe: u32, hash: u32, spot: u32, word: u32): f64 {
  if (!isTable(stripe)) return notAtSpots(stripe)
  readAt<DescribedValue>(stripe, hash, spot, word)
  return NaN
}

export function hasAt(stripe: u32, hash: u32, spot: u32, word: u32): f64 {
  return isTable(stripe) ? readAt<NoValue>(stripe, hash, spot, word) : notAtSpots(stripe)
}

/** A cache tells no spots: each use of an entry counts, and it may end. */
function notAtSpots(stripe: u32): f64 {
  return isCache(stripe) ? failed(OUTDATED) : refused()
}

// ---- set ----

export function setNumberByNumber(stripe: u32, key: f64, value: f64): i32 {
  if (!isTable(stripe)) return putNumberByNumber(stripe, key, value)
  const probe = keyOfNumber(key)
  return setInMap<WordKey>(stripe, probe, hashNumber(probe), wordOfNumber(value))
}

export function setBlockByNumber(stripe: u32, key: f64, valueSource: u32, valueMeta: u32): i32 {
  if (isCache(stripe)) return putBlockByNumber(stripe, key, valueSource, valueMeta)
  if (!isTableWith(stripe, BOXED_VALUES) || !isValue(valueSource, valueMeta)) return INVALID
  const probe = keyOfNumber(key)
  return setBlock<WordKey>(stripe, probe, hashNumber(probe), valueSource, valueMeta)
}

export function setNumberByBlock(stripe: u32, source: u32, meta: u32, value: f64, hash: u32): i32 {
  if (isCache(stripe)) return putNumberByBlock(stripe, source, meta, value)
  if (!isTableWith(stripe, BOXED_KEYS) || !isKey(source, meta)) return INVALID
  return set<BlockKey>(stripe, source, claimKey(source, meta, hash), wordOfNumber(value))
}

export function setBlockByBlock(stripe: u32, source: u32, meta: u32, valueSource: u32, valueMeta: u32, hash: u32): i32 {
  if (isCache(stripe)) return putBlockByBlock(stripe, source, meta, valueSource, valueMeta)
  if (!isTableWith(stripe, BOXED_KEYS | BOXED_VALUES) || !isKey(source, meta)) return INVALID
  if (!isValue(valueSource, valueMeta) || source == valueSource) return INVALID
  return setBlock<BlockKey>(stripe, source, claimKey(source, meta, hash), valueSource, valueMeta)
}

function setBlock<K>(stripe: u32, probe: u64, hash: u32, valueSource: u32, valueMeta: u32): i32 {
  const value = newValue(valueSource, valueMeta)
  if (!value) return OUT_OF_MEMORY
  const status = set<K>(stripe, probe, hash, value)
  if (status < 0) dropValue()
  return status
}

// ---- delete, increment ----

export function deleteNumber(stripe: u32, key: f64): i32 {
  if (!isTable(stripe)) return dropNumber(stripe, key)
  const probe = keyOfNumber(key)
  return remove<WordKey>(stripe, probe, hashNumber(probe))
}

export function deleteBlock(stripe: u32, source: u32, meta: u32): i32 {
  if (isCache(stripe)) return dropBlockKey(stripe, source, meta)
  if (!isTableWith(stripe, BOXED_KEYS) || !isKey(source, meta)) return INVALID
  return remove<BlockKey>(stripe, source, completeKey(source, meta))
}

export function incrementNumber(stripe: u32, key: f64, by: f64): f64 {
  if (!isTable(stripe)) return countNumber(stripe, key, by)
  const probe = keyOfNumber(key)
  return increment<WordKey>(stripe, probe, hashNumber(probe), by)
}

export function incrementBlock(stripe: u32, source: u32, meta: u32, by: f64, hash: u32): f64 {
  if (isCache(stripe)) return countBlock(stripe, source, meta, by)
  if (!isTableWith(stripe, BOXED_KEYS) || !isKey(source, meta)) return refused()
  return increment<BlockKey>(stripe, source, claimKey(source, meta, hash), by)
}

// ---- The table as a whole ----

export function clear(stripe: u32): i32 {
  return isCache(stripe) ? clearCache(stripe) : clearTable(stripe)
}

export function size(stripe: u32): i32 {
  if (!isTable(stripe)) return sizeOfCache(stripe)
  return isDoomed(tableOf(stripe)) ? DELETED : estimateCount(tableOf(stripe))
}

export function reserve(stripe: u32, entries: u32): i32 {
  if (!isMapOrCache(stripe)) return INVALID
  return growFor(stripe, entries)
}
