import { FOR_SCRATCH, HEADER, HeapHeader, HeapLimits, LIMITS } from './layout/heap'
import { HEADER_PAGES, LAYOUT_VERSION, MAGIC, MAX_THREADS, PAGE_BYTES, SCRATCH_KEY } from './layout/limits'
import { OUT_OF_MEMORY, TOO_MANY_THREADS } from './layout/status'
import { ATTACHED, CHUNK, Chunk, FREE, become, me, scratch, self, threadSlot } from './layout/thread'
import { spillAll } from './memory/blocks'
import { allocatePages } from './memory/pages'
import { ensureReach } from './sync/reach'
import { dropSpill } from './table/value'

// A heap, and a thread's slot in it. What lies in a heap: see collections.ts.

/** Makes a heap of fresh memory. Its creator is alone, so plain stores do; `ready` publishes them. */
export function initializeHeap(maxPages: u32, idLow: u32, idHigh: u32, seedLow: u32, seedHigh: u32): void {
  const header = changetype<HeapHeader>(HEADER)
  header.layoutVersion = LAYOUT_VERSION
  header.idLow = idLow
  header.idHigh = idHigh
  header.seed = u64(seedLow) | (u64(seedHigh) << 32)
  header.maxPages = maxPages
  atomic.store<u32>(LIMITS, HEADER_PAGES, offsetof<HeapLimits>('endPages'))
  atomic.store<u32>(HEADER, MAGIC, offsetof<HeapHeader>('magic'))
}

/** Takes a thread slot for this instance. Returns the thread's id, 1 or more; or a negative status. */
export function attachThread(mayBlock: bool): i32 {
  for (let index: u32 = 0; index < MAX_THREADS; index++) {
    const slot = threadSlot(index)
    // Pairs with the store in detachThread: with the slot come its chunk and its scratch page.
    if (atomic.cmpxchg<u32>(slot, FREE, ATTACHED) != FREE) continue
    become(slot)
    me().id = index + 1
    me().mayBlock = u32(mayBlock)
    if (!me().scratch) me().scratch = allocatePages(1, FOR_SCRATCH)
    if (!me().scratch) {
      detachThread()
      return OUT_OF_MEMORY
    }
    become(slot)
    ensureReach(scratch + PAGE_BYTES)
    ensureReach(changetype<Chunk>(slot + CHUNK).end)
    memory.fill(scratch, 0, SCRATCH_KEY) // what the thread before left in the results
    return index + 1
  }
  return TOO_MANY_THREADS
}

/** Gives the slot back, and all of its free blocks to the heap. The instance is not attached any more. */
export function detachThread(): void {
  const slot = self
  dropSpill()
  spillAll()
  become(0)
  atomic.store<u32>(slot, FREE)
}

/** Address of this thread's scratch page. */
export function scratchAddress(): u32 {
  return me().scratch
}
