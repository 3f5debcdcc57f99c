import { BLOCK_HEADER_BYTES } from '../../layout/block'
import { KEY_AWAITED, results } from '../../layout/scratch'
import { addressOf, keyOfBlock, Word } from '../../layout/word'
import { isReadable } from '../../memory/contents'
import { retiredAt } from '../../memory/retired'

/**
 * Keys that are known by their blocks. Who has found the entry of a string once, and asks for it again, need not encode it, hash it or
 * compare it: in the slot is the same word as long as the entry is there, since its block stays where it is, whatever is set, moved or split.
 * So such a key is sought like a number, by its word. What has to be shown is that the block is still this key's:
 *
 *     the block   was this key's when its counter was read (memory/retired.ts): the read that tells both sees the lock word unchanged after it
 *     since then  nobody who gave up a key that lay there has counted, so nobody has given up this one
 *
 * And if the block is this key's then the slot with its word is its entry, in whatever table: a word is in one. Who does not find it has learned
 * nothing, as the key may have been removed and set again: OUTDATED, and it is looked for by its bytes.
 *
 * Whatever a caller says, what is read is a slot of the table, and a counter; of a cache also a word of this heap, which counts only if the
 * counter says so.
 */

/** What the counter has to be: of the key that is sought. */
let retiredThen: u64 = 0

/** The word of a key that is known by this hash and block, and counter. It is the one that is sought from now on. */
@inline
export function knownKey(hash: u32, block: u32, retired: f64): Word {
  retiredThen = reinterpret<u64>(retired)
  return keyOfBlock(block, hash)
}

/** Whether the block of the key that is sought is still that key's, for who has found its word under a lock word. */
@inline
export function isStillKnown(word: Word): bool {
  return retiredAt(addressOf(word)) == retiredThen
}

/** Whether it is at present, and then `knownMeta` is its meta word. */
export function readKnownMeta(word: Word): bool {
  const block = addressOf(word)
  if (!isReadable(block, BLOCK_HEADER_BYTES)) return false
  knownMeta = u32(atomic.load<u64>(block)) // of a block that was the key's still when the counter is read
  return isStillKnown(word)
}

export let knownMeta: u32 = 0

/** Whether somebody wants to know the block of the key that this read finds. */
@inline
export function isKeyAwaited(): bool {
  return results().keyBlock == KEY_AWAITED
}

/** Tells it. The counter was read before the lock word was seen unchanged. */
@inline
export function tellKey(word: Word, retired: u64): void {
  results().keyBlock = addressOf(word)
  results().retired = retired
}
