import { ASKED, PRESSURE, RELIEVED } from '../layout/heap'
import { MAX_THREADS, UNIT_BYTES } from '../layout/limits'
import { ATTACHED, me, phaseOf, self, threadSlot } from '../layout/thread'
import { Checkpoint, checkpoint } from '../sync/checkpoint'
import { mustMend } from '../sync/lock'
import { bytesInLists, spillAll, spillOthers } from './lists'

// Memory is short: free blocks that threads have in their lists hold slabs that could serve others. Before anyone says that
// there is no memory, it gives back its own, and asks the others to. Those that work do so at their next look; those that
// wait in an event loop are called (ASKED). One that does neither keeps its few blocks.

/** How long who finds no memory waits for the others, and how often it looks. */
const SLEEP_NS: i64 = 5_000_000
const SLEEPS: u32 = 6

/** What this instance has seen of PRESSURE. */
let seen: u32 = 0
/** What the others had when it was waited for in vain: nobody need wait for that again. */
let futile: u32 = 0

/** Gives back the free blocks that this thread has of all classes but the one that it needs. Whether there were any. */
export function relieve(needed: u32): bool {
  return spillOthers(needed) != 0
}

/** Between two operations: gives them all back if another thread is short of memory. Looked at now and then. */
@inline
export function relieveOthers(): void {
  if (atomic.load<u32>(PRESSURE) != seen) trim() // pairs with callOthers
}

/** Gives back what this thread can do without, and tells who waits for it. Returns how many bytes. */
export function trim(): u32 {
  if (!self || mustMend()) return 0
  seen = atomic.load<u32>(PRESSURE)
  const bytes = spillAll()
  atomic.add<u32>(RELIEVED, 1) // pairs with awaitRelief
  atomic.notify(RELIEVED, -1)
  checkpoint(Checkpoint.Relieved)
  return bytes
}

/** Asks all other threads for what they can do without, and waits a moment. Whether they gave any. */
export function callOthers(): bool {
  const before = bytesOfOthers()
  if (before < UNIT_BYTES || before == futile) return false
  atomic.add<u32>(PRESSURE, 1)
  seen = atomic.load<u32>(PRESSURE)
  atomic.add<u32>(ASKED, 1)
  atomic.notify(ASKED, -1)
  checkpoint(Checkpoint.OthersCalled)
  const after = awaitRelief(before)
  futile = after
  return after < before
}

/** Waits until the others have less than before, but not for long. Returns what they have. Counts in memory: see lock.ts. */
function awaitRelief(before: u32): u32 {
  me().sleeps = 0
  while (me().sleeps < SLEEPS && bytesOfOthers() >= before) {
    me().sleeps++
    if (me().mayBlock) atomic.wait<i32>(RELIEVED, atomic.load<u32>(RELIEVED), SLEEP_NS)
  }
  return bytesOfOthers()
}

function bytesOfOthers(): u32 {
  let bytes: u32 = 0
  for (let index: u32 = 0; index < MAX_THREADS; index++) {
    const slot = threadSlot(index)
    if (slot != self && phaseOf(atomic.load<u32>(slot)) == ATTACHED) bytes += bytesInLists(slot)
  }
  return bytes
}
