import { isBlockMeta, NUMBER, WORD } from '../layout/block'
import { RAW_VALUES } from '../layout/record'
import { KEY_OPERAND, operandAt, results, scratchValue, VALUE_OPERAND } from '../layout/scratch'
import {
  ABSENT, FOUND, INSERTED, INVALID, MATCHED, NO_CREDIT, OUT_OF_MEMORY, OWNER_UNRESPONSIVE, SPARED,
} from '../layout/status'
import { hasFlag } from '../layout/stripe'
import { keyOfNumber, wordOfNumber } from '../layout/word'
import { hashNumber } from '../hash/mix'
import { completeKey } from '../memory/contents'
import { removeIf, replaceIf, sealExpected } from '../structures/hashmap/compare'
import { exchange as exchangeValue, incrementInteger, insertIfAbsent, take as takeValue } from '../structures/hashmap/exchange'
import { BlockKey, WordKey } from '../structures/hashmap/key'
import {
  isEntryPinned, pin as pinKey, pinnedStripe, removePinned, replacePinned as replacePinnedValue, unpin,
} from '../structures/hashmap/pin'
import { read, statusOf } from '../structures/hashmap/read'
import {
  describe, DescribedValue, NoValue, staged, stageValue, unstageValue, useDefaultRoom, useSpillOnly,
} from '../memory/value'
import { increment as incrementKey, remove as removeKey, set as setKey } from '../structures/hashmap/write'
import { isCache } from '../structures/hashmap/layout/table'
import { acquire } from '../structures/cache/credits'
import { afford, beginWrite, endWrite, isToBeTried, NO_BLOCK, unitsFor } from '../structures/cache/put'
import { foundTime, peekLive, readLive } from '../structures/cache/read'
import { agoOf, remainingOf, touch as touchKey } from '../structures/cache/time'
import { areOperands, isReadyValue, refused } from './guards'

export { unpin, removePinned } from '../structures/hashmap/pin'

// The operations with their operands in the scratch page: for every kind of key and value. Each prepares the key, decides
// which of the two ways to search it takes, and hands over; values that become nobody's are dropped.

/** What is sought: a word, or the address of a sealed block. */
let probe: u64 = 0
let hash: u32 = 0

/** Takes the key operand in. Whether it is a block. */
function stageKey(): bool {
  const key = operandAt(KEY_OPERAND)
  if (isBlockMeta(key.meta)) {
    probe = key.source
    hash = completeKey(key.source, key.meta)
    return true
  }
  probe = key.meta == NUMBER ? keyOfNumber(reinterpret<f64>(key.word)) : key.word
  hash = hashNumber(probe)
  return false
}

/** FOUND with the value described, ABSENT, or negative. */
export function get(stripe: u32): i32 {
  if (!areOperands(stripe, false, false)) return INVALID
  const isBlock = stageKey()
  if (isBlock && probe == scratchValue()) useSpillOnly() // a key too long for its area lies where values go
  if (isCache(stripe)) return getCached(stripe, isBlock)
  const found = isBlock
    ? read<BlockKey, DescribedValue>(stripe, probe, hash)
    : read<WordKey, DescribedValue>(stripe, probe, hash)
  useDefaultRoom()
  return statusOf(found)
}

/** 1, 0, or negative. */
export function has(stripe: u32): i32 {
  if (!areOperands(stripe, false, false)) return INVALID
  if (isCache(stripe)) return hasCached(stripe, stageKey())
  const found = stageKey() ? read<BlockKey, NoValue>(stripe, probe, hash) : read<WordKey, NoValue>(stripe, probe, hash)
  return found == 0 ? ABSENT : statusOf(found)
}

export function set(stripe: u32): i32 {
  if (!areOperands(stripe, true, false)) return INVALID
  return isCache(stripe) ? write(stripe, Operation.Set) : setOnce(stripe)
}

function setOnce(stripe: u32): i32 {
  const value = operandAt(VALUE_OPERAND)
  if (!stageValue(value)) return OUT_OF_MEMORY
  const status = stageKey() ? setKey<BlockKey>(stripe, probe, hash, staged) : setKey<WordKey>(stripe, probe, hash, staged)
  if (status < 0) unstageValue(value)
  return status
}

export function remove(stripe: u32): i32 {
  if (!areOperands(stripe, false, false)) return INVALID
  return isCache(stripe) ? write(stripe, Operation.Remove) : removeOnce(stripe)
}

function removeOnce(stripe: u32): i32 {
  return stageKey() ? removeKey<BlockKey>(stripe, probe, hash) : removeKey<WordKey>(stripe, probe, hash)
}

/** getOrInsert: INSERTED, or 0 with the value that is there described. */
export function insert(stripe: u32): i32 {
  if (!areOperands(stripe, true, false)) return INVALID
  return isCache(stripe) ? write(stripe, Operation.Insert) : insertOnce(stripe)
}

function insertOnce(stripe: u32): i32 {
  const value = operandAt(VALUE_OPERAND)
  if (!stageValue(value)) return OUT_OF_MEMORY
  const status = stageKey()
    ? insertIfAbsent<BlockKey>(stripe, probe, hash, staged)
    : insertIfAbsent<WordKey>(stripe, probe, hash, staged)
  if (status != INSERTED) unstageValue(value)
  return status
}

export function exchange(stripe: u32): i32 {
  if (!areOperands(stripe, true, false)) return INVALID
  return isCache(stripe) ? write(stripe, Operation.Exchange) : exchangeOnce(stripe)
}

function exchangeOnce(stripe: u32): i32 {
  const value = operandAt(VALUE_OPERAND)
  if (!stageValue(value)) return OUT_OF_MEMORY
  const status = stageKey()
    ? exchangeValue<BlockKey>(stripe, probe, hash, staged)
    : exchangeValue<WordKey>(stripe, probe, hash, staged)
  if (status < 0 || status == SPARED) unstageValue(value)
  return status
}

export function take(stripe: u32): i32 {
  if (!areOperands(stripe, false, false)) return INVALID
  return isCache(stripe) ? write(stripe, Operation.Take) : takeOnce(stripe)
}

function takeOnce(stripe: u32): i32 {
  return stageKey() ? takeValue<BlockKey>(stripe, probe, hash) : takeValue<WordKey>(stripe, probe, hash)
}

export function compareAndSet(stripe: u32): i32 {
  if (!areOperands(stripe, true, true)) return INVALID
  return isCache(stripe) ? write(stripe, Operation.CompareAndSet) : compareAndSetOnce(stripe)
}

function compareAndSetOnce(stripe: u32): i32 {
  const value = operandAt(VALUE_OPERAND)
  if (!stageValue(value)) return OUT_OF_MEMORY
  sealExpected()
  const status = stageKey()
    ? replaceIf<BlockKey>(stripe, probe, hash, staged)
    : replaceIf<WordKey>(stripe, probe, hash, staged)
  if (status != MATCHED) unstageValue(value)
  return status
}

export function compareAndDelete(stripe: u32): i32 {
  if (!areOperands(stripe, false, true)) return INVALID
  return isCache(stripe) ? write(stripe, Operation.CompareAndDelete) : compareAndDeleteOnce(stripe)
}

function compareAndDeleteOnce(stripe: u32): i32 {
  sealExpected()
  return stageKey() ? removeIf<BlockKey>(stripe, probe, hash) : removeIf<WordKey>(stripe, probe, hash)
}

/** increment: of a bigint of 64 bits if the value operand is a WORD, else of a number. The sum is described. */
export function increment(stripe: u32): i32 {
  if (!areOperands(stripe, true, false)) return INVALID
  return isCache(stripe) ? write(stripe, Operation.Increment) : incrementOnce(stripe)
}

function incrementOnce(stripe: u32): i32 {
  const value = operandAt(VALUE_OPERAND)
  if (value.meta == NUMBER) return incrementNumber(stripe, reinterpret<f64>(value.word))
  if (value.meta != WORD || !hasFlag(stripe, RAW_VALUES)) return INVALID
  const by = i64(value.word)
  return stageKey() ? incrementInteger<BlockKey>(stripe, probe, hash, by) : incrementInteger<WordKey>(stripe, probe, hash, by)
}

function incrementNumber(stripe: u32, by: f64): i32 {
  const total = stageKey() ? incrementKey<BlockKey>(stripe, probe, hash, by) : incrementKey<WordKey>(stripe, probe, hash, by)
  if (total != total && results().status < 0) return results().status
  describe(stripe, wordOfNumber(total))
  return FOUND
}

export function pin(stripe: u32): i32 {
  if (!areOperands(stripe, false, false)) return INVALID
  if (isCache(stripe)) prepareToReplace(stripe)
  return stageKey() ? pinKey<BlockKey>(stripe, probe, hash) : pinKey<WordKey>(stripe, probe, hash)
}

/** REPLACED; INVALID, with nothing done: no entry is pinned, or there is no such value. */
export function replacePinned(): i32 {
  return isEntryPinned() && isReadyValue(pinnedStripe) ? replacePinnedValue() : INVALID
}

// ---- The same of a cache, whose writes have something before and after them: see structures/cache/put.ts ----

const enum Operation { Set, Remove, Insert, Exchange, Take, CompareAndSet, CompareAndDelete, Increment }

function write(stripe: u32, operation: Operation): i32 {
  const isBlock = stageKey()
  const units = unitsOfOperands(stripe)
  beginWrite(stripe, hash)
  let status: i32
  do {
    status = mayMake(operation) ? affordKey(stripe, isBlock, units) : 0
    if (status == 0) status = once(stripe, operation)
  } while (status < 0 && isToBeTried(stripe, status))
  endWrite(stripe, hash)
  return status == NO_CREDIT ? OWNER_UNRESPONSIVE : status
}

/** Whether it can make an entry, or a larger one. */
function mayMake(operation: Operation): bool {
  return operation != Operation.Remove && operation != Operation.Take && operation != Operation.CompareAndDelete
}

function once(stripe: u32, operation: Operation): i32 {
  switch (operation) {
    case Operation.Set: return setOnce(stripe)
    case Operation.Remove: return removeOnce(stripe)
    case Operation.Insert: return insertOnce(stripe)
    case Operation.Exchange: return exchangeOnce(stripe)
    case Operation.Take: return takeOnce(stripe)
    case Operation.CompareAndSet: return compareAndSetOnce(stripe)
    case Operation.CompareAndDelete: return compareAndDeleteOnce(stripe)
    default: return incrementOnce(stripe)
  }
}

function affordKey(stripe: u32, isBlock: bool, units: u32): i32 {
  return isBlock ? afford<BlockKey>(stripe, probe, hash, units) : afford<WordKey>(stripe, probe, hash, units)
}

function unitsOfOperands(stripe: u32): u32 {
  return unitsFor(stripe, metaOf(KEY_OPERAND), metaOf(VALUE_OPERAND))
}

/** The meta word of an operand, or NO_BLOCK. */
function metaOf(operand: u32): u32 {
  const meta = operandAt(operand).meta
  return isBlockMeta(meta) ? meta : NO_BLOCK
}

/** Before a chain is pinned: what may replace a value can be paid for. If it cannot, the pin finds the same. */
function prepareToReplace(stripe: u32): void {
  if (isReadyValue(stripe)) acquire(stripe, 0, unitsOfOperands(stripe))
}

function getCached(stripe: u32, isBlock: bool): i32 {
  const found = isBlock
    ? readLive<BlockKey, DescribedValue>(stripe, probe, hash)
    : readLive<WordKey, DescribedValue>(stripe, probe, hash)
  useDefaultRoom()
  return statusOf(found)
}

function hasCached(stripe: u32, isBlock: bool): i32 {
  const found = isBlock ? readLive<BlockKey, NoValue>(stripe, probe, hash) : readLive<WordKey, NoValue>(stripe, probe, hash)
  return found == 0 ? ABSENT : statusOf(found)
}

/** FOUND without a trace of use, and how long it lives in the word behind the operands; `ended`: also what has ended. */
export function peek(stripe: u32, ended: bool): i32 {
  if (!isCache(stripe) || !areOperands(stripe, false, false)) return INVALID
  const isBlock = stageKey()
  if (isBlock && probe == scratchValue()) useSpillOnly()
  const found = isBlock
    ? peekLive<BlockKey, DescribedValue>(stripe, probe, hash, ended)
    : peekLive<WordKey, DescribedValue>(stripe, probe, hash, ended)
  useDefaultRoom()
  return statusOf(found)
}

/** How long ago the entry has ended that peek() has found last; 0 if it has not. */
export function staleSince(stripe: u32): f64 {
  return isCache(stripe) ? agoOf(stripe, foundTime) : 0
}

/** Milliseconds that the entry of a key lives; Infinity; -1: there is none; NaN: see results().status. */
export function remaining(stripe: u32): f64 {
  if (!isCache(stripe) || !areOperands(stripe, false, false)) return refused()
  const found = stageKey()
    ? peekLive<BlockKey, NoValue>(stripe, probe, hash, false)
    : peekLive<WordKey, NoValue>(stripe, probe, hash, false)
  return found == 1 ? remainingOf(stripe, foundTime) : found == 0 ? -1 : NaN
}

/** FOUND, ABSENT, or negative. */
export function touch(stripe: u32): i32 {
  if (!isCache(stripe) || !areOperands(stripe, false, false)) return INVALID
  return stageKey() ? touchKey<BlockKey>(stripe, probe, hash) : touchKey<WordKey>(stripe, probe, hash)
}

/** The hash of a key, by which its lease is found. */
export function hashOfOperand(stripe: u32): u32 {
  if (!isCache(stripe) || !areOperands(stripe, false, false)) return 0
  stageKey()
  return hash
}
