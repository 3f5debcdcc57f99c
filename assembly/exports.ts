// The whole ABI: what the TypeScript layer calls. One line for each operation and kind of key; the names say which.
//
// `stripe` is what openTable returned. A key that is a number is passed as such. A string key lies as bytes in a
// block (layout/block.ts) at `source`: the key area of the scratch page, or a block of newBlock's if it is longer;
// `meta` is its meta word. A value that is a string likewise, in the value area; the table adopts a block of newBlock's
// that comes as a value, unless the operation fails. Blocks that come as keys stay the caller's.
//
// Returns are listed in layout/status.ts. What does not fit into a return value is in the scratch page (Results).

import { blockBytes } from './layout/block'
import { NUMBER_KIND, Table, tableOf } from './layout/table'
import { allocateBlock, freeBlock } from './memory/blocks'
import { sumCount } from './sync/counter'
import { hashNumber } from './hash/mix'
import { NumberKey, StringKey, numberProbe, sealKey } from './table/key'
import { BlockValue, NoValue, NumberValue, dropSpill, newValue } from './table/value'
import { read } from './table/read'
import { add, put, remove } from './table/write'
import { clear as clearTable } from './table/clear'
import { growFor } from './table/grow'
import { scan } from './table/iterate'
import { OUT_OF_MEMORY } from './layout/status'

export { initializeHeap, attachThread, detachThread, scratchAddress, createTable, openTable, isTable } from './heap'
export { checkHeap } from './table/check'
export { writeStats } from './table/stats'

/** Pages of memory. Calling it makes this instance notice that another thread has made memory grow. */
export function pages(): u32 {
  return u32(memory.size())
}

// ---- Blocks for keys and values that are too long for scratch ----

/** A block for a string with this meta word; 0 if there is no memory. */
export function newBlock(meta: u32): u32 {
  return allocateBlock(blockBytes(meta))
}

/** Gives a block back that no operation has adopted. */
export function dropBlock(block: u32, meta: u32): void {
  freeBlock(block, blockBytes(meta))
}

/** Gives back the memory of a result that was too long for scratch, when it has been decoded. */
export function dropResult(): void {
  dropSpill()
}

// ---- get, has ----

export function getNumberByNumber(stripe: u32, key: f64): f64 {
  const probe = numberProbe(key)
  return read<NumberKey, NumberValue>(stripe, probe, hashNumber(probe))
}

export function getStringByNumber(stripe: u32, key: f64): f64 {
  const probe = numberProbe(key)
  return read<NumberKey, BlockValue>(stripe, probe, hashNumber(probe))
}

export function getNumberByString(stripe: u32, source: u32, meta: u32): f64 {
  return read<StringKey, NumberValue>(stripe, source, sealKey(source, meta))
}

export function getStringByString(stripe: u32, source: u32, meta: u32): f64 {
  return read<StringKey, BlockValue>(stripe, source, sealKey(source, meta))
}

export function hasNumber(stripe: u32, key: f64): f64 {
  const probe = numberProbe(key)
  return read<NumberKey, NoValue>(stripe, probe, hashNumber(probe))
}

export function hasString(stripe: u32, source: u32, meta: u32): f64 {
  return read<StringKey, NoValue>(stripe, source, sealKey(source, meta))
}

// ---- set ----

export function setNumberByNumber(stripe: u32, key: f64, value: f64): i32 {
  const probe = numberProbe(key)
  return put<NumberKey>(stripe, probe, hashNumber(probe), reinterpret<u64>(value))
}

export function setStringByNumber(stripe: u32, key: f64, valueSource: u32, valueMeta: u32): i32 {
  const probe = numberProbe(key)
  return putBlock<NumberKey>(stripe, probe, hashNumber(probe), valueSource, valueMeta)
}

export function setNumberByString(stripe: u32, source: u32, meta: u32, value: f64): i32 {
  return put<StringKey>(stripe, source, sealKey(source, meta), reinterpret<u64>(value))
}

export function setStringByString(stripe: u32, source: u32, meta: u32, valueSource: u32, valueMeta: u32): i32 {
  return putBlock<StringKey>(stripe, source, sealKey(source, meta), valueSource, valueMeta)
}

function putBlock<K>(stripe: u32, probe: u64, hash: u32, valueSource: u32, valueMeta: u32): i32 {
  const block = newValue(valueSource, valueMeta)
  if (!block) return OUT_OF_MEMORY
  const status = put<K>(stripe, probe, hash, block)
  // A block that came from outside is the caller's again when the operation failed.
  if (status < 0 && block != valueSource) freeBlock(block, blockBytes(valueMeta))
  return status
}

// ---- delete, increment ----

export function deleteNumber(stripe: u32, key: f64): i32 {
  const probe = numberProbe(key)
  return remove<NumberKey>(stripe, probe, hashNumber(probe))
}

export function deleteString(stripe: u32, source: u32, meta: u32): i32 {
  return remove<StringKey>(stripe, source, sealKey(source, meta))
}

export function incrementNumber(stripe: u32, key: f64, by: f64): f64 {
  const probe = numberProbe(key)
  return add<NumberKey>(stripe, probe, hashNumber(probe), by)
}

export function incrementString(stripe: u32, source: u32, meta: u32, by: f64): f64 {
  return add<StringKey>(stripe, source, sealKey(source, meta), by)
}

// ---- The table as a whole ----

export function size(stripe: u32): i32 {
  return sumCount(tableOf(stripe))
}

export function clear(stripe: u32): i32 {
  return hasNumberKeys(stripe) ? clearTable<NumberKey>(stripe) : clearTable<StringKey>(stripe)
}

export function reserve(stripe: u32, entries: u32): i32 {
  return hasNumberKeys(stripe) ? growFor<NumberKey>(stripe, entries) : growFor<StringKey>(stripe, entries)
}

function hasNumberKeys(stripe: u32): bool {
  return changetype<Table>(tableOf(stripe)).keyKind == NUMBER_KIND
}

export function scanNumberNumber(stripe: u32, cursor: u32, last: u32, limit: u32): i32 {
  return scan<NumberKey, NumberValue>(stripe, cursor, last, limit)
}

export function scanNumberString(stripe: u32, cursor: u32, last: u32, limit: u32): i32 {
  return scan<NumberKey, BlockValue>(stripe, cursor, last, limit)
}

export function scanStringNumber(stripe: u32, cursor: u32, last: u32, limit: u32): i32 {
  return scan<StringKey, NumberValue>(stripe, cursor, last, limit)
}

export function scanStringString(stripe: u32, cursor: u32, last: u32, limit: u32): i32 {
  return scan<StringKey, BlockValue>(stripe, cursor, last, limit)
}
