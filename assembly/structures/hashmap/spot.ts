import { results, SPOT_AWAITED } from '../../layout/scratch'
import { Checkpoint, checkpoint } from '../../sync/checkpoint'
import { bucketOf, depthOf, indexOf, loadNext, SlotRef } from './layout/bucket'
import { headOfMap, MapStripe, maskOf, tableOf } from './layout/table'
import { linkedBucket } from './chain'
import { hasChanged } from './locate'

/**
 * Where a read has found its entry, for who asks for the same key again: a *spot*, with the lock word that it was seen under. As long as
 * the head has that word, nothing in its chain has changed: the key is where it was, and nobody has to look at it.
 *
 *     31           10 9      5 4    3 2     0
 *     +--------------+--------+------+-------+
 *     | shrinks + 1  | depth  | hops | slot  |      0: none
 *     +--------------+--------+------+-------+
 *
 * It names no memory: the head follows from the hash and the depth, and the bucket by so many links. So whatever a caller says, what is
 * read is a slot of the table. What has to be shown is that it is the head that was seen, and is a head still:
 *
 *     the index    so many low bits of the hash as were the head's depth then, or more; segments do not move
 *     a shrink     frees segments, and a head that is made there later may come to any word. Only a thread that has the table open
 *                  alone does that, so it is this one, and counts it; after so many that the count is full there are no spots
 *     a deletion   takes LIVE from the word
 *     the word     comes round after 2^29 changes of one chain, for which ten seconds are hardly enough; after so many JavaScript
 *                  forgets all spots (src/codecs/hot-strings.ts), if the thread comes back to its event loop
 *
 * An entry that lies further down its chain has none. Who wants to know says SPOT_AWAITED where reads say what they have found; else
 * they do not look at that.
 */
const ERA_SHIFT: u32 = 10
const DEPTH_SHIFT: u32 = 5
const HOPS_SHIFT: u32 = 3
const MOST_HOPS: u32 = 3
const SLOT_MASK: u32 = 7
const DEPTH_MASK: u32 = 31
/** One more would not fit. */
const MOST_SHRINKS: u32 = 0x3f_fffe
const NO_SPOT: u32 = 0

/** What the spots of a table have in common; NO_SPOT if there are none any more. */
@inline
function eraOf(stripe: u32): u32 {
  const shrinks = changetype<MapStripe>(stripe).shrinks
  return shrinks < MOST_SHRINKS ? shrinks + 1 : NO_SPOT
}

/** Whether somebody wants to know where this read finds its entry. */
@inline
export function isSpotAwaited(): bool {
  return results().spot == SPOT_AWAITED
}

/**
 * Says where a read has found its entry, which it has seen under this word: at this slot of the chain. The depth is one that the head had
 * under that word, too: a split since then would have changed it.
 */
export function noteSpot(stripe: u32, head: u32, ref: SlotRef, word: u32): void {
  const era = eraOf(stripe)
  const depth = min(depthOf(loadNext(head)), u32(changetype<MapStripe>(stripe).level)) // which leads to the same head
  let bucket = head
  for (let hops: u32 = 0; era && bucket && hops <= MOST_HOPS; hops++) {
    if (hasChanged(head, word)) return
    if (bucket == bucketOf(ref)) {
      results().spot = (era << ERA_SHIFT) | (depth << DEPTH_SHIFT) | (hops << HOPS_SHIFT) | indexOf(ref)
      results().lock = word
      return
    }
    bucket = linkedBucket(bucket)
  }
}

/** The head of a spot, for an entry of this hash; 0: the table is not what it was, or never was. */
@inline
export function headOfSpot(stripe: u32, hash: u32, spot: u32): u32 {
  const depth = (spot >> DEPTH_SHIFT) & DEPTH_MASK
  const era = eraOf(stripe)
  if (!era || spot >> ERA_SHIFT != era || depth > changetype<MapStripe>(stripe).level) return 0
  return headOfMap(tableOf(stripe), hash & maskOf(depth))
}

@inline
export function slotOf(spot: u32): u32 {
  return spot & SLOT_MASK
}

/** The bucket of a spot in the chain of this head. 0: it has changed, or ends before that. As find() does, who follows a link looks first. */
@inline
export function bucketAt(head: u32, spot: u32, word: u32): u32 {
  let bucket = head
  for (let hops = (spot >> HOPS_SHIFT) & MOST_HOPS; hops; hops--) {
    bucket = linkedBucket(bucket)
    checkpoint(Checkpoint.LinkFollowed)
    if (!bucket || hasChanged(head, word)) return 0
  }
  return bucket
}
