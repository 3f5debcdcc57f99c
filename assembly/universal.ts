import { NUMBER, WORD, isBlockMeta } from './layout/block'
import { KEY_OPERAND, VALUE_OPERAND, operandAt, results, scratchValue } from './layout/scratch'
import { ABSENT, FOUND, INSERTED, INVALID, MATCHED, OUT_OF_MEMORY } from './layout/status'
import { RAW_VALUES, hasFlag } from './layout/table'
import { keyOfNumber, wordOfNumber } from './layout/word'
import { hashNumber } from './hash/mix'
import { sealKey } from './memory/contents'
import { removeIf, replaceIf, sealExpected } from './table/compare'
import { addInteger, exchange as exchangeValue, insertIfAbsent, take as takeValue } from './table/exchange'
import { hold as holdChain } from './table/hold'
import { BlockKey, WordKey } from './table/key'
import { read, statusOf } from './table/read'
import {
  DescribedValue, NoValue, describe, stageValue, staged, unstageValue, useDefaultRoom, useSpillOnly,
} from './table/value'
import { add as addTo, put, remove as removeKey } from './table/write'
import { areOperands } from './valid'

export { letGo } from './table/hold'

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
    hash = sealKey(key.source, key.meta)
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
  const found = isBlock
    ? read<BlockKey, DescribedValue>(stripe, probe, hash)
    : read<WordKey, DescribedValue>(stripe, probe, hash)
  useDefaultRoom()
  return statusOf(found)
}

/** 1, 0, or negative. */
export function has(stripe: u32): i32 {
  if (!areOperands(stripe, false, false)) return INVALID
  const found = stageKey() ? read<BlockKey, NoValue>(stripe, probe, hash) : read<WordKey, NoValue>(stripe, probe, hash)
  return found == 0 ? ABSENT : statusOf(found)
}

export function set(stripe: u32): i32 {
  if (!areOperands(stripe, true, false)) return INVALID
  const value = operandAt(VALUE_OPERAND)
  if (!stageValue(value)) return OUT_OF_MEMORY
  const status = stageKey() ? put<BlockKey>(stripe, probe, hash, staged) : put<WordKey>(stripe, probe, hash, staged)
  if (status < 0) unstageValue(value)
  return status
}

export function remove(stripe: u32): i32 {
  if (!areOperands(stripe, false, false)) return INVALID
  return stageKey() ? removeKey<BlockKey>(stripe, probe, hash) : removeKey<WordKey>(stripe, probe, hash)
}

/** getOrInsert: INSERTED, or 0 with the value that is there described. */
export function insert(stripe: u32): i32 {
  if (!areOperands(stripe, true, false)) return INVALID
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
  const value = operandAt(VALUE_OPERAND)
  if (!stageValue(value)) return OUT_OF_MEMORY
  const status = stageKey()
    ? exchangeValue<BlockKey>(stripe, probe, hash, staged)
    : exchangeValue<WordKey>(stripe, probe, hash, staged)
  if (status < 0) unstageValue(value)
  return status
}

export function take(stripe: u32): i32 {
  if (!areOperands(stripe, false, false)) return INVALID
  return stageKey() ? takeValue<BlockKey>(stripe, probe, hash) : takeValue<WordKey>(stripe, probe, hash)
}

export function compareAndSet(stripe: u32): i32 {
  if (!areOperands(stripe, true, true)) return INVALID
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
  sealExpected()
  return stageKey() ? removeIf<BlockKey>(stripe, probe, hash) : removeIf<WordKey>(stripe, probe, hash)
}

/** increment: of a bigint of 64 bits if the value operand is a WORD, else of a number. The sum is described. */
export function add(stripe: u32): i32 {
  if (!areOperands(stripe, true, false)) return INVALID
  const value = operandAt(VALUE_OPERAND)
  if (value.meta == NUMBER) return addNumber(stripe, reinterpret<f64>(value.word))
  if (value.meta != WORD || !hasFlag(stripe, RAW_VALUES)) return INVALID
  const by = i64(value.word)
  return stageKey() ? addInteger<BlockKey>(stripe, probe, hash, by) : addInteger<WordKey>(stripe, probe, hash, by)
}

function addNumber(stripe: u32, by: f64): i32 {
  const total = stageKey() ? addTo<BlockKey>(stripe, probe, hash, by) : addTo<WordKey>(stripe, probe, hash, by)
  if (total != total && results().status < 0) return results().status
  describe(stripe, wordOfNumber(total))
  return FOUND
}

export function hold(stripe: u32): i32 {
  if (!areOperands(stripe, false, false)) return INVALID
  return stageKey() ? holdChain<BlockKey>(stripe, probe, hash) : holdChain<WordKey>(stripe, probe, hash)
}
