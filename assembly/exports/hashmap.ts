import { BOXED_KEYS, BOXED_VALUES, isDoomed } from '../layout/record'
import { DELETED, INVALID, OUT_OF_MEMORY, OUTDATED } from '../layout/status'
import { keyOfNumber, wordOfNumber } from '../layout/word'
import { hashNumber } from '../hash/mix'
import { completeKey } from '../memory/contents'
import { clear as clearTable } from '../structures/hashmap/clear'
import { estimateCount } from '../structures/hashmap/counter'
import { growFor } from '../structures/hashmap/grow'
import { inspectChains } from '../structures/hashmap/inspect'
import { scan } from '../structures/hashmap/iterate'
import { BlockKey, KnownKey, WordKey } from '../structures/hashmap/key'
import { knownKey } from '../structures/hashmap/known'
import { isCache, isMapOrCache, isTable, isTableWith, tableOf } from '../structures/hashmap/layout/table'
import { deleteMany, getMany, getNumbers, setMany } from '../structures/hashmap/many'
import { pinChain } from '../structures/hashmap/pin'
import { failed, read } from '../structures/hashmap/read'
import { writeStats } from '../structures/hashmap/stats'
import { BlockValue, BoxedValue, DescribedValue, dropValue, newValue, NoValue } from '../memory/value'
import { increment, remove, set, setInMap } from '../structures/hashmap/write'
import { readLive } from '../structures/cache/read'
import {
  clearCache, countBlock, countKnown, countNumber, dropBlockKey, dropNumber, putBlockByBlock, putBlockByNumber, putBlockKnown,
  putNumberByBlock, putNumberByNumber, putNumberKnown, sizeOfCache,
} from './cache'
import { isKey, isValue, refused } from './guards'

// A hash map. Keys that are numbers or blocks come as arguments, in exports of their own: they are what programs use most. A
// block (layout/block.ts) lies in the key area of the scratch page, or is one of newBlock's if it is longer; `meta` is its
// meta word. A value that is a block likewise, in the value area; the table adopts a block of newBlock's that comes as a
// value, unless the operation fails. Blocks that come as keys stay the caller's. All other operations, and all other keys, take
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

export function getByBlock(stripe: u32, source: u32, meta: u32): f64 {
  if (isTable(stripe)) return isKey(source, meta) ? read<BlockKey, BoxedValue>(stripe, source, completeKey(source, meta)) : refused()
  if (!isCache(stripe) || !isKey(source, meta)) return refused()
  return readLive<BlockKey, BoxedValue>(stripe, source, completeKey(source, meta))
}

export function getBlockByBlock(stripe: u32, source: u32, meta: u32): f64 {
  if (isTable(stripe)) return isKey(source, meta) ? read<BlockKey, BlockValue>(stripe, source, completeKey(source, meta)) : refused()
  if (!isCache(stripe) || !isKey(source, meta)) return refused()
  return readLive<BlockKey, BlockValue>(stripe, source, completeKey(source, meta))
}

export function hasNumber(stripe: u32, key: f64): f64 {
  const probe = keyOfNumber(key)
  if (isTable(stripe)) return read<WordKey, NoValue>(stripe, probe, hashNumber(probe))
  return isCache(stripe) ? readLive<WordKey, NoValue>(stripe, probe, hashNumber(probe)) : refused()
}

export function hasBlock(stripe: u32, source: u32, meta: u32): f64 {
  if (isTable(stripe)) return isKey(source, meta) ? read<BlockKey, NoValue>(stripe, source, completeKey(source, meta)) : refused()
  if (!isCache(stripe) || !isKey(source, meta)) return refused()
  return readLive<BlockKey, NoValue>(stripe, source, completeKey(source, meta))
}

// ---- get, has of keys that are known by their blocks ----

// `block` and `retired` are what a read has told, `hash` is what it has left in the header of the key's block: see known.ts.

export function getKnown(stripe: u32, hash: u32, block: u32, retired: f64): f64 {
  if (isTable(stripe)) return read<KnownKey, BoxedValue>(stripe, knownKey(hash, block, retired), hash)
  return isCache(stripe) ? readLive<KnownKey, BoxedValue>(stripe, knownKey(hash, block, retired), hash) : refused()
}

export function getBlockKnown(stripe: u32, hash: u32, block: u32, retired: f64): f64 {
  if (isTable(stripe)) return read<KnownKey, BlockValue>(stripe, knownKey(hash, block, retired), hash)
  return isCache(stripe) ? readLive<KnownKey, BlockValue>(stripe, knownKey(hash, block, retired), hash) : refused()
}

/** Of other values results() say what there is; NaN in any case. */
export function describeKnown(stripe: u32, hash: u32, block: u32, retired: f64): f64 {
  if (isTable(stripe)) read<KnownKey, DescribedValue>(stripe, knownKey(hash, block, retired), hash)
  else if (isCache(stripe)) readLive<KnownKey, DescribedValue>(stripe, knownKey(hash, block, retired), hash)
  else return refused()
  return NaN
}

export function hasKnown(stripe: u32, hash: u32, block: u32, retired: f64): f64 {
  if (isTable(stripe)) return read<KnownKey, NoValue>(stripe, knownKey(hash, block, retired), hash)
  return isCache(stripe) ? readLive<KnownKey, NoValue>(stripe, knownKey(hash, block, retired), hash) : refused()
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

export function setNumberByBlock(stripe: u32, source: u32, meta: u32, value: f64): i32 {
  if (isCache(stripe)) return putNumberByBlock(stripe, source, meta, value)
  if (!isTableWith(stripe, BOXED_KEYS) || !isKey(source, meta)) return INVALID
  return set<BlockKey>(stripe, source, completeKey(source, meta), wordOfNumber(value))
}

export function setBlockByBlock(stripe: u32, source: u32, meta: u32, valueSource: u32, valueMeta: u32): i32 {
  if (isCache(stripe)) return putBlockByBlock(stripe, source, meta, valueSource, valueMeta)
  if (!isTableWith(stripe, BOXED_KEYS | BOXED_VALUES) || !isKey(source, meta)) return INVALID
  if (!isValue(valueSource, valueMeta) || source == valueSource) return INVALID
  return setBlock<BlockKey>(stripe, source, completeKey(source, meta), valueSource, valueMeta)
}

function setBlock<K>(stripe: u32, probe: u64, hash: u32, valueSource: u32, valueMeta: u32): i32 {
  const value = newValue(valueSource, valueMeta)
  if (!value) return OUT_OF_MEMORY
  const status = set<K>(stripe, probe, hash, value)
  if (status < 0) dropValue()
  return status
}

// ---- set, increment of keys that are known by their blocks ----

export function setNumberKnown(stripe: u32, hash: u32, block: u32, retired: f64, value: f64): i32 {
  if (isCache(stripe)) return putNumberKnown(stripe, hash, block, retired, value)
  if (!isTableWith(stripe, BOXED_KEYS)) return INVALID
  return setInMap<KnownKey>(stripe, knownKey(hash, block, retired), hash, wordOfNumber(value))
}

export function setBlockKnown(stripe: u32, hash: u32, block: u32, retired: f64, valueSource: u32, valueMeta: u32): i32 {
  if (isCache(stripe)) return putBlockKnown(stripe, hash, block, retired, valueSource, valueMeta)
  if (!isTableWith(stripe, BOXED_KEYS | BOXED_VALUES) || !isValue(valueSource, valueMeta)) return INVALID
  return setBlock<KnownKey>(stripe, knownKey(hash, block, retired), hash, valueSource, valueMeta)
}

export function incrementKnown(stripe: u32, hash: u32, block: u32, retired: f64, by: f64): f64 {
  if (isCache(stripe)) return countKnown(stripe, hash, block, retired, by)
  if (!isTableWith(stripe, BOXED_KEYS)) return refused()
  return increment<KnownKey>(stripe, knownKey(hash, block, retired), hash, by)
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

export function incrementBlock(stripe: u32, source: u32, meta: u32, by: f64): f64 {
  if (isCache(stripe)) return countBlock(stripe, source, meta, by)
  if (!isTableWith(stripe, BOXED_KEYS) || !isKey(source, meta)) return refused()
  return increment<BlockKey>(stripe, source, completeKey(source, meta), by)
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
