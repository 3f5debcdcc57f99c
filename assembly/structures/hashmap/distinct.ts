import { PAGE_BYTES, SCRATCH_ANSWERS } from '../../layout/limits'
import { scratch } from '../../layout/thread'
import { addressOf, isBlock, Word } from '../../layout/word'
import { firstSlot, loadKey, loadTophash, slotCount, slotRef, usedSlots } from './layout/bucket'
import { nextBucket } from './chain'
import { BlockKey, BoxedKeys, hashOfKey, keyMatches, WordKey } from './key'

// Whether the keys of a chain are distinct: for check(), which has no memory but the scratch page. A hash table of slots with
// linear probing lies in it, at most half full; so a chain is walked once for so many entries, each time for
// those of another class.

const PLACES: u32 = (PAGE_BYTES - SCRATCH_ANSWERS) >> 2
const LEAST_PLACES: u32 = 16
const MIX: u64 = 0x9e3779b97f4a7c15

let areBoxed: bool = false

/** Whether no two entries of a sound chain that nobody changes have the same key. O(entries), if few have the same hash. */
export function areDistinct(head: u32, boxed: bool): bool {
  areBoxed = boxed
  const entries = entriesOf(head)
  if (entries < 2) return true
  let places = LEAST_PLACES
  while (places < PLACES && places < 2 * entries) places <<= 1
  const classes = entries / (PLACES / 2) + 1
  for (let one: u32 = 0; one < classes; one++) {
    if (!areDistinctIn(head, one, classes, places)) return false
  }
  return true
}

function areDistinctIn(head: u32, one: u32, classes: u32, places: u32): bool {
  memory.fill(scratch + SCRATCH_ANSWERS, 0, places << 2)
  let free = places
  for (let bucket = head; bucket; bucket = nextBucket(bucket)) {
    for (let used = usedSlots(loadTophash(bucket)); used; used &= used - 1) {
      const ref = slotRef(bucket, firstSlot(used))
      const mixed = mixOf(loadKey(ref))
      if ((mixed >> 16) % classes != one) continue
      if (free == 1) { // so many of one hash that the rest is compared one by one
        if (!isAlone(head, ref)) return false
        continue
      }
      const place = placeFor(loadKey(ref), mixed, places)
      if (!place) return false
      store<u32>(place, ref)
      free--
    }
  }
  return true
}

/** An empty place for a key; 0: the same key is in one already. */
function placeFor(key: Word, mixed: u32, places: u32): u32 {
  let at = mixed
  while (true) {
    const place = scratch + SCRATCH_ANSWERS + ((at & (places - 1)) << 2)
    const ref = load<u32>(place)
    if (!ref) return place
    if (isSameKey(loadKey(ref), key)) return 0
    at++
  }
  return 0
}

/** Of a block its hash; of a word something else than its hash, which may be the same for all of them. */
function mixOf(key: Word): u32 {
  const word = areBoxed && isBlock(key) ? u64(hashOfKey<BoxedKeys>(key)) : key
  return u32(((word ^ (word >> 32)) * MIX) >> 32)
}

function isSameKey(word: Word, key: Word): bool {
  if (!areBoxed || !isBlock(key)) return keyMatches<WordKey>(word, key, 0)
  return keyMatches<BlockKey>(word, addressOf(key), hashOfKey<BoxedKeys>(key))
}

/** Whether no other entry has the key of this one. */
function isAlone(head: u32, ref: u32): bool {
  for (let bucket = head; bucket; bucket = nextBucket(bucket)) {
    for (let used = usedSlots(loadTophash(bucket)); used; used &= used - 1) {
      const other = slotRef(bucket, firstSlot(used))
      if (other != ref && isSameKey(loadKey(other), loadKey(ref))) return false
    }
  }
  return true
}

function entriesOf(head: u32): u32 {
  let entries: u32 = 0
  for (let bucket = head; bucket; bucket = nextBucket(bucket)) entries += slotCount(usedSlots(loadTophash(bucket)))
  return entries
}
