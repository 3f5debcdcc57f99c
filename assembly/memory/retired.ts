import { RETIRED, RETIRED_COUNTERS } from '../layout/thread'

/**
 * How many keys were given up, of those whose blocks lie where this one does. A block holds one key from the moment when its entry is made
 * until that is removed; who removes it counts that first. So a block that was a key's when its counter was read is that key's as long as the
 * counter stays the same.
 *
 * The counters are shared by blocks RETIRED_COUNTERS * 32 bytes apart: some are counted for others. They have 64 bits and never come round.
 */

/** Blocks of so many bytes, as a shift, and larger ones lie at other counters. */
const NEIGHBOURS_SHIFT: u32 = 5

@inline
function counterOf(block: u32): u32 {
  return RETIRED + (((block >> NEIGHBOURS_SHIFT) & (RETIRED_COUNTERS - 1)) << 3)
}

/** Counts that this block's key is given up. Before the block can be anything else: pairs with retiredAt. */
@inline
export function retire(block: u32): void {
  atomic.add<u64>(counterOf(block), 1)
}

/**
 * Any address will do. Pairs with retire, by way of the lock word of the chain in which the block's word was seen: who finds there what the
 * block became afterwards finds it counted.
 */
@inline
export function retiredAt(block: u32): u64 {
  return atomic.load<u64>(counterOf(block))
}
