import { BLOCK_HEADER_BYTES, NUMBER, WORD, blockBytes, isBlockMeta } from './layout/block'
import { HEADER, HeapHeader, loadEndPages } from './layout/heap'
import {
  HEADER_PAGES, MAX_CLASS_BYTES, MAX_LEVEL, PAGE_BYTES, PAGE_SHIFT, SCRATCH_EXPECTED, SCRATCH_KEY, SCRATCH_VALUE,
} from './layout/limits'
import {
  EXPECTED_OPERAND, KEY_OPERAND, Operand, VALUE_OPERAND, operandAt, results, scratchKey, scratchValue,
} from './layout/scratch'
import { INVALID } from './layout/status'
import {
  ANY_KIND, BOXED_KEYS, BOXED_VALUES, NO_KIND, NO_VALUES, NUMBER_KIND, SEAL, Stripe, TABLE_ALIGNMENT, TABLE_BYTES,
  TABLE_MAGIC, Table, hasFlag,
} from './layout/table'
import { scratch, self } from './layout/thread'
import { isBlock } from './layout/word'
import { classBytes, classOf } from './memory/classes'
import { looseHandOf } from './memory/blocks'
import { bytesIn } from './memory/hands'
import { pagesFor } from './memory/pages'
import { ensureReach } from './sync/reach'

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

/** Whether this instance is attached: else it has neither journal nor scratch page. */
// @ts-ignore: decorator
@inline
export function isAttached(): bool {
  return self != 0
}

/** What a stripe's seal is while its thread has the table open. */
// @ts-ignore: decorator
@inline
export function sealOf(stripe: u32): u32 {
  return stripe + self + SEAL
}

/** Whether this is a stripe of this thread's, of a table that it has open. */
// @ts-ignore: decorator
@inline
export function isMine(stripe: u32): bool {
  return changetype<Stripe>(stripe).seal == sealOf(stripe)
}

/** The same, and whether its table has all of these flags. */
// @ts-ignore: decorator
@inline
export function isMineWith(stripe: u32, flags: u32): bool {
  return isMine(stripe) && (changetype<Stripe>(stripe).flags & flags) == flags
}

/** INVALID for who returns a double. */
export function refused(): f64 {
  if (isAttached()) results().status = INVALID
  return NaN
}

/** Whether a table's record lies at the address. */
export function isRecord(address: u32): bool {
  if (address & (TABLE_ALIGNMENT - 1) || !isHandedOut(address, TABLE_BYTES)) return false
  const table = changetype<Table>(address)
  const isSealed = table.magic == TABLE_MAGIC && table.seal == address + SEAL
  return isSealed && table.baseLevel <= MAX_LEVEL && atomic.load<u32>(address, offsetof<Table>('level')) <= MAX_LEVEL
}

/** The same, and whether it is one that can be deleted: not the table of names. */
export function isCollection(address: u32): bool {
  return isRecord(address) && address != changetype<HeapHeader>(HEADER).directory
}

/** Whether so many bytes lie in pages that were handed out. They are within reach then. */
export function isHandedOut(address: u32, bytes: u32): bool {
  const end = u64(address) + u64(bytes)
  if (address < HEADER_PAGES << PAGE_SHIFT || end > u64(loadEndPages()) << PAGE_SHIFT) return false
  ensureReach(u32(end))
  return true
}

export function areKinds(keyKind: u32, valueKind: u32): bool {
  return keyKind >= NUMBER_KIND && keyKind <= ANY_KIND && valueKind >= NUMBER_KIND && valueKind <= NO_KIND
}

// ---- Keys and values ----

/** The first meta words whose blocks do not fit into their areas. */
const KEY_END: u32 = (SCRATCH_VALUE - SCRATCH_KEY - BLOCK_HEADER_BYTES + 1) << 3
const VALUE_END: u32 = (PAGE_BYTES - SCRATCH_VALUE - BLOCK_HEADER_BYTES + 1) << 3
const EXPECTED_END: u32 = (PAGE_BYTES - SCRATCH_EXPECTED - BLOCK_HEADER_BYTES + 1) << 3

/** Whether a key of this meta word can lie at `source`: in its area, or in a block that was asked for. */
// @ts-ignore: decorator
@inline
export function isKey(source: u32, meta: u32): bool {
  return source == scratchKey() ? meta < KEY_END && isBlockMeta(meta) : isLoose(source, meta)
}

/** The same for a value. */
// @ts-ignore: decorator
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
  const taken = bytes > MAX_CLASS_BYTES ? pagesFor(bytes) << PAGE_SHIFT : classBytes(classOf(bytes))
  return taken == bytesIn(hand)
}

// ---- Operands ----

/** Whether an operation on this stripe can take what the scratch page says of its key, and of what else it looks at. */
export function areOperands(stripe: u32, hasValue: bool, isExpecting: bool): bool {
  if (!isMine(stripe)) return false
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
