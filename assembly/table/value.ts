import { BLOCK_HEADER_BYTES, blockBytes, paddedBytes } from '../layout/block'
import { FOR_SCRATCH } from '../layout/heap'
import { PAGE_BYTES, PAGE_SHIFT, SCRATCH_VALUE } from '../layout/limits'
import { NUMBER_KIND, valueKindOf } from '../layout/table'
import { me, results, scratchValue } from '../layout/thread'
import { allocateBlock } from '../memory/blocks'
import { allocatePages, freePages, pagesFor } from '../memory/pages'
import { copyWords, isReadable, releaseBlock, sealValue } from './key'

/**
 * What a read brings out of a slot, decided at compile time by the marker V:
 *
 *     NumberValue   the number itself
 *     BlockValue    the block, copied to where JavaScript decodes it; the result is its meta word
 *     NoValue       only that there is one
 */
export type NumberValue = f64
export type BlockValue = u16
export type NoValue = bool

/** Bytes that the last copy lacked; 0 if it fitted. Counts only if the chain had not changed meanwhile. */
export let lacking: u32 = 0

// @ts-ignore: decorator
@inline
export function copyOut<V>(word: u64): u64 {
  if (isFloat<V>()) return word
  if (sizeof<V>() == sizeof<NoValue>()) return 1
  return copyOutBlock(u32(word))
}

/** Copies a block that may be freed and filled again meanwhile: bounded by what memory there is, and by the room. */
function copyOutBlock(block: u32): u64 {
  lacking = 0
  if (!isReadable(block, BLOCK_HEADER_BYTES)) return 0
  const header = atomic.load<u64>(block)
  const bytes = BLOCK_HEADER_BYTES + paddedBytes(u32(header))
  if (!isReadable(block, bytes)) return 0
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

/** Copies memory that others may write. Pairs as sameBlock in key.ts does. */
export function copyShared(target: u32, source: u32, bytes: u32): void {
  for (let at: u32 = 0; at < bytes; at += 8) store<u64>(target + at, atomic.load<u64>(source + at))
}

/** Where results of this size go: the scratch page, else the spill, else 0: makeRoom first. */
// @ts-ignore: decorator
@inline
function roomFor(bytes: u32): u32 {
  if (bytes <= PAGE_BYTES - SCRATCH_VALUE) return scratchValue()
  return bytes <= me().spillPages << PAGE_SHIFT ? me().spill : 0
}

/** Gets a spill of at least `bytes`. False if there is no memory. Never while a lock is held. */
export function makeRoom(bytes: u32): bool {
  dropSpill()
  const pages = pagesFor(bytes)
  const spill = allocatePages(pages, FOR_SCRATCH)
  if (!spill) return false
  me().spill = spill
  me().spillPages = pages
  return true
}

/** Gives the spill back, if there is one. */
export function dropSpill(): void {
  if (!me().spill) return
  const spill = me().spill
  me().spill = 0
  freePages(spill, me().spillPages, FOR_SCRATCH)
  me().spillPages = 0
}

/** A block in the heap for a value that lies at `source`: a copy, or the source itself if it is a block already. */
export function newValue(source: u32, meta: u32): u32 {
  sealValue(source, meta)
  if (source != scratchValue()) return source
  const block = allocateBlock(blockBytes(meta))
  if (block) copyWords(block, source, BLOCK_HEADER_BYTES + paddedBytes(meta))
  return block
}

/** Frees what a value took that no slot refers to any more. */
// @ts-ignore: decorator
@inline
export function releaseValue(stripe: u32, value: u64): void {
  if (valueKindOf(stripe) != NUMBER_KIND) releaseBlock(u32(value))
}
