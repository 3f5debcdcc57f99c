import { BLOCK_HEADER_BYTES, NUMBER, paddedBytes, WORD } from '../../layout/block'
import { addressOf, isBlock, isBoxed, Word } from '../../layout/word'
import { Checkpoint, checkpoint } from '../../sync/checkpoint'
import { copyShared, isReadable } from '../../memory/contents'

// What an iteration appends to its batch: see iterate.ts. Each stores what a word stands for at `target`, if there is room, and returns
// where that ends in any case. 0: it is garbage.

/** Where the room ends. */
let outEnd: u32 = 0

/** From now on there is room up to here. */
export function setRoomEnd(end: u32): void {
  outEnd = end
}

/** Whether what ends at `target` has found room. Wide: of garbage the sum can be anything. */
@inline
export function isWithinRoom(target: u64): bool {
  return target <= u64(outEnd)
}

@inline
export function appendWord(target: u64, word: Word): u64 {
  if (isWithinRoom(target + 8)) store<u64>(u32(target), word)
  return target + 8
}

@inline
export function appendBoxed(target: u64, word: Word): u64 {
  if (isBlock(word)) return appendBlock(target, addressOf(word))
  if (isWithinRoom(target + 16)) {
    store<u64>(u32(target), isBoxed(word) ? WORD : NUMBER)
    store<u64>(u32(target), word, 8)
  }
  return target + 16
}

@inline
function appendBlock(target: u64, block: u32): u64 {
  if (!isReadable(block, BLOCK_HEADER_BYTES)) return 0
  const header = atomic.load<u64>(block)
  checkpoint(Checkpoint.HeaderSeen)
  const bytes = BLOCK_HEADER_BYTES + paddedBytes(u32(header))
  if (!isReadable(block, bytes)) return 0
  if (isWithinRoom(target + bytes)) {
    store<u64>(u32(target), header)
    copyShared(u32(target) + BLOCK_HEADER_BYTES, block + BLOCK_HEADER_BYTES, bytes - BLOCK_HEADER_BYTES)
  }
  return target + bytes
}
