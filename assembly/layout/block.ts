/**
 * A block: the bytes of one string, with what is needed to compare it. The same shape lies in the scratch page (a
 * key on its way in, a value on its way out) and in the heap, so that one routine serves both.
 *
 *     0        4        8
 *     +--------+--------+-----------------------+
 *     | meta   | hash   | bytes, padded with 0  |
 *     +--------+--------+-----------------------+
 *
 * meta   byte length << 1 | 1 where each code unit takes two bytes (UTF-16), 0 where one does (Latin-1).
 *        A string that fits into Latin-1 is always stored so: equal strings have equal blocks.
 * hash   of the bytes, 32 bits; 0 in blocks that are values.
 */
@unmanaged
@final
export class Block {
  meta: u32
  hash: u32
}

export const BLOCK_HEADER_BYTES: u32 = 8
/** A free block holds three links. */
export const MIN_BLOCK_BYTES: u32 = 16

// @ts-ignore: decorator
@inline
export function payloadBytes(meta: u32): u32 {
  return meta >> 1
}

/** Payload length rounded up to whole words. */
// @ts-ignore: decorator
@inline
export function paddedBytes(meta: u32): u32 {
  return (payloadBytes(meta) + 7) & ~7
}

/** Bytes that a block with this meta takes. */
// @ts-ignore: decorator
@inline
export function blockBytes(meta: u32): u32 {
  return max<u32>(MIN_BLOCK_BYTES, BLOCK_HEADER_BYTES + paddedBytes(meta))
}
