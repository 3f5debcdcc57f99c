import { HEADER_PAGES, PAGE_SHIFT } from './limits'

/**
 * The 64-bit word of a key or value in a table of kind string, bytes or any. A double is itself; whatever else there is
 * hides among the NaNs that no arithmetic makes and no JavaScript can tell apart.
 *
 *     63            51 50          29 28              0
 *     +---------------+--------------+----------------+
 *     |       a double that is none of the below      |    NaN only as CANONICAL_NAN
 *     +---------------+--------------+----------------+
 *     | 1111111111111 | hash, low 22 | address / 8    |    a block; hash is 0 in values
 *     +---------------+--------------+----------------+
 *     | 1111111111111 | 0            | 1 to 4         |    undefined, null, false, true
 *     +---------------+--------------+----------------+
 *
 * Tables of kind number hold doubles, those of kind bigint any 64 bits; in neither is there a block.
 */
export type Word = u64

const BOXED: u64 = 0xfff8_0000_0000_0000
export const HASH_SHIFT: u64 = 29
const ADDRESS_MASK: u64 = 0x1fff_ffff
/** Bits of a block's hash that its word holds: the lowest ones, which choose the bucket. */
export const HASH_BITS: u32 = 22
const HASH_MASK: u64 = (1 << 22) - 1
/** The first word that can be a block's: no block lies in the heap's header. */
const FIRST_BLOCK: u64 = BOXED + (HEADER_PAGES << (PAGE_SHIFT - 3))

const CANONICAL_NAN: u64 = 0x7ff8_0000_0000_0000
const INFINITY_BITS: u64 = 0x7ff0_0000_0000_0000
const MAGNITUDE: u64 = 0x7fff_ffff_ffff_ffff

/** A double as a word. */
@inline
export function wordOfNumber(value: f64): Word {
  return value == value ? reinterpret<u64>(value) : CANONICAL_NAN
}

/** A number as a key: -0 is 0 and there is one NaN (SameValueZero). */
@inline
export function keyOfNumber(value: f64): Word {
  return value == value ? reinterpret<u64>(value + 0.0) : CANONICAL_NAN
}

/** A block that is a value. */
@inline
export function wordOfBlock(address: u32): Word {
  return BOXED | u64(address >> 3)
}

/** A block that is a key. */
@inline
export function keyOfBlock(address: u32, hash: u32): Word {
  return wordOfBlock(address) | ((u64(hash) & HASH_MASK) << HASH_SHIFT)
}

@inline
export function isBlock(word: Word): bool {
  return word >= FIRST_BLOCK
}

/** Whether a word is a block or one of the four that are neither block nor number. */
@inline
export function isBoxed(word: Word): bool {
  return word >= BOXED
}

/** Whether a word, seen as a double, is NaN: the canonical one, or boxed. */
@inline
export function looksLikeNaN(word: Word): bool {
  return (word & MAGNITUDE) > INFINITY_BITS
}

@inline
export function addressOf(word: Word): u32 {
  return u32(word & ADDRESS_MASK) << 3
}

/** Whether a word may be the key with this hash: all that can be told without a look at its block. */
@inline
export function hasHash(word: Word, hash: u32): bool {
  return word >> HASH_SHIFT == ((BOXED >> HASH_SHIFT) | (u64(hash) & HASH_MASK))
}

/** The lowest HASH_BITS bits of the hash of a key that is a block. */
@inline
export function hashBitsOf(word: Word): u32 {
  return u32((word >> HASH_SHIFT) & HASH_MASK)
}

/** One of the lowest HASH_BITS bits of the hash of a key that is a block. */
@inline
export function hashBitOf(word: Word, bit: u32): u32 {
  return u32(word >> (HASH_SHIFT + u64(bit))) & 1
}
