import { BLOCK_HEADER_BYTES, Block, blockBytes } from '../layout/block'
import { loadValue } from '../layout/bucket'
import { results } from '../layout/scratch'
import { ABSENT, FOUND } from '../layout/status'
import { BOXED_VALUES, hasFlag } from '../layout/table'
import { addressOf, isBlock } from '../layout/word'
import { unlockUnchanged } from '../sync/lock'
import { ensureReach } from '../sync/reach'
import { findLocked, lockHome, obstacle } from './locate'
import { describe } from './value'

// Hold: a read without a copy, for a value so large that a full heap has no room for one. The chain stays locked, so
// that the block stays what it is, while JavaScript decodes it.

/** The chain that this thread holds; 0 for none. */
let held: u32 = 0

/** Locks the chain of a key and describes its value, a block by its own address. FOUND: letGo() must follow. */
export function hold<K>(stripe: u32, probe: u64, hash: u32): i32 {
  const head = lockHome(stripe, hash)
  if (!head) return obstacle
  const ref = findLocked<K>(head, probe, hash)
  if (!ref) {
    unlockUnchanged(head)
    return ABSENT
  }
  held = head
  const word = loadValue(ref)
  if (!hasFlag(stripe, BOXED_VALUES) || !isBlock(word)) {
    describe(stripe, word)
    return FOUND
  }
  const block = addressOf(word)
  ensureReach(block + BLOCK_HEADER_BYTES)
  ensureReach(block + blockBytes(changetype<Block>(block).meta))
  results().meta = changetype<Block>(block).meta
  results().address = block
  return FOUND
}

/** Unlocks the chain. */
export function letGo(): void {
  unlockUnchanged(held)
  held = 0
}
