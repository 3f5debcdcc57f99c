import { ASKED } from '../../layout/heap'
import { MAX_THREADS } from '../../layout/limits'
import { stripeEntry } from '../../layout/record'
import { DELETED, OWNER_UNRESPONSIVE, TOO_LARGE } from '../../layout/status'
import { STRIPE_BYTES } from '../../layout/stripe'
import { me } from '../../layout/thread'
import { Checkpoint, checkpoint } from '../../sync/checkpoint'
import { commit, note64 } from '../../sync/journal'
import { recoverIfDead } from '../../sync/liveness'
import { LIVE, loadLock, lockIn, unlock } from '../../sync/lock'
import { ensureReach } from '../../sync/reach'
import { cacheOf, CacheStripe, CLOCK, Control, controlOf, credits, entriesOf, unitsIn } from '../hashmap/layout/cache'
import { headAt, tableOf } from '../hashmap/layout/table'
import { noteCredit } from '../hashmap/live'
import { evictOne } from './evict'

/**
 * Credits keep the bound: whoever makes an entry pays one, and as many units of 8 bytes as it takes; whoever removes one has
 * them. At every moment
 *
 *     what no thread has + what all threads have + what the entries have cost = the bound
 *
 * because a thread's credits change in the commit that makes or removes the entry, and pass between threads under the control's
 * lock. So there are never more entries, whatever threads do; and since a thread's credits lie in its stripe, they
 * are not lost with it: see return below.
 */

/** Of its credits a thread keeps this share of the bound at hand; none of a small one. */
const KEPT_SHIFT: u32 = 8
/** Looks for an entry to evict where there is none: the first in a row, the others a millisecond apart. */
const QUICK_LOOKS: u32 = 1_000
const PATIENCE: u32 = 11_000
const LOOKS_PER_ASK: u32 = 50
const WAIT_NS: i64 = 1_000_000

function isEnough(stripe: u32, entries: u32, units: u32): bool {
  const credit = cacheOf(stripe).credit
  return entriesOf(credit) >= entries && unitsIn(credit) >= units
}

/** Sees to it that this thread can pay for so much. 0, or negative. It holds no lock, and nothing is in its hands. */
export function acquire(stripe: u32, entries: u32, units: u32): i32 {
  for (let looks: u32 = 0; !isEnough(stripe, entries, units); looks++) {
    const control = controlOf(stripe)
    if (entries > entriesOf(control.most) || units > unitsIn(control.most)) return TOO_LARGE
    if (!(loadLock(headAt(tableOf(stripe), 0)) & LIVE)) return DELETED // as locate() sees it
    const status = isFree(stripe, control, entries, units) ? take(stripe, entries, units) : evictOne(stripe)
    if (status < 0) return status
    if (looks >= QUICK_LOOKS && !awaitCredit(stripe, looks)) return OWNER_UNRESPONSIVE
  }
  return 0
}

/** Whether there is any of what is wanted. A look without the lock, to be made sure of under it. */
function isFree(stripe: u32, control: Control, entries: u32, units: u32): bool {
  const free = atomic.load<u64>(changetype<u32>(control), offsetof<Control>('free')) // a hint
  const credit = cacheOf(stripe).credit
  return (entriesOf(credit) < entries && entriesOf(free) != 0) || (unitsIn(credit) < units && unitsIn(free) != 0)
}

/**
 * All credits are in the hands of others, which are about to use them, or have died: those are looked for. False: it takes too
 * long.
 */
function awaitCredit(stripe: u32, looks: u32): bool {
  if (looks == PATIENCE) return false
  if (looks % LOOKS_PER_ASK == 0) askForDead(stripe)
  const clock = cacheOf(stripe).control + CLOCK
  if (me().mayBlock) atomic.wait<i32>(clock, atomic.load<i32>(clock), WAIT_NS)
  return true
}

function askForDead(stripe: u32): void {
  for (let index: u32 = 0; index < MAX_THREADS; index++) {
    const other = atomic.load<u32>(stripeEntry(tableOf(stripe), index)) // pairs with settleRaw
    if (!other || other == stripe) continue
    ensureReach(other + STRIPE_BYTES)
    if (atomic.load<u64>(other, offsetof<CacheStripe>('credit'))) recoverIfDead(index + 1)
  }
  atomic.add<u32>(ASKED, 1)
  atomic.notify(ASKED, -1)
}

/** Credits that a thread may keep, as far as there are so many. */
function kept(most: u64): u64 {
  return credits(entriesOf(most) >> KEPT_SHIFT, unitsIn(most) >> KEPT_SHIFT)
}

/** Takes what is wanted of the free credits and some more, as far as there are any. */
function take(stripe: u32, entries: u32, units: u32): i32 {
  const control = controlOf(stripe)
  if (!lockIn(cacheOf(stripe).control, tableOf(stripe), stripe)) return OWNER_UNRESPONSIVE
  const more = kept(control.most)
  const taken = credits(
    min<u32>(entriesOf(control.free), entries + entriesOf(more)), min<u32>(unitsIn(control.free), units + unitsIn(more)),
  )
  noteMoved(stripe, taken)
  unlock(cacheOf(stripe).control)
  return 0
}

/** Gives back what is more than this thread may keep. */
@inline
export function giveBack(stripe: u32): void {
  const most = kept(controlOf(stripe).most)
  const credit = cacheOf(stripe).credit
  if (entriesOf(credit) > entriesOf(most) || unitsIn(credit) > unitsIn(most)) giveBackBut(stripe, most)
}

/** Gives back all but so much. False if the lock is not to be had. */
export function giveBackBut(stripe: u32, most: u64): bool {
  if (!lockIn(cacheOf(stripe).control, tableOf(stripe), stripe)) return false
  const credit = cacheOf(stripe).credit
  const entries = entriesOf(credit) - min<u32>(entriesOf(credit), entriesOf(most))
  const units = unitsIn(credit) - min<u32>(unitsIn(credit), unitsIn(most))
  noteMoved(stripe, -credits(entries, units))
  unlock(cacheOf(stripe).control)
  return true
}

/** Under the lock: moves credits from those that no thread has to this one's. */
function noteMoved(stripe: u32, moved: u64): void {
  const free = cacheOf(stripe).control + u32(offsetof<Control>('free'))
  note64(free)
  noteCredit(stripe, moved)
  atomic.store<u64>(free, controlOf(stripe).free - moved)
  checkpoint(Checkpoint.CreditsMoved)
  commit()
}

/** Gives the cache another bound: of entries, or of units. What is too much is evicted before it returns. 0, or negative. */
export function resize(stripe: u32, entries: u32, units: u32): i32 {
  const most = controlOf(stripe).most
  if (entries > entriesOf(most) || units > unitsIn(most)) {
    if (!widen(stripe, max<u32>(entries, entriesOf(most)), max<u32>(units, unitsIn(most)))) return OWNER_UNRESPONSIVE
  }
  while (entriesOf(controlOf(stripe).most) > entries || unitsIn(controlOf(stripe).most) > units) {
    const tooMany = entriesOf(controlOf(stripe).most) - min<u32>(entries, entriesOf(controlOf(stripe).most))
    const tooLarge = unitsIn(controlOf(stripe).most) - min<u32>(units, unitsIn(controlOf(stripe).most))
    const status = acquire(stripe, min<u32>(tooMany, 1), min<u32>(tooLarge, 1))
    if (status < 0) return status
    if (!narrow(stripe, tooMany, tooLarge)) return OWNER_UNRESPONSIVE
  }
  giveBack(stripe)
  return 0
}

/** More credits, which are free at first. */
function widen(stripe: u32, entries: u32, units: u32): bool {
  if (!lockIn(cacheOf(stripe).control, tableOf(stripe), stripe)) return false
  const more = credits(entries, units) - controlOf(stripe).most
  noteMost(stripe, more)
  note64(cacheOf(stripe).control + u32(offsetof<Control>('free')))
  atomic.store<u64>(cacheOf(stripe).control + u32(offsetof<Control>('free')), controlOf(stripe).free + more)
  commit()
  unlock(cacheOf(stripe).control)
  return true
}

/** Fewer: those of this thread's that are too many are none any more. */
function narrow(stripe: u32, tooMany: u32, tooLarge: u32): bool {
  if (!lockIn(cacheOf(stripe).control, tableOf(stripe), stripe)) return false
  const credit = cacheOf(stripe).credit
  const most = controlOf(stripe).most
  const gone = credits(
    min<u32>(min<u32>(tooMany, entriesOf(credit)), entriesOf(most)), min<u32>(min<u32>(tooLarge, unitsIn(credit)), unitsIn(most)),
  )
  noteMost(stripe, -gone)
  noteCredit(stripe, -gone)
  commit()
  unlock(cacheOf(stripe).control)
  return true
}

function noteMost(stripe: u32, by: u64): void {
  note64(cacheOf(stripe).control + u32(offsetof<Control>('most')))
  controlOf(stripe).most += by
  checkpoint(Checkpoint.CreditsMoved)
}
