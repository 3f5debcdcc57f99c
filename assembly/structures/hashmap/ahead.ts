import { BLOCK_HEADER_BYTES } from '../../layout/block'
import { BOXED_KEYS, BOXED_VALUES } from '../../layout/record'
import { addressOf, isBlock, Word } from '../../layout/word'
import { hashAt, indexAfter, LAST_PLACE, placesAt } from '../../hash/order'
import { isWithinReach } from '../../sync/reach'
import { baseOfSlot, Bucket, BUCKET_BYTES, firstSlot, overflowOf, prefetchSlots, usedSlots } from './layout/bucket'
import { headAt, maskOf, tableOf, TableStripe } from './layout/table'

/**
 * What an iteration comes to next, asked for before it copies a chain: each bucket, and each block, lies somewhere else, and one that is not in the
 * cache takes longer to come than all of its chain takes to copy. So the buckets of several heads are on their way together, and then their blocks.
 *
 * There is no prefetch instruction in WebAssembly; a load that nobody uses stays, because it could trap. It holds up what comes after
 * it only when the processor has room for no more of that; hence several together.
 * Nothing depends on what is read here either: the chains are not locked and may change, so the loads are plain ones, and what looks like
 * the address of a block can be garbage. It only has to be within reach.
 */

/** Heads that are asked for together. */
const GROUP: u32 = 8

/**
 * Asks for the heads from `place` on, as many as are likely to have so many entries, and GROUP at most, and for the blocks of those; `boxed`: of
 * keys, of values or of both. Returns the place behind them, or the last one. Where they lie is guessed by the level.
 */
export function askAhead(stripe: u32, place: u32, entries: u32, boxed: u32): u32 {
  const level = u32(changetype<TableStripe>(stripe).level)
  const group = min<u32>(GROUP, (entries >> 2) + 1)
  const mask = maskOf(level)
  const first = hashAt(place) & mask
  const table = tableOf(stripe)
  let index = first
  for (let i: u32 = 0; i < group; i++) {
    const head = headAt(table, index)
    load<u64>(head)
    prefetchSlots(head)
    if (index == mask) break // the last one
    index = indexAfter(index, mask)
  }
  index = first
  for (let i: u32 = 0; i < group; i++) {
    const head = headAt(table, index)
    if (boxed) touchBlocks(head, usedSlots(load<u64>(head, offsetof<Bucket>('tophash'))), boxed)
    touchOverflow(overflowOf(load<u32>(head, offsetof<Bucket>('next'))))
    if (index == mask) return LAST_PLACE
    index = indexAfter(index, mask)
  }
  return place + group * placesAt(level)
}

/** The blocks of these slots. */
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
