import { BLOCK_HEADER_BYTES, blockBytes, isBlockMeta, NUMBER, WORD } from '../layout/block'
import { MAX_CLASS_BYTES, PAGE_BYTES, SCRATCH_EXPECTED, SCRATCH_KEY, SCRATCH_VALUE, UNIT_SHIFT } from '../layout/limits'
import { BOXED_KEYS, BOXED_VALUES, NO_VALUES } from '../layout/record'
import {
  EXPECTED_OPERAND, KEY_OPERAND, Operand, operandAt, results, scratchKey, scratchValue, VALUE_OPERAND,
} from '../layout/scratch'
import { INVALID } from '../layout/status'
import { hasFlag } from '../layout/stripe'
import { isAttached, scratch } from '../layout/thread'
import { isBlock } from '../layout/word'
import { looseHandOf } from '../memory/blocks'
import { classBytes, classOf } from '../memory/classes'
import { bytesIn } from '../memory/hands'
import { unitsFor } from '../memory/runs'
import { isMapOrCache } from '../structures/hashmap/layout/table'

/**
 * What callers give: an export that is given what it must not touch says INVALID, and has touched nothing. Each export
 * looks once, before it begins; within the core nobody looks again.
 *
 *     a stripe    names itself and its thread as long as that has the table open: one load from the line that every
 *                 operation reads first
 *     a table     names itself, in a record of the right alignment, in pages that were handed out
 *     a source    is one of the places in the thread's own scratch page, or a block that it has asked for
 *     a word      is not that of a block
 */

// ---- Threads and tables ----

/** INVALID for who returns a double. */
export function refused(): f64 {
  if (isAttached()) results().status = INVALID
  return NaN
}

// ---- Keys and values ----

/** The first meta words whose blocks do not fit into their areas. */
const KEY_END: u32 = (SCRATCH_VALUE - SCRATCH_KEY - BLOCK_HEADER_BYTES + 1) << 3
const VALUE_END: u32 = (PAGE_BYTES - SCRATCH_VALUE - BLOCK_HEADER_BYTES + 1) << 3
const EXPECTED_END: u32 = (PAGE_BYTES - SCRATCH_EXPECTED - BLOCK_HEADER_BYTES + 1) << 3

/** Whether a key of this meta word can lie at `source`: in its area, or in a block that was asked for. */
@inline
export function isKey(source: u32, meta: u32): bool {
  return source == scratchKey() ? meta < KEY_END && isBlockMeta(meta) : isLoose(source, meta)
}

/** The same for a value. */
@inline
export function isValue(source: u32, meta: u32): bool {
  return source == scratchValue() ? meta < VALUE_END && isBlockMeta(meta) : isLoose(source, meta)
}

/** Whether `source` is a block that this thread has asked for, of the size that this meta word asks for. */
export function isLoose(source: u32, meta: u32): bool {
  if (!source || !isBlockMeta(meta)) return false
  const hand = looseHandOf(source)
  const bytes = blockBytes(meta)
  if (!hand) return false
  const taken = bytes > MAX_CLASS_BYTES ? unitsFor(bytes) << UNIT_SHIFT : classBytes(classOf(bytes))
  return taken == bytesIn(hand)
}

// ---- Operands ----

/** Whether an operation on this stripe can take what the scratch page says of its key, and of what else it looks at. */
export function areOperands(stripe: u32, hasValue: bool, isExpecting: bool): bool {
  if (!isMapOrCache(stripe)) return false
  const key = operandAt(KEY_OPERAND)
  const value = operandAt(VALUE_OPERAND)
  const expected = operandAt(EXPECTED_OPERAND)
  if (!isWordOrBlock(key, hasFlag(stripe, BOXED_KEYS))) return false
  if (isBlockMeta(key.meta) && !isKey(key.source, key.meta)) {
    if (hasValue || !isValue(key.source, key.meta)) return false // a long key alone may lie where values do
  }
  if (hasValue && hasFlag(stripe, NO_VALUES)) value.meta = WORD // whatever it was: there is none
  if (hasValue) {
    if (!isWordOrBlock(value, hasFlag(stripe, BOXED_VALUES))) return false
    if (isBlockMeta(value.meta) && !isValue(value.source, value.meta)) return false
    if (overlap(key, value)) return false
  }
  if (!isExpecting) return true
  if (!isBlockMeta(expected.meta)) return expected.meta == NUMBER || expected.meta == WORD
  return isExpected(expected) && !overlap(key, expected) && !(hasValue && overlap(value, expected))
}

/** Whether the value operand is one that a table can keep as it lies: no block, or one that was asked for. */
export function isReadyValue(stripe: u32): bool {
  const value = operandAt(VALUE_OPERAND)
  if (!isWordOrBlock(value, hasFlag(stripe, BOXED_VALUES)) || hasFlag(stripe, NO_VALUES)) return false
  return !isBlockMeta(value.meta) || isLoose(value.source, value.meta)
}

/** Whether a table can keep it: blocks only where it has such, and no word that would look like one. */
function isWordOrBlock(operand: Operand, isBoxedKind: bool): bool {
  if (isBlockMeta(operand.meta)) return isBoxedKind
  return operand.meta == NUMBER || !isBoxedKind || !isBlock(operand.word)
}

function isExpected(operand: Operand): bool {
  const source = operand.source
  const meta = operand.meta
  return source == scratch + SCRATCH_EXPECTED ? meta < EXPECTED_END : isValue(source, meta)
}

/** Whether two operands are blocks that lie one over the other: to complete one would change the other. */
function overlap(one: Operand, other: Operand): bool {
  if (!isBlockMeta(one.meta) || !isBlockMeta(other.meta)) return false
  return one.source < other.source + blockBytes(other.meta) && other.source < one.source + blockBytes(one.meta)
}
