import { BLOCK_HEADER_BYTES, paddedBytes, payloadBytes } from '../layout/block'
import { loadEndPages } from '../layout/heap'
import { PAGE_SHIFT } from '../layout/limits'
import { hashBytes } from '../hash/mix'
import { extendReach, isWithinReach } from '../sync/reach'

// What is in blocks: completing what JavaScript wrote, copying, comparing.

/** Completes a block that is to be a key: pads, hashes, writes the header. Returns the hash. */
export function completeKey(source: u32, meta: u32): u32 {
  pad(source, meta)
  const hash = hashBytes(source + BLOCK_HEADER_BYTES, payloadBytes(meta))
  store<u64>(source, u64(meta) | (u64(hash) << 32))
  return hash
}

/** Completes a block that is to be a value. */
export function completeValue(source: u32, meta: u32): void {
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

/** Whether the block at `stored`, perhaps garbage, has the header and the bytes of the completed block at `source`. */
export function sameBlock(stored: u32, source: u32): bool {
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

/** Copies memory that others may write. Pairs as sameBlock does. */
export function copyShared(target: u32, source: u32, bytes: u32): void {
  for (let at: u32 = 0; at < bytes; at += 8) store<u64>(target + at, atomic.load<u64>(source + at))
}

/** Copies private memory word by word: for short blocks faster than memory.copy. */
export function copyWords(target: u32, source: u32, bytes: u32): void {
  if (bytes > 128) {
    memory.copy(target, source, bytes)
    return
  }
  for (let at: u32 = 0; at < bytes; at += 8) store<u64>(target + at, load<u64>(source + at))
}
