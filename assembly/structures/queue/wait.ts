import { MAX_THREADS } from '../../layout/limits'
import { stripeEntry } from '../../layout/record'
import { recordOf } from '../../layout/stripe'
import { ensureReach } from '../../sync/reach'
import { Checkpoint, checkpoint } from '../../sync/checkpoint'
import { STRIPE_BYTES } from '../../layout/stripe'
import {
  calledWord, CONSUMERS, headOf, Head, isClosed, isQueue, loadHead, loadTail, queueAt, QueueStripe, signalWord, waitersWord,
} from './layout/queue'

/**
 * Waiting. Who finds nothing says that it waits, looks again, and sleeps until `signal` is another (JavaScript does that, by
 * Atomics.wait or waitAsync). Who brings something looks, behind it, whether anybody waits: in the one order of atomics one of the
 * two sees the other. If nobody does that look is all that it costs.
 *
 *     waiters   who waits now: the low 16 bits; above them how often one has come, so that the word does not come back
 *     signal    counts; who changes it notifies
 *     called    1: somebody has been woken and is not awake yet
 *
 * To wake a thread takes long, for both. So while one is called nobody else is: who brings something more leaves it at that. Who was
 * called takes what it can, says so (endWait), and then calls the next, if there is something left and somebody else waits. So a row of
 * sleepers wakes one by the other, and who brings what they wait for pays for one of them.
 *
 * A thread that dies while it waits is in `waiters` still, and its stripe says so: recovery takes it out; and who wakes and finds
 * nobody counts anew what the stripes say. Nothing depends on that number, or on `called`, but a wake-up, and who sleeps wakes by
 * itself after a while, and says that it is not called any more: see src/queue/waiting.ts.
 */
const ONE_WAITER: u32 = 0x10001
const WAITERS_MASK: u32 = 0xffff

@inline
function waitingWord(stripe: u32, end: u32): u32 {
  return stripe + u32(offsetof<QueueStripe>('forItems')) + (end << 2)
}

/** This thread waits at this end. Returns what it may sleep on, if it finds nothing now: the signal. */
export function beginWait(stripe: u32, end: u32): i32 {
  if (!isQueue(stripe) || end > 1) return 0
  const record = recordOf(stripe)
  atomic.add<u32>(waitingWord(stripe, end), 1) // pairs with countAnew: before the next, so that it never counts too few
  checkpoint(Checkpoint.WaitNoted)
  atomic.add<u32>(waitersWord(record, end), ONE_WAITER) // pairs with wake: before the look that follows
  checkpoint(Checkpoint.WaitBegun)
  return atomic.load<i32>(signalWord(record, end))
}

/** It does so no more: it has taken what it could, whether it was called for that or not. */
export function endWait(stripe: u32, end: u32): void {
  if (!isQueue(stripe) || end > 1) return
  leaveWaiters(stripe, end, 1)
  callNext(recordOf(stripe), end)
}

/** Whoever relied on the one that was called brought something before this store, so that it is seen behind it. */
function callNext(record: u32, end: u32): void {
  atomic.store<u32>(calledWord(record, end), 0) // pairs with wake
  checkpoint(Checkpoint.CallAnswered)
  if (end == CONSUMERS ? countItems(record) : countRoom(record)) wake(record, end, 1)
}

function leaveWaiters(stripe: u32, end: u32, times: u32): void {
  const word = waitersWord(recordOf(stripe), end)
  let seen = atomic.load<u32>(word)
  while (seen & WAITERS_MASK) {
    const left = seen - min<u32>(times, seen & WAITERS_MASK)
    const there = atomic.cmpxchg<u32>(word, seen, left) // pairs with beginWait, countAnew
    if (there == seen) break
    seen = there
  }
  checkpoint(Checkpoint.WaitOver)
  atomic.sub<u32>(waitingWord(stripe, end), times)
}

/** The thread has let go of the queue, or died. */
export function forgetWaits(stripe: u32): void {
  for (let end: u32 = 0; end <= 1; end++) {
    const times = atomic.load<u32>(waitingWord(stripe, end))
    if (!times) continue
    leaveWaiters(stripe, end, times)
    callNext(recordOf(stripe), end)
  }
}

/** After something came to this end: wakes as many as that is for, unless somebody is called already. */
@inline
export function wake(record: u32, end: u32, count: u32): void {
  const seen = atomic.load<u32>(waitersWord(record, end)) // pairs with beginWait
  if (seen & WAITERS_MASK && !atomic.load<u32>(calledWord(record, end))) wakeWaiters(record, end, seen, count) // pairs with callNext
}

/** After the end has come, of the queue or to it: wakes all who wait, called or not. */
export function wakeAll(record: u32): void {
  for (let end: u32 = 0; end <= 1; end++) {
    const seen = atomic.load<u32>(waitersWord(record, end)) // pairs with beginWait
    if (seen & WAITERS_MASK) wakeWaiters(record, end, seen, 0x7fff_ffff)
  }
}

function wakeWaiters(record: u32, end: u32, seen: u32, count: u32): void {
  atomic.store<u32>(calledWord(record, end), 1) // pairs with wake; before the notify, so that who is awake takes it back behind it
  atomic.add<u32>(signalWord(record, end), 1) // pairs with the load of beginWait: who has not gone to sleep yet does not
  checkpoint(Checkpoint.SignalRaised)
  if (atomic.notify(signalWord(record, end), i32(count))) return
  atomic.store<u32>(calledWord(record, end), 0) // pairs with wake: nobody was
  countAnew(record, end, seen)
}

/** Nobody slept: either those who wait are just about to look again, or they are dead. */
function countAnew(record: u32, end: u32, seen: u32): void {
  let waiting: u32 = 0
  for (let index: u32 = 0; index < MAX_THREADS; index++) {
    const stripe = atomic.load<u32>(stripeEntry(record, index)) // pairs with settleRaw
    if (!stripe) continue
    ensureReach(stripe + STRIPE_BYTES)
    waiting += atomic.load<u32>(waitingWord(stripe, end))
  }
  if (waiting < (seen & WAITERS_MASK)) {
    atomic.cmpxchg<u32>(waitersWord(record, end), seen, (seen & ~WAITERS_MASK) | waiting) // only if none has come or gone
  }
}

// ---- Looking ----

/** Items that can be taken; while others push and pop some number that there was. */
export function countItems(record: u32): u32 {
  const back = atomic.load<u32>(changetype<u32>(headOf(record)), offsetof<Head>('back')) // pairs with commits under the head's lock
  const head = loadHead(record)
  const tail = loadTail(record)
  return back + u32(tail - head)
}

/** Room for items. */
export function countRoom(record: u32): u32 {
  const tail = loadTail(record)
  const head = loadHead(record)
  const used = head > tail ? 0 : u32(min<u64>(tail - head, queueAt(record).capacity))
  return queueAt(record).capacity - used
}

/** Nobody looks more often in one call: some milliseconds. */
const MOST_LOOKS: u32 = 1 << 12
/**
 * How long to pause between two looks, at first and at most: some 0.1 us, and 0.6. Each look takes a cache line away from those who
 * change it: whoever looks less often finds more at once, and leaves them alone meanwhile.
 */
const FIRST_PAUSE: u32 = 32
const LONGEST_PAUSE: u32 = 256
/** Who waits for room looks for so small a part of the capacity: one place after the other would cost as much each. */
const ROOM_SHIFT: u32 = 3

/** Nobody reads it. */
let spent: u32 = 0

/** Takes some 2 ns a round, and touches nothing that others see. */
function spend(rounds: u32): void {
  for (let i: u32 = 0; i < rounds; i++) spent = spent * 1664525 + 1013904223
}

/**
 * Looks so many times, without a lock, whether there is something at this end, or the queue is closed: 1, or 0. For room it looks
 * until there is some more of it; at the last look any will do.
 */
export function awaitChange(stripe: u32, end: u32, looks: u32): i32 {
  if (!isQueue(stripe)) return 1 // who comes next says what is wrong
  const record = recordOf(stripe)
  const enough = max<u32>(queueAt(record).capacity >> ROOM_SHIFT, 1)
  let pause = FIRST_PAUSE
  for (let look: u32 = 0; look < min<u32>(looks, MOST_LOOKS); look++) {
    spend(pause)
    pause = min<u32>(pause << 1, LONGEST_PAUSE)
    if (isClosed(record) || (end == CONSUMERS ? countItems(record) > 0 : countRoom(record) >= enough)) return 1
  }
  return end == CONSUMERS ? 0 : i32(countRoom(record) > 0)
}
