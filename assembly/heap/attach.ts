import { HEADER, HeapHeader, HeapLimits, LIMITS, POOL } from '../layout/heap'
import { HEADER_PAGES, LAYOUT_VERSION, MAGIC, MAX_THREADS, PAGE_BYTES, SCRATCH_KEY } from '../layout/limits'
import { INVALID, OUT_OF_MEMORY, TOO_MANY_THREADS } from '../layout/status'
import { become, FREE, me, nextTenant, phaseOf, scratch, self, stateOf, threadSlot } from '../layout/thread'
import { drawSecrets } from '../hash/mix'
import { Checkpoint, checkpoint } from '../sync/checkpoint'
import { lockPool, unlock } from '../sync/lock'
import { ensureReach } from '../sync/reach'
import { spillAll } from '../memory/lists'
import { allocateScratch, keepSpare } from '../memory/runs'
import { dropSpill } from '../memory/spill'

// A heap, and a thread's slot in it. What lies in a heap: see heap/collections.ts.

/**
 * Makes a heap of fresh memory, and its secrets of 128 random bits. Its creator is alone, so plain stores do. 0, or
 * INVALID: there is one already.
 */
export function initializeHeap(
  maxPages: u32, idLow: u32, idHigh: u32, random0: u32, random1: u32, random2: u32, random3: u32,
): i32 {
  const header = changetype<HeapHeader>(HEADER)
  if (header.magic == MAGIC) return INVALID
  header.layoutVersion = LAYOUT_VERSION
  header.idLow = idLow
  header.idHigh = idHigh
  drawSecrets(u64(random0) | (u64(random1) << 32), u64(random2) | (u64(random3) << 32))
  header.maxPages = maxPages
  atomic.store<u32>(LIMITS, HEADER_PAGES, offsetof<HeapLimits>('endPages'))
  atomic.store<u32>(HEADER, MAGIC, offsetof<HeapHeader>('magic'))
  return 0
}

/**
 * Takes a thread slot for this instance, and enters how others can tell whether this thread lives (see ThreadSlot).
 * Returns the thread's id, 1 or more; or a negative status: INVALID if this instance has one.
 */
export function attachThread(
  mayBlock: bool, nativeId: u32, nativeStart: u32, threadId: u32, parent: u32, tokenLow: u32, tokenHigh: u32,
): i32 {
  if (self) return INVALID
  for (let index: u32 = 0; index < MAX_THREADS; index++) {
    const slot = threadSlot(index)
    const state = atomic.load<u32>(slot)
    if (phaseOf(state) != FREE) continue
    // Pairs with vacate(): with the slot come its lists and its scratch page.
    if (atomic.cmpxchg<u32>(slot, state, nextTenant(state)) != state) continue
    become(slot)
    identify(nativeId, nativeStart, threadId, parent, tokenLow, tokenHigh)
    me().id = index + 1 // who recovers this thread takes locks by it
    me().mayBlock = u32(mayBlock)
    checkpoint(Checkpoint.SlotTaken)
    if (!scratch) allocateScratch()
    become(slot)
    if (!scratch) {
      vacate()
      become(0)
      return OUT_OF_MEMORY
    }
    ensureReach(scratch + PAGE_BYTES)
    prepareSpare()
    memory.fill(scratch, 0, SCRATCH_KEY) // what the thread before left in the results
    return index + 1
  }
  return TOO_MANY_THREADS
}

/** Another thread may come when the heap is full. */
function prepareSpare(): void {
  if (!lockPool()) return
  keepSpare()
  unlock(POOL)
}

/**
 * Enters how others can tell whether this thread lives. Inlined, as is all that lies between this and the change of the
 * state: runtimes end a thread where a function is entered or a loop goes round, so none ends in between, where nobody
 * could tell that it is dead.
 */
@inline
function identify(
  nativeId: u32, nativeStart: u32, threadId: u32, parent: u32, tokenLow: u32, tokenHigh: u32,
): void {
  me().vouched = 0
  me().nativeId = nativeId
  me().nativeStart = nativeStart
  me().threadId = threadId
  me().parent = parent
  me().tokenLow = tokenLow
  me().tokenHigh = tokenHigh
}

/** Leaves the slot to another tenant, and what the pool does not take now. */
export function leave(): void {
  dropSpill()
  spillAll()
  vacate()
}

/** With all that it has: see attachThread. */
function vacate(): void {
  checkpoint(Checkpoint.SlotGiven)
  const free = stateOf(atomic.load<u32>(self), FREE, 0)
  identify(0, 0, 0, 0, 0, 0)
  atomic.store<u32>(self, free) // pairs with attachThread
}

/** Address of this thread's scratch page. */
export function scratchAddress(): u32 {
  return scratch
}
