/**
 * A block: the bytes of one key or value that does not fit into a word. The same shape lies in the scratch page (a key
 * on its way in, a value on its way out) and in the heap, so that one routine serves both.
 *
 *     0        4        8
 *     +--------+--------+-----------------------+
 *     | meta   | hash   | bytes, padded with 0  |
 *     +--------+--------+-----------------------+
 *
 * meta   byte length << 3 | type
 * hash   of the bytes, 32 bits; 0 in blocks that are values
 *
 * Equal keys have equal blocks: a string that fits into Latin-1 is always stored so, a bigint has as few words as hold it.
 */
@unmanaged
@final
export class Block {
  meta: u32
  hash: u32
}

/** What the bytes are. The core only tells blocks from words; the rest is between JavaScript and JavaScript. */
export const LATIN1: u32 = 0
export const UTF16: u32 = 1
export const BYTES: u32 = 2
export const BIGINT: u32 = 3
export const OBJECT: u32 = 4
/** Not a block: a double, or a word as it is (layout/word.ts). */
export const NUMBER: u32 = 6
export const WORD: u32 = 7

export const TYPE_BITS: u32 = 3
export const TYPE_MASK: u32 = 7

export const BLOCK_HEADER_BYTES: u32 = 8
/** A free block holds three links. */
export const MIN_BLOCK_BYTES: u32 = 16

/** Whether what a meta word describes is a block. */
@inline
export function isBlockMeta(meta: u32): bool {
  return (meta & TYPE_MASK) < NUMBER
}

@inline
export function payloadBytes(meta: u32): u32 {
  return meta >> TYPE_BITS
}

/** Whether what a meta word describes is an object, which only JavaScript can read. */
@inline
export function isObjectMeta(meta: u32): bool {
  return (meta & TYPE_MASK) == OBJECT
}

/** Payload length rounded up to whole words. */
@inline
export function paddedBytes(meta: u32): u32 {
  return (payloadBytes(meta) + 7) & ~7
}

/** Bytes that a block with this meta takes. */
@inline
export function blockBytes(meta: u32): u32 {
  return max<u32>(MIN_BLOCK_BYTES, BLOCK_HEADER_BYTES + paddedBytes(meta))
}
