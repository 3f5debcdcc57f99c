import { BLOCK_HEADER_BYTES, blockBytes, isBlockMeta, NUMBER, paddedBytes, WORD } from '../layout/block'
import { PAGE_BYTES, SCRATCH_VALUE } from '../layout/limits'
import { BOXED_VALUES, RAW_VALUES } from '../layout/record'
import { Operand, results, scratchValue } from '../layout/scratch'
import { FOUND } from '../layout/status'
import { hasFlag } from '../layout/stripe'
import { scratch, SPILL_HAND, VALUE_HAND } from '../layout/thread'
import { addressOf, isBlock, isBoxed, looksLikeNaN, Word, wordOfBlock, wordOfNumber } from '../layout/word'
import { Checkpoint, checkpoint } from '../sync/checkpoint'
import { allocateBlock, looseHandOf, noteHandedOver, noteTaken, releaseHand } from './blocks'
import { completeValue, copyShared, copyWords, isReadable } from './contents'
import { addressIn, bytesIn, handAt } from './hands'

/**
 * What a read brings out of a slot, decided at compile time by the marker V:
 *
 *     BoxedValue      a number is the result itself; NaN stands for anything else, which results() describe
 *     BlockValue      a block, copied to where JavaScript decodes it; the result is its meta word
 *     DescribedValue  whatever it is, results() describe it; the result is 1
 *     NoValue         only that there is one: 1
 *
 * results() describe a value by `meta`: NUMBER or WORD with `word`, or a block's meta with the `address` of its copy.
 */
export type BoxedValue = f64
export type BlockValue = u16
export type DescribedValue = u32
export type NoValue = bool

@inline
export function isBoxedValue<V>(): bool {
  return isFloat<V>()
}

@inline
export function isBlockValue<V>(): bool {
  return sizeof<V>() == sizeof<BlockValue>()
}

@inline
export function isNoValue<V>(): bool {
  return sizeof<V>() == sizeof<NoValue>()
}

/** Bytes that the last copy lacked; 0 if it fitted. Counts only if the chain had not changed meanwhile. */
export let lacking: u32 = 0
/** Instead: there was no block to be copied. */
export const UNREADABLE: u32 = u32.MAX_VALUE

/** Copies what a value word stands for to where the marker says. Returns the word, the block's meta, or 1. */
@inline
export function copyOut<V>(stripe: u32, word: Word): u64 {
  if (isNoValue<V>()) return 1
  if (isBoxedValue<V>()) {
    if (looksLikeNaN(word)) describe(stripe, word)
    return word
  }
  if (isBlockValue<V>()) return copyBlock(addressOf(word))
  describe(stripe, word)
  return 1
}

/** Whether there was room for what copyOut copied. A number needs none, and has no need to look. */
@inline
export function hasFitted<V>(word: u64): bool {
  if (isNoValue<V>()) return true
  return (isBoxedValue<V>() && !looksLikeNaN(word)) || !lacking
}

/** Describes a value in results(), a block by a copy. */
export function describe(stripe: u32, word: Word): void {
  results().status = FOUND
  if (hasFlag(stripe, BOXED_VALUES) && isBlock(word)) {
    results().meta = u32(copyBlock(addressOf(word)))
    return
  }
  lacking = 0
  results().meta = hasFlag(stripe, RAW_VALUES) || isBoxed(word) ? WORD : NUMBER
  results().word = word
}

/** Copies a block that may be freed and filled again meanwhile: bounded by what memory there is, and by the room. */
function copyBlock(block: u32): u64 {
  lacking = UNREADABLE
  if (!isReadable(block, BLOCK_HEADER_BYTES)) return 0
  const header = atomic.load<u64>(block)
  checkpoint(Checkpoint.HeaderSeen)
  const bytes = BLOCK_HEADER_BYTES + paddedBytes(u32(header))
  if (!isReadable(block, bytes)) return 0
  lacking = 0
  const target = roomFor(bytes)
  if (!target) {
    lacking = bytes
    return 0
  }
  store<u64>(target, header)
  copyShared(target + BLOCK_HEADER_BYTES, block + BLOCK_HEADER_BYTES, bytes - BLOCK_HEADER_BYTES)
  results().address = target
  return u64(u32(header))
}

// ---- Where results go: a part of the scratch page, else the spill. ----

const VALUE_AREA_BYTES: u32 = PAGE_BYTES - SCRATCH_VALUE
/** How much of the value area is taken, and whether a spill will do as well. */
let taken: u32 = 0
export let maySpill: bool = true

/** Values are copied to this address in the value area, and must fit there. */
export function useRoomAt(address: u32): void {
  taken = address - scratchValue()
  maySpill = false
}

/** Keeps values out of the scratch page, where a long key lies. */
export function useSpillOnly(): void {
  taken = VALUE_AREA_BYTES
}

export function useDefaultRoom(): void {
  taken = 0
  maySpill = true
}

@inline
function roomFor(bytes: u32): u32 {
  if (bytes <= VALUE_AREA_BYTES - taken) return scratchValue() + taken
  const spill = handAt(SPILL_HAND)
  return maySpill && bytes <= bytesIn(spill) ? addressIn(spill) : 0
}

// ---- Values on their way in, and out for good. ----

// The block of a new value waits in VALUE_HAND, or in one of LOOSE_HANDS if JavaScript has made it. The block of a value
// that an entry has lost is in VALUE_HAND until it is freed.

/** See handOfNewValue. */
let newValueHand: u32 = 0

/** The word of a value that lies as a block at `source`: a copy, or the source itself if it is in the heap. 0: no memory. */
export function newValue(source: u32, meta: u32): Word {
  completeValue(source, meta)
  if (isInHeap(source)) {
    newValueHand = looseHandOf(source)
    return newValueHand ? wordOfBlock(source) : 0
  }
  newValueHand = handAt(VALUE_HAND)
  const block = allocateBlock(blockBytes(meta), newValueHand)
  if (!block) return 0
  copyWords(block, source, BLOCK_HEADER_BYTES + paddedBytes(meta))
  checkpoint(Checkpoint.BlockFilled)
  return wordOfBlock(block)
}

/** The hand that the block of the last new value is in. */
export function handOfNewValue(): u32 {
  return newValueHand
}

/** After a failure: frees a block that newValue made. One that came from outside is the caller's again. */
export function dropValue(): void {
  if (newValueHand == handAt(VALUE_HAND)) releaseHand(newValueHand)
}

/** Under the lock: the new value, if it is a block, is the entry's when this is committed. */
@inline
export function noteNewValue(stripe: u32, word: Word): void {
  if (hasFlag(stripe, BOXED_VALUES) && isBlock(word)) noteHandedOver(newValueHand)
}

/** Under the lock: takes the block of a value that its entry is about to lose in hand. */
@inline
export function noteOldValue(stripe: u32, word: Word): void {
  if (hasFlag(stripe, BOXED_VALUES) && isBlock(word)) noteTaken(handAt(VALUE_HAND), addressOf(word))
}

/** After the lock: frees what the value took. */
@inline
export function releaseOldValue(stripe: u32): void {
  if (hasFlag(stripe, BOXED_VALUES)) releaseHand(handAt(VALUE_HAND))
}

/** The word that stageValue made. */
export let staged: Word = 0

/** Makes the word of a value operand. False if there is no memory for its block. */
export function stageValue(operand: Operand): bool {
  if (isBlockMeta(operand.meta)) {
    staged = newValue(operand.source, operand.meta)
    return staged != 0
  }
  staged = operand.meta == NUMBER ? wordOfNumber(reinterpret<f64>(operand.word)) : operand.word
  return true
}

/** The staged value has not become anybody's. */
export function unstageValue(operand: Operand): void {
  if (isBlockMeta(operand.meta)) dropValue()
}

function isInHeap(source: u32): bool {
  return source - scratch >= PAGE_BYTES
}

/** Whether so many bytes of a block fit into the scratch page. */
export function fitsValueArea(bytes: u32): bool {
  return bytes <= VALUE_AREA_BYTES
}

/** After the lock: describes the value that an entry has lost, and which fits into the scratch page, and frees it. */
export function handOut(stripe: u32, word: Word): void {
  describe(stripe, word)
  releaseOldValue(stripe)
}
