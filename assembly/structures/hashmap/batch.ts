import { BLOCK_HEADER_BYTES, isBlockMeta, NUMBER, paddedBytes, WORD } from '../../layout/block'
import { SCRATCH_ANSWERS } from '../../layout/limits'
import { BIGINT_KIND, BOXED_KEYS, BOXED_VALUES, NO_VALUES, RAW_VALUES } from '../../layout/record'
import { scratchKey, scratchValue } from '../../layout/scratch'
import { hasFlag } from '../../layout/stripe'
import { scratch } from '../../layout/thread'
import { isBlock, keyOfNumber, Word, wordOfNumber } from '../../layout/word'
import { hashNumber } from '../../hash/mix'
import { completeKey } from '../../memory/contents'
import { newValue } from '../../memory/value'
import { prefetchSlots } from './layout/bucket'
import { headAt, startOf, Table, tableOf } from './layout/table'

// What many.ts is asked: keys, or keys each followed by a value, in the value area.

/** Where the next key or entry begins. */
let asked: u32 = 0

export function beginBatch(): void {
  asked = scratchValue()
}
// A group, prepared: 16 bytes each in the key area, which no call of many keys uses otherwise.

@unmanaged
@final
export class Prepared {
  /** The probe: a word, or the address of a sealed block. */
  probe: u64
  hash: u32
  /** Where the value begins that follows the key; the lowest bit says that the key is a block. */
  end: u32
}

@inline
export function prepared(index: u32): Prepared {
  return changetype<Prepared>(scratchKey() + (index << 4))
}

@inline
export function isBlockKey(key: Prepared): bool {
  return (key.end & 1) != 0
}

/**
 * Prepares the next keys, with or without values behind them, and asks for their buckets. Returns how many: fewer if what
 * follows is none, or goes beyond the area.
 */
export function prepareGroup(stripe: u32, count: u32, withValues: bool): u32 {
  const table = tableOf(stripe)
  for (let i: u32 = 0; i < count; i++) {
    const key = prepared(i)
    const end = endAt(asked, hasFlag(stripe, BOXED_KEYS))
    if (!end) return i
    const next = withValues && !hasFlag(stripe, NO_VALUES) ? endAt(end, hasFlag(stripe, BOXED_VALUES)) : end
    if (!next) return i
    prepareKey(stripe, key, end)
    prefetchSlots(headAt(table, startOf(stripe, key.hash)))
    asked = next
  }
  return count
}

function prepareKey(stripe: u32, key: Prepared, end: u32): void {
  key.end = end
  const meta = hasFlag(stripe, BOXED_KEYS) ? load<u32>(asked) : WORD
  if (isBlockMeta(meta)) {
    key.probe = asked
    key.hash = completeKey(asked, meta)
    key.end |= 1
    return
  }
  const word = load<u64>(hasFlag(stripe, BOXED_KEYS) ? asked + BLOCK_HEADER_BYTES : asked)
  const isNumber = meta == NUMBER || (!hasFlag(stripe, BOXED_KEYS) && !hasBigintKeys(stripe))
  key.probe = isNumber ? keyOfNumber(reinterpret<f64>(word)) : word
  key.hash = hashNumber(key.probe)
}

function hasBigintKeys(stripe: u32): bool {
  return changetype<Table>(tableOf(stripe)).keyKind == BIGINT_KIND
}

/** Where the key or value ends that begins here; 0: it is none, or goes on beyond what can be asked. */
function endAt(address: u32, isBoxed: bool): u32 {
  const left = scratch + SCRATCH_ANSWERS - address
  if (!isBoxed) return left >= 8 ? address + 8 : 0
  if (left < BLOCK_HEADER_BYTES) return 0
  const meta = load<u32>(address)
  const bytes = BLOCK_HEADER_BYTES + (isBlockMeta(meta) ? paddedBytes(meta) : 8)
  if (bytes > left || (!isBlockMeta(meta) && meta != NUMBER && isBlock(load<u64>(address, 8)))) return 0
  return address + bytes
}

/** Whether the value that stageGiven has made the word of is a block. */
export let isGivenBlock: bool = false

/** The word of the value that follows a key; 0 for a block: there is no memory for it. */
export function stageGiven(stripe: u32, key: Prepared): Word {
  const at = key.end & ~1
  isGivenBlock = false
  if (hasFlag(stripe, NO_VALUES)) return 0
  if (!hasFlag(stripe, BOXED_VALUES)) {
    const word = load<u64>(at)
    return hasFlag(stripe, RAW_VALUES) ? word : wordOfNumber(reinterpret<f64>(word))
  }
  const meta = load<u32>(at)
  isGivenBlock = isBlockMeta(meta)
  if (isGivenBlock) return newValue(at, meta)
  const word = load<u64>(at, BLOCK_HEADER_BYTES)
  return meta == WORD ? word : wordOfNumber(reinterpret<f64>(word))
}
