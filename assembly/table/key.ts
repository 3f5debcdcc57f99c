import { BLOCK_HEADER_BYTES, Block, MIN_BLOCK_BYTES, blockBytes, paddedBytes, payloadBytes } from '../layout/block'
import { loadEndPages } from '../layout/heap'
import { PAGE_SHIFT, SCRATCH_KEY } from '../layout/limits'
import { scratch } from '../layout/thread'
import { hashBytes, hashNumber } from '../hash/mix'
import { classOf } from '../memory/classes'
import { ensureReach, extendReach, isWithinReach } from '../sync/reach'
import { allocateBlock, freeBlock, reserve, take } from '../memory/blocks'

/**
 * What differs between kinds of keys, decided at compile time. K is a marker: NumberKey or StringKey; isFloat<K>()
 * tells them apart.
 *
 *              key word in a slot              probe (what a search carries)
 *     number   the number's bits               the same
 *     string   hash << 32 | block address      address of a block in scratch, or of one in the heap
 */
export type NumberKey = f64
export type StringKey = u16

const CANONICAL_NAN: u64 = 0x7ff8000000000000

/** A number as a key: -0 is 0 and there is one NaN (SameValueZero). */
// @ts-ignore: decorator
@inline
export function numberProbe(key: f64): u64 {
  return key == key ? reinterpret<u64>(key + 0.0) : CANONICAL_NAN
}

/** Completes a block that JavaScript filled with bytes: pads, hashes, writes the header. Returns the hash. */
export function sealKey(source: u32, meta: u32): u32 {
  const hash = hashSealed(source, meta)
  store<u64>(source, u64(meta) | (u64(hash) << 32))
  return hash
}

function hashSealed(source: u32, meta: u32): u32 {
  pad(source, meta)
  return hashBytes(source + BLOCK_HEADER_BYTES, payloadBytes(meta))
}

/** Completes a block that is to be a value. */
export function sealValue(source: u32, meta: u32): void {
  pad(source, meta)
  store<u64>(source, u64(meta))
}

/** Zeroes what follows the last byte in its word. */
function pad(source: u32, meta: u32): void {
  const odd = payloadBytes(meta) & 7
  if (!odd) return
  const last = source + BLOCK_HEADER_BYTES + (payloadBytes(meta) & ~7)
  store<u64>(last, load<u64>(last) & ((u64(1) << u64(odd << 3)) - 1))
}

/** Whether the key word of a slot is the key sought. The word may be garbage when the chain changes underfoot. */
// @ts-ignore: decorator
@inline
export function keyMatches<K>(word: u64, probe: u64, hash: u32): bool {
  if (isFloat<K>()) return word == probe
  return u32(word >> 32) == hash && sameBlock(u32(word), u32(probe))
}

/** Hash of a key that is in a slot. */
// @ts-ignore: decorator
@inline
export function hashOfKey<K>(word: u64): u32 {
  if (isFloat<K>()) return hashNumber(word)
  return u32(word >> 32)
}

function sameBlock(stored: u32, source: u32): bool {
  const header = load<u64>(source)
  const bytes = paddedBytes(u32(header))
  if (!isReadable(stored, BLOCK_HEADER_BYTES + bytes)) return false
  // Pairs, by way of the slot's tophash word, with the plain stores that filled the block before it was published.
  if (atomic.load<u64>(stored) != header) return false
  for (let at: u32 = BLOCK_HEADER_BYTES; at <= bytes; at += 8) {
    if (atomic.load<u64>(stored + at) != load<u64>(source + at)) return false
  }
  return true
}

/**
 * Whether memory holds `bytes` at an address that an optimistic reader found and that may be garbage. What lies behind
 * the pages handed out is garbage; what this instance only does not see yet is brought within reach.
 */
export function isReadable(address: u32, bytes: u32): bool {
  if (address & 7) return false
  const end = u64(address) + u64(bytes)
  if (isWithinReach(end)) return true
  if (end > u64(loadEndPages()) << PAGE_SHIFT) return false
  extendReach(u32(end))
  return true
}

/** A copy of a key that is too long for scratch, made before the lock; 0 for none. */
let spareKey: u32 = 0

/** Before the lock: sees to it that takeKey cannot fail. False if there is no memory. */
// @ts-ignore: decorator
@inline
export function reserveKey<K>(probe: u64): bool {
  return isFloat<K>() ? true : reserveKeyBlock(u32(probe))
}

/** Under the lock: the key word for a new slot. */
// @ts-ignore: decorator
@inline
export function takeKey<K>(probe: u64, hash: u32): u64 {
  return isFloat<K>() ? probe : (u64(hash) << 32) | u64(takeKeyBlock(u32(probe)))
}

/** After the lock: frees what was reserved and not taken. */
// @ts-ignore: decorator
@inline
export function unreserveKey<K>(): void {
  if (!isFloat<K>() && spareKey) dropSpareKey()
}

function reserveKeyBlock(source: u32): bool {
  const bytes = blockBytes(changetype<Block>(source).meta)
  if (isInScratch(source)) return reserve(classOf(bytes), 1)
  spareKey = allocateBlock(bytes)
  if (spareKey) copyWords(spareKey, source, bytes)
  return spareKey != 0
}

function takeKeyBlock(source: u32): u32 {
  let block = spareKey
  spareKey = 0
  if (block) return block
  const meta = changetype<Block>(source).meta
  block = take(classOf(blockBytes(meta)))
  copyWords(block, source, BLOCK_HEADER_BYTES + paddedBytes(meta))
  return block
}

function dropSpareKey(): void {
  const block = spareKey
  spareKey = 0
  releaseBlock(block)
}

/** After the lock: frees what a removed key took. */
// @ts-ignore: decorator
@inline
export function releaseKey<K>(word: u64): void {
  if (!isFloat<K>()) releaseBlock(u32(word))
}

function isInScratch(source: u32): bool {
  return source == scratch + SCRATCH_KEY
}

/** Copies private memory word by word: for short blocks faster than memory.copy. */
export function copyWords(target: u32, source: u32, bytes: u32): void {
  if (bytes > 128) {
    memory.copy(target, source, bytes)
    return
  }
  for (let at: u32 = 0; at < bytes; at += 8) store<u64>(target + at, load<u64>(source + at))
}

/** Frees a block that no slot refers to any more. */
export function releaseBlock(block: u32): void {
  ensureReach(block + MIN_BLOCK_BYTES)
  freeBlock(block, blockBytes(changetype<Block>(block).meta))
}

