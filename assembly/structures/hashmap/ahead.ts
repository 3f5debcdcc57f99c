import { BLOCK_HEADER_BYTES } from '../../layout/block'
import { BOXED_KEYS, BOXED_VALUES } from '../../layout/record'
import { addressOf, isBlock, Word } from '../../layout/word'
import { hashAt, intervalEnd } from '../../hash/order'
import { isWithinReach } from '../../sync/reach'
import { baseOfSlot, Bucket, BUCKET_BYTES, firstSlot, overflowOf, prefetchSlots, usedSlots } from './layout/bucket'
import { headAt, maskOf, tableOf, TableStripe } from './layout/table'

/**
 * What an iteration comes to next, asked for while it copies a chain: each block lies somewhere else, and one that is not in the cache takes longer to
 * come than all of its chain takes to copy. So the blocks of a bucket, and those of its neighbours, are on their way together.
 *
 * There is no prefetch instruction in WebAssembly; a load that nobody uses stays, because it could trap, and nothing waits for it.
 * Nothing depends on what is read here either: the chains are not locked and may change, so the loads are plain ones, and what looks like
 * the address of a block can be garbage. It only has to be within reach.
 */

/** The head behind the next one, as the last chain saw it: a head for ever, if another table's now. 0: there was no chain. */
let ahead: u32 = 0

/**
 * Asks for the blocks of the head at `place`, of which the chain before this one has asked for the bucket, and for the bucket of the
 * head behind that, if it has this depth.
 */
@inline
export function lookAhead(stripe: u32, place: u32, depth: u32, boxed: u32): void {
  if (boxed) touchBlocks(ahead, usedSlots(load<u64>(ahead, offsetof<Bucket>('tophash'))), boxed)
  touchOverflow(overflowOf(load<u32>(ahead, offsetof<Bucket>('next'))))
  const hash = hashAt(intervalEnd(place, depth) + 1)
  ahead = headAt(tableOf(stripe), hash & maskOf(changetype<TableStripe>(stripe).level))
  load<u64>(ahead)
  prefetchSlots(ahead)
}

/** The blocks of these slots; `boxed`: of keys, of values or of both. */
function touchBlocks(bucket: u32, slots: u64, boxed: u32): void {
  for (let used = slots; used; used &= used - 1) {
    const base = baseOfSlot(bucket, firstSlot(used))
    if (boxed & BOXED_KEYS) touch(load<u64>(base, offsetof<Bucket>('key0')))
    if (boxed & BOXED_VALUES) touch(load<u64>(base, offsetof<Bucket>('value0')))
  }
}

@inline
function touch(word: Word): void {
  if (isBlock(word) && isWithinReach(u64(addressOf(word)) + BLOCK_HEADER_BYTES)) load<u64>(addressOf(word))
}

/** Where there is none that is the beginning of memory: a branch that is hard to foresee would cost more. */
@inline
function touchOverflow(bucket: u32): void {
  const at = isWithinReach(u64(bucket) + BUCKET_BYTES) ? bucket : 0
  load<u64>(at)
  prefetchSlots(at)
}
