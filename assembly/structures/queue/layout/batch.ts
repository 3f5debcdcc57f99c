import { BYTES, TYPE_BITS } from '../../../layout/block'

/**
 * A batch: items that one thread has received and not done with. They have left the ring, but are the queue's still: if the
 * thread lets go of the queue, or dies, the batch goes among those that came back, which are taken from first. A block, of
 * the allocator's as those of values are.
 *
 *     0     meta, next batch
 *     8     thread that has it (0: nobody, it came back or is done with), words
 *     16    index of the first word that is left, the position that word 0 had in the queue
 *     32    words
 */
@unmanaged
@final
export class Batch {
  meta: u32
  next: u32
  owner: u32
  count: u32
  first: u64
  stamp: u64
}

export const BATCH_HEADER_BYTES: u32 = 32
/** Items of one batch. */
export const MOST_IN_BATCH: u32 = 4096

@inline
export function batchAt(address: u32): Batch {
  return changetype<Batch>(address)
}

/** The meta word of a batch with room for so many: that of a block of bytes. */
@inline
export function batchMeta(count: u32): u32 {
  return ((BATCH_HEADER_BYTES - 8 + (count << 3)) << TYPE_BITS) | BYTES
}

@inline
export function wordOfBatch(batch: u32, index: u64): u32 {
  return batch + BATCH_HEADER_BYTES + (u32(index) << 3)
}

@inline
export function firstWord(batch: u32): u32 {
  return batch + u32(offsetof<Batch>('first'))
}

@inline
export function ownerWord(batch: u32): u32 {
  return batch + u32(offsetof<Batch>('owner'))
}

/** Address of the word that leads to the next batch. */
@inline
export function nextWord(batch: u32): u32 {
  return batch + u32(offsetof<Batch>('next'))
}

/** Items that are left in it. */
@inline
export function leftIn(batch: u32): u32 {
  return batchAt(batch).count - u32(batchAt(batch).first)
}

/** The position that its first item had. */
@inline
export function stampOf(batch: u32): u64 {
  return batchAt(batch).stamp + batchAt(batch).first
}
