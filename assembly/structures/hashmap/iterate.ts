import { isEndless } from '../../layout/bounds'
import { PAGE_BYTES } from '../../layout/limits'
import { BOXED_KEYS, BOXED_VALUES, NO_VALUES, WIDE } from '../../layout/record'
import { results, scratchValue } from '../../layout/scratch'
import { CORRUPT, INVALID, OUT_OF_MEMORY } from '../../layout/status'
import { hasFlag, Stripe } from '../../layout/stripe'
import { scratch, SPILL_HAND } from '../../layout/thread'
import { Word } from '../../layout/word'
import { hashAt, intervalEnd, isFirst, orderOf } from '../../hash/order'
import { Checkpoint, checkpoint } from '../../sync/checkpoint'
import { LOCKED, unlockUnchanged } from '../../sync/lock'
import { addressIn, bytesIn, handAt } from '../../memory/hands'
import { makeRoom } from '../../memory/spill'
import { depthOf, firstSlot, loadKey, loadNext, loadTophash, loadValue, OVERFLOW_BUCKET_BYTES, slotRef, usedSlots } from './layout/bucket'
import { isMapOrCache } from './layout/table'
import { askAhead } from './ahead'
import { appendBoxed, appendWord, isWithinRoom, setRoomEnd } from './append'
import { linkedBucket } from './chain'
import { hashOfSeenKey, isGarbage } from './key'
import { isSeenDead } from './live'
import { blameOwner, hasChanged, locate, lockHome, obstacle, seen } from './locate'
import { awaitWriter, countRetry, MOST_ATTEMPTS, OPTIMISTIC_READS } from './read'
import { appendKey, blocksIn, copyWholeChains, filled, hasValues, isThrough, KEYS, passed } from './whole'

/**
 * Iterate, in the order of reversed hashes. A step takes the chain that is responsible for the cursor's place and
 * copies it as it was at one moment, like a read. The chain's depth, which is part of that moment, says which
 * interval of the order it covers, and the cursor moves behind it. Splits only ever cut intervals, so the end of an
 * interval stays an end: each place is passed exactly once, whatever grows meanwhile.
 *
 * A batch in scratch, entry after entry: key, then value, or of them what the form says (whole.ts); a key's word comes before it. In tables of kind number
 * or bigint a word takes 8 bytes; else it is a block, or a header that says NUMBER or WORD and then 8 bytes; the value of a set takes none.
 */

/** Where the next entry of the batch goes. */
let out: u32 = 0
/** Bytes that the current chain takes, whether there was room or not. Wide: of garbage the sum can be anything. */
let wanted: u64 = 0
/** Last place of the interval that the current chain covers. */
let covered: u32 = 0
/** What of each entry is copied. */
let form: u32 = 0

const CHANGED: i32 = -1000

/**
 * Copies out the entries whose places are from `cursor` to `last`: whole chains, until there are `limit` entries or
 * the room is used up. `isMost`: the limit is not exceeded but by entries of one place. Then of a chain that has too many only those in the first half of its interval are taken, or of that half, and so on: the cursor
 * can stand between any two places. Returns how many; results().cursor says where to go on, 0 for done; results().address where the batch begins.
 * Negative on failure; of OUT_OF_MEMORY results().cursor says the last place of what was to be copied.
 */
export function scan(stripe: u32, cursor: u32, last: u32, limit: u32, isMost: bool, wantedForm: u32): i32 {
  if (!isMapOrCache(stripe)) return INVALID
  form = (wantedForm & 3) | (hasFlag(stripe, NO_VALUES) ? KEYS : 0)
  let count: u32 = 0
  let attempts: u32 = 0
  let end = last
  let asked = cursor
  useRoom(scratchValue(), scratch + PAGE_BYTES)
  while (true) {
    if (hasFlag(stripe, WIDE)) {
      if (cursor >= asked) asked = askAhead(stripe, cursor, limit - count, blocksIn(changetype<Stripe>(stripe).flags, form))
    } else if (end == last) {
      count += copyWholeChains(stripe, cursor, last, limit - count, isMost, form, out)
      out = filled
      cursor = isThrough ? 0 : passed
      if (isThrough || count >= limit) break
    }
    const copied = copyInterval(stripe, cursor, end)
    if (copied < 0) return copied
    end = min(end, covered)
    if (isMost && count + copied > limit) {
      if (end > cursor) {
        end = cursor + (end - cursor) / 2
        continue
      }
      if (count) break
    }
    if (!isWithinRoom(u64(out) + wanted)) {
      if (count) break
      if (++attempts > MOST_ATTEMPTS) return CORRUPT
      if (!makeRoom(u32(min<u64>(wanted, u32.MAX_VALUE)))) {
        results().cursor = end
        return OUT_OF_MEMORY
      }
      const spill = handAt(SPILL_HAND)
      useRoom(addressIn(spill), addressIn(spill) + bytesIn(spill))
      continue
    }
    out += u32(wanted)
    count += copied
    cursor = end == last ? 0 : end + 1
    end = last
    if (!cursor || count >= limit) break
  }
  results().cursor = cursor
  return count
}

function useRoom(begin: u32, end: u32): void {
  out = begin
  setRoomEnd(end)
  results().address = begin
}

/** Copies one chain to `out`: returns its entries, sets `covered` and `wanted`. */
function copyInterval(stripe: u32, cursor: u32, last: u32): i32 {
  const hash = hashAt(cursor)
  for (let attempt: u32 = 0; attempt < OPTIMISTIC_READS; attempt++) {
    const head = locate(stripe, hash)
    if (!head) return obstacle
    const word = seen
    if (word & LOCKED) {
      if (!awaitWriter(stripe, head)) return blameOwner()
      continue
    }
    const copied = copyChain(stripe, head, word, cursor, last)
    if (copied != CHANGED && !hasChanged(head, word)) return copied
    countRetry(stripe)
  }
  const head = lockHome(stripe, hash)
  if (!head) return obstacle
  const copied = copyChain(stripe, head, seen | LOCKED, cursor, last)
  unlockUnchanged(head)
  return copied == CHANGED ? CORRUPT : copied // nobody else can have changed it
}

function copyChain(stripe: u32, head: u32, word: u32, cursor: u32, last: u32): i32 {
  const isLocked = (word & LOCKED) != 0
  let copied = 0
  let hops: u32 = 0
  wanted = 0
  const depth = depthOf(loadNext(head))
  covered = intervalEnd(cursor, depth)
  checkpoint(Checkpoint.DepthSeen)
  // Of a chain that is wanted whole no key has to be hashed: all that it holds while unlocked is its own.
  const isWhole = covered <= last && isFirst(cursor, depth)
  const flags = changetype<Stripe>(stripe).flags
  let bucket = head
  while (bucket) {
    let used = usedSlots(loadTophash(bucket))
    checkpoint(Checkpoint.TagsSeen)
    for (; used; used &= used - 1) {
      const ref = slotRef(bucket, firstSlot(used))
      const key = loadKey(ref)
      const place = isWhole ? cursor : orderOf(hashOfSeenKey(key, hasFlag(stripe, BOXED_KEYS)))
      if (!isWhole && isGarbage) return CHANGED
      if (place < cursor || place > last || isSeenDead(stripe, ref)) continue
      if (!append(key, loadValue(ref), flags)) return CHANGED
      checkpoint(Checkpoint.ValueCopied)
      copied++
    }
    bucket = linkedBucket(bucket)
    checkpoint(Checkpoint.LinkFollowed)
    if (bucket && !isLocked && hasChanged(head, word)) return CHANGED
    if (isEndless(++hops, OVERFLOW_BUCKET_BYTES)) unreachable()
  }
  return copied
}

/** Appends an entry, if there is room, and counts it in `wanted` in any case. False: it is garbage. */
function append(key: Word, value: Word, flags: u32): bool {
  let target = appendKey(u64(out) + wanted, key, flags, form)
  if (target && hasValues(form)) target = flags & BOXED_VALUES ? appendBoxed(target, value) : appendWord(target, value)
  if (!target) return false
  wanted = target - out
  return true
}
