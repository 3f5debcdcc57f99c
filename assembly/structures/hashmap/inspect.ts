import { INSPECTED_CHAINS as CHAINS, MOST_CHAINS, MOST_ENTRIES, MOST_OVERFLOW } from '../../layout/limits'
import { scratchValue } from '../../layout/scratch'
import { CORRUPT, INVALID } from '../../layout/status'
import { LIVE, loadLock } from '../../sync/lock'
import { isHandedOut } from '../../sync/reach'
import { isReadable } from '../../memory/contents'
import { BUCKET_BYTES, firstSlot, loadNext, loadTophash, overflowOf, slotCount, tagAt, usedSlots } from './layout/bucket'
import { headAt, isMapOrCache, tableOf } from './layout/table'
import { adoptLevel, hasChanged } from './locate'

/**
 * Inspect: how chains look, for drawing. Takes no lock and waits for none: a chain that changes while it is looked at is
 * reported as far as it was seen. In the value area:
 *
 *     0      how many entries have each tophash byte from 128 on: 128 times u32
 *     512    for each chain: entries, those in the head, overflow buckets, 1 if it is LIVE; 4 bytes
 *
 * Looks at chains `first` to `first + count` of `all`, which are evenly spread over the table at `level`. 0, or negative.
 */
export function inspectChains(stripe: u32, level: u32, first: u32, count: u32, all: u32): i32 {
  if (!isMapOrCache(stripe) || level > adoptLevel(stripe)) return INVALID
  if (count > MOST_CHAINS || all > 1 << level || u64(first) + count > all) return INVALID
  memory.fill(scratchValue(), 0, CHAINS)
  for (let i: u32 = 0; i < count; i++) {
    const head = headAt(tableOf(stripe), u32((u64(first + i) << level) / all))
    if (head & 7 || !isHandedOut(head, BUCKET_BYTES)) return CORRUPT
    inspectChain(head, scratchValue() + CHAINS + (i << 2))
  }
  return 0
}

function inspectChain(head: u32, target: u32): void {
  const word = loadLock(head)
  if (!(word & LIVE)) {
    store<u32>(target, 0)
    return
  }
  let entries: u32 = 0
  let inHead: u32 = 0
  let overflow: u32 = 0
  for (let bucket = head; ; overflow++) {
    entries += countTags(loadTophash(bucket))
    if (!overflow) inHead = entries
    bucket = overflowOf(loadNext(bucket))
    if (!bucket || overflow == MOST_OVERFLOW || hasChanged(head, word) || !isReadable(bucket, BUCKET_BYTES)) break
  }
  store<u32>(target, min(entries, MOST_ENTRIES) | (inHead << 8) | (overflow << 16) | (1 << 24))
}

/** Adds a bucket's entries to those that have their tophash byte. Returns how many they are. */
function countTags(tophash: u64): u32 {
  const slots = usedSlots(tophash)
  for (let used = slots; used; used &= used - 1) {
    const counter = scratchValue() + ((u32(tagAt(tophash, firstSlot(used))) & 0x7f) << 2)
    store<u32>(counter, load<u32>(counter) + 1)
  }
  return slotCount(slots)
}
