// The whole ABI: what the TypeScript layer calls. `stripe` is what openTable returned.
//
// Keys that are numbers or blocks come as arguments, in exports of their own: they are what programs use most. A block
// (layout/block.ts) lies in the key area of the scratch page, or is one of newBlock's if it is longer; `meta` is its meta
// word. A value that is a block likewise, in the value area; the table adopts a block of newBlock's that comes as a value,
// unless the operation fails. Blocks that come as keys stay the caller's. All other operations, and all other keys,
// take their operands from the scratch page: see universal.ts.
//
// Whatever is no stripe of this thread's, or no block of its own, is INVALID, and nothing has happened: see valid.ts.
//
// Returns are listed in layout/status.ts. What does not fit into a return value is in the scratch page (Results).

import { blockBytes } from './layout/block'
import { DELETED, INVALID, OUT_OF_MEMORY } from './layout/status'
import { BOXED_KEYS, BOXED_VALUES, isDoomed, tableOf } from './layout/table'
import { keyOfNumber, wordOfNumber } from './layout/word'
import { hashNumber } from './hash/mix'
import { allocateLoose, releaseLoose } from './memory/blocks'
import { sealKey } from './memory/contents'
import { estimateCount } from './sync/counter'
import { growFor } from './table/grow'
import { BlockKey, WordKey } from './table/key'
import { read } from './table/read'
import { BlockValue, BoxedValue, NoValue, dropSpill, dropValue, newValue } from './table/value'
import { add, put, remove } from './table/write'
import { isAttached, isKey, isMine, isMineWith, isValue, refused } from './valid'

export { initializeHeap, attachThread, scratchAddress } from './heap'
export { detachThread, mend, recover } from './recovery'
export { createDirectory, createTable, openTable, closeTable, claimTable, keepTable, isTable } from './collections'
export { deleteTable } from './deletion'
export {
  get, has, set, remove, insert, exchange, take, compareAndSet, compareAndDelete, add, hold, letGo,
} from './universal'
export { clear } from './table/clear'
export { scan } from './table/iterate'
export { holdChain } from './table/hold'
export { getMany, getNumbers, setMany, deleteMany } from './table/many'
export { checkHeap } from './table/check'
export { writeStats, writeHeapStats } from './table/stats'
export { inspectChains, inspectHeap } from './table/inspect'
export { beginTrace, endTrace, lookAtTrace, readTrace } from './tracing'

/** Pages of memory. Calling it makes this instance notice that another thread has made memory grow. */
export function pages(): u32 {
  return u32(memory.size())
}

// ---- Blocks for keys and values that are too long for scratch ----

/** A block for bytes with this meta word; 0 if there is no memory. A thread can have eight at a time. */
export function newBlock(meta: u32): u32 {
  return isAttached() ? allocateLoose(blockBytes(meta)) : 0
}

/** Gives a block back, unless an operation has adopted it. */
export function dropBlock(block: u32): void {
  if (isAttached()) releaseLoose(block)
}

/** Gives back the memory of a result that was too long for scratch, when it has been decoded. */
export function dropResult(): void {
  if (isAttached()) dropSpill()
}

// ---- get, has ----

export function getByNumber(stripe: u32, key: f64): f64 {
  if (!isMine(stripe)) return refused()
  const probe = keyOfNumber(key)
  return read<WordKey, BoxedValue>(stripe, probe, hashNumber(probe))
}

export function getBlockByNumber(stripe: u32, key: f64): f64 {
  if (!isMine(stripe)) return refused()
  const probe = keyOfNumber(key)
  return read<WordKey, BlockValue>(stripe, probe, hashNumber(probe))
}

export function getByBlock(stripe: u32, source: u32, meta: u32): f64 {
  if (!isMine(stripe) || !isKey(source, meta)) return refused()
  return read<BlockKey, BoxedValue>(stripe, source, sealKey(source, meta))
}

export function getBlockByBlock(stripe: u32, source: u32, meta: u32): f64 {
  if (!isMine(stripe) || !isKey(source, meta)) return refused()
  return read<BlockKey, BlockValue>(stripe, source, sealKey(source, meta))
}

export function hasNumber(stripe: u32, key: f64): f64 {
  if (!isMine(stripe)) return refused()
  const probe = keyOfNumber(key)
  return read<WordKey, NoValue>(stripe, probe, hashNumber(probe))
}

export function hasBlock(stripe: u32, source: u32, meta: u32): f64 {
  if (!isMine(stripe) || !isKey(source, meta)) return refused()
  return read<BlockKey, NoValue>(stripe, source, sealKey(source, meta))
}

// ---- set ----

export function setNumberByNumber(stripe: u32, key: f64, value: f64): i32 {
  if (!isMine(stripe)) return INVALID
  const probe = keyOfNumber(key)
  return put<WordKey>(stripe, probe, hashNumber(probe), wordOfNumber(value))
}

export function setBlockByNumber(stripe: u32, key: f64, valueSource: u32, valueMeta: u32): i32 {
  if (!isMineWith(stripe, BOXED_VALUES) || !isValue(valueSource, valueMeta)) return INVALID
  const probe = keyOfNumber(key)
  return putBlock<WordKey>(stripe, probe, hashNumber(probe), valueSource, valueMeta)
}

export function setNumberByBlock(stripe: u32, source: u32, meta: u32, value: f64): i32 {
  if (!isMineWith(stripe, BOXED_KEYS) || !isKey(source, meta)) return INVALID
  return put<BlockKey>(stripe, source, sealKey(source, meta), wordOfNumber(value))
}

export function setBlockByBlock(stripe: u32, source: u32, meta: u32, valueSource: u32, valueMeta: u32): i32 {
  if (!isMineWith(stripe, BOXED_KEYS | BOXED_VALUES) || !isKey(source, meta)) return INVALID
  if (!isValue(valueSource, valueMeta) || source == valueSource) return INVALID
  return putBlock<BlockKey>(stripe, source, sealKey(source, meta), valueSource, valueMeta)
}

function putBlock<K>(stripe: u32, probe: u64, hash: u32, valueSource: u32, valueMeta: u32): i32 {
  const value = newValue(valueSource, valueMeta)
  if (!value) return OUT_OF_MEMORY
  const status = put<K>(stripe, probe, hash, value)
  if (status < 0) dropValue()
  return status
}

// ---- delete, increment ----

export function deleteNumber(stripe: u32, key: f64): i32 {
  if (!isMine(stripe)) return INVALID
  const probe = keyOfNumber(key)
  return remove<WordKey>(stripe, probe, hashNumber(probe))
}

export function deleteBlock(stripe: u32, source: u32, meta: u32): i32 {
  if (!isMineWith(stripe, BOXED_KEYS) || !isKey(source, meta)) return INVALID
  return remove<BlockKey>(stripe, source, sealKey(source, meta))
}

export function incrementNumber(stripe: u32, key: f64, by: f64): f64 {
  if (!isMine(stripe)) return refused()
  const probe = keyOfNumber(key)
  return add<WordKey>(stripe, probe, hashNumber(probe), by)
}

export function incrementBlock(stripe: u32, source: u32, meta: u32, by: f64): f64 {
  if (!isMineWith(stripe, BOXED_KEYS) || !isKey(source, meta)) return refused()
  return add<BlockKey>(stripe, source, sealKey(source, meta), by)
}

// ---- The table as a whole ----

export function size(stripe: u32): i32 {
  if (!isMine(stripe)) return INVALID
  return isDoomed(tableOf(stripe)) ? DELETED : estimateCount(tableOf(stripe))
}

export function reserve(stripe: u32, entries: u32): i32 {
  if (!isMine(stripe)) return INVALID
  return growFor(stripe, entries)
}
