import { BOXED_KEYS, BOXED_VALUES, flagsOf } from '../../layout/record'
import { results } from '../../layout/scratch'
import { LIVE, loadLock, LOCKED } from '../../sync/lock'
import { isHandedOut } from '../../sync/reach'
import { firstSlot, loadKey, loadTophash, loadValue, SlotRef, slotRef, usedSlots } from '../hashmap/layout/bucket'
import { CacheStripe, Control, controlAt, entriesOf, unitsIn } from '../hashmap/layout/cache'
import { REMOVALS_BYTES } from '../hashmap/layout/removals'
import { headAt, isIdle, loadLevel } from '../hashmap/layout/table'
import {
  FIXED, loadIdle, loadIdleEnd, loadUse, MOST_USES, NEVER, PASSED, SLOT_UNITS, SMALL, unitsOfWord,
} from '../hashmap/layout/wide'
import { nextBucket } from '../hashmap/chain'
import { checkTable } from '../hashmap/check'
import { isRingSound } from './listen'
import { sum64 } from './sums'

const BOUND_LOCKED: i32 = 50
const BOUND_WRONG: i32 = 51
const TIME_WRONG: i32 = 52
const USE_WRONG: i32 = 53
const REMOVALS_WRONG: i32 = 54

// What the entries have cost.
let entries: u32 = 0
let units: u64 = 0

/** The promises of a map, and those of a cache: the credits add up to the bound, idle times are such, uses are such. */
export function check(record: u32): i32 {
  const broken = checkTable(record)
  if (broken) return broken
  const address = controlAt(record)
  const control = changetype<Control>(address)
  results().address = address
  if (loadLock(address) & LOCKED) return BOUND_LOCKED
  entries = 0
  units = 0
  if (!areRemovalsSound(control.ring)) return REMOVALS_WRONG
  const wrong = addUp(record, control.isCounted != 0)
  if (wrong) return wrong
  results().address = address
  const held = sum64(record, offsetof<CacheStripe>('credit'))
  const isRight =
    u64(entriesOf(control.free)) + entriesOf(held) + entries == entriesOf(control.most) &&
    u64(unitsIn(control.free)) + unitsIn(held) + units == unitsIn(control.most)
  return isRight ? 0 : BOUND_WRONG
}

function areRemovalsSound(ring: u32): bool {
  return !ring || (!(ring & 7) && isHandedOut(ring, REMOVALS_BYTES) && isRingSound(ring))
}

function addUp(record: u32, isCounted: bool): i32 {
  const flags = flagsOf(record)
  for (let index: u32 = 0; index < 1 << loadLevel(record); index++) {
    const head = headAt(record, index)
    if (!(loadLock(head) & LIVE)) continue
    for (let bucket = head; bucket; bucket = nextBucket(bucket)) {
      for (let used = usedSlots(loadTophash(bucket)); used; used &= used - 1) {
        const ref = slotRef(bucket, firstSlot(used))
        results().address = bucket
        if (isIdle(record) && !isIdleSound(ref)) return TIME_WRONG
        if (loadUse(ref) > (MOST_USES | SMALL | PASSED)) return USE_WRONG
        entries++
        if (isCounted) units += costOf(ref, flags)
      }
    }
  }
  return 0
}

/** A moment at which it ends unused if it has an idle time, and else none. */
function isIdleSound(ref: SlotRef): bool {
  const end = loadIdleEnd(ref)
  return loadIdle(ref) ? (end & ~FIXED) < NEVER : end == NEVER
}

function costOf(ref: SlotRef, flags: u32): u32 {
  return SLOT_UNITS + unitsOfWord(loadKey(ref), (flags & BOXED_KEYS) != 0) + unitsOfWord(loadValue(ref), (flags & BOXED_VALUES) != 0)
}
