import { Block, BLOCK_HEADER_BYTES, blockBytes, paddedBytes } from '../../layout/block'
import { scratchKey } from '../../layout/scratch'
import { KEY_HAND } from '../../layout/thread'
import { addressOf, HASH_BITS, hasHash, hashBitOf, hashBitsOf, isBlock, keyOfBlock, Word } from '../../layout/word'
import { hashNumber } from '../../hash/mix'
import { Checkpoint, checkpoint } from '../../sync/checkpoint'
import { ensureReach } from '../../sync/reach'
import { allocateBlock, noteHandedOver, noteTaken, releaseHand } from '../../memory/blocks'
import { classOf } from '../../memory/classes'
import { copyWords, isReadable, sameBlock } from '../../memory/contents'
import { addressIn, handAt } from '../../memory/hands'
import { notePopped, reserved } from '../../memory/lists'
import { retire } from '../../memory/retired'
import { reserve } from '../../memory/supply'
import { isStillKnown } from './known'

/**
 * How a key is sought, decided at compile time by the marker K (isFloat<K>() tells them apart).
 *
 *     WordKey    the probe is the very word that lies in the slot: numbers, bigints of 64 bits, undefined, booleans ...
 *     BlockKey   the probe is the address of a sealed block, in scratch or in the heap: strings, bytes, large bigints
 *     KnownKey   the probe is the word of a block in the heap, which was that of the key that is sought: see known.ts
 *
 * A table of kind any is searched in all ways. The word of a block is never the word of anything else.
 */
export type WordKey = f64
export type BlockKey = u16
export type KnownKey = f32

/** Whether a key that is not found may be there all the same. */
@inline
export function isKnownKey<K>(): bool {
  return isFloat<K>() && sizeof<K>() == sizeof<KnownKey>()
}

/** How the keys of a table are kept: as plain words, or as words of which some are blocks. See layout/word.ts. */
export type PlainKeys = f64
export type BoxedKeys = u16

/** Whether the key word of a slot is the key sought. The word may be garbage when the chain changes underfoot. */
@inline
export function keyMatches<K>(word: Word, probe: u64, hash: u32): bool {
  if (isKnownKey<K>()) return word == probe && isStillKnown(word)
  if (isFloat<K>()) return word == probe
  return hasHash(word, hash) && sameBlock(addressOf(word), u32(probe))
}

/** One bit of the hash of a key in a slot that this thread has locked. Mostly without a look at the block. */
@inline
export function hashBitOfKey<Keys>(word: Word, bit: u32): u32 {
  if (isFloat<Keys>() || !isBlock(word)) return (hashNumber(word) >> bit) & 1
  return bit < HASH_BITS ? hashBitOf(word, bit) : (hashInBlock(addressOf(word)) >> bit) & 1
}

/** Hash of a key in a slot that this thread has locked. */
export function hashOfKey<Keys>(word: Word): u32 {
  if (isFloat<Keys>() || !isBlock(word)) return hashNumber(word)
  return hashInBlock(addressOf(word))
}

/**
 * As many low bits of it as this mask has. Mostly from the word, and not only because that is quicker: of an entry that a split has moved
 * on, the block may be another's by now.
 */
export function hashBitsOfKey<Keys>(word: Word, mask: u32): u32 {
  if (isFloat<Keys>() || !isBlock(word)) return hashNumber(word) & mask
  return (mask < 1 << HASH_BITS ? hashBitsOf(word) : hashInBlock(addressOf(word))) & mask
}

function hashInBlock(block: u32): u32 {
  ensureReach(block + BLOCK_HEADER_BYTES)
  return changetype<Block>(block).hash
}

/** The block of a key that an optimistic reader found is not one: the chain has changed. */
export let isGarbage: bool = false

/** Hash of a key that an optimistic reader found; sets `isGarbage`. */
export function hashOfSeenKey(word: Word, areBoxed: bool): u32 {
  isGarbage = false
  if (!areBoxed || !isBlock(word)) return hashNumber(word)
  const block = addressOf(word)
  isGarbage = !isReadable(block, BLOCK_HEADER_BYTES)
  return isGarbage ? 0 : u32(atomic.load<u64>(block) >> 32) // pairs as sameBlock in memory/contents.ts does
}

// A new key's block is made under the lock, from a block that was reserved; only that of a key that is too long for
// scratch is made before, and waits in KEY_HAND.

/** Before the lock: sees to it that noteKey cannot fail. False if there is no memory. */
@inline
export function reserveKey<K>(probe: u64, mayWait: bool): bool {
  return isFloat<K>() ? true : reserveKeyBlock(u32(probe), mayWait)
}

/** Under the lock: the key word for a new slot, whose block is the table's when this is committed. */
@inline
export function noteKey<K>(probe: u64, hash: u32): Word {
  return isFloat<K>() ? probe : keyOfBlock(noteKeyBlock(u32(probe)), hash)
}

/** After the lock: frees what was reserved and not taken. */
@inline
export function unreserveKey<K>(): void {
  if (!isFloat<K>()) releaseHand(handAt(KEY_HAND))
}

function reserveKeyBlock(source: u32, mayWait: bool): bool {
  const bytes = blockBytes(changetype<Block>(source).meta)
  if (!mayWait) return source == scratchKey() && reserved(classOf(bytes)) != 0
  if (source == scratchKey()) return reserve(classOf(bytes), 1)
  const block = allocateBlock(bytes, handAt(KEY_HAND))
  if (block) copyWords(block, source, BLOCK_HEADER_BYTES + paddedBytes(changetype<Block>(source).meta))
  return block != 0
}

function noteKeyBlock(source: u32): u32 {
  if (source != scratchKey()) { // else what is in the hand is another key's: an exception has left it
    const block = addressIn(handAt(KEY_HAND))
    noteHandedOver(handAt(KEY_HAND))
    return block
  }
  const meta = changetype<Block>(source).meta
  const block = notePopped(classOf(blockBytes(meta)))
  copyWords(block, source, BLOCK_HEADER_BYTES + paddedBytes(meta))
  checkpoint(Checkpoint.BlockFilled)
  return block
}

/** Takes the block of a key that is about to be removed in hand, where releaseKey finds it: before anybody else can have it. */
@inline
export function noteRemovedKey<K>(word: Word): void {
  if (isFloat<K>()) return
  retire(addressOf(word))
  checkpoint(Checkpoint.KeyRetired)
  noteTaken(handAt(KEY_HAND), addressOf(word))
}

/** After the lock: frees what a removed key took. */
@inline
export function releaseKey<K>(): void {
  if (!isFloat<K>()) releaseHand(handAt(KEY_HAND))
}
