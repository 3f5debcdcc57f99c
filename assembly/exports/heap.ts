import { blockBytes } from '../layout/block'
import { isAttached } from '../layout/thread'
import { hurry } from '../sync/lock'
import { allocateLoose, releaseLoose } from '../memory/blocks'
import { trim } from '../memory/pressure'
import { dropSpill } from '../memory/spill'
import { attachThread, initializeHeap, scratchAddress } from '../heap/attach'
import { checkHeap } from '../heap/check'
import {
  claimCollection, closeCollection, createCollection, createDirectory, keepCollection, openCollection,
} from '../heap/collections'
import { deleteCollection } from '../heap/deletion'
import { inspectHeap } from '../heap/inspect'
import { isListed } from '../heap/records'
import { detachThread, mend, recover } from '../heap/recovery'
import { writeHeapStats } from '../heap/stats'
import { beginTrace, endTrace, lookAtTrace, readTrace } from '../heap/tracing'

// What a heap is asked, and blocks for what is too long for scratch.

export { initializeHeap, attachThread, scratchAddress } from '../heap/attach'
export { detachThread, mend, recover } from '../heap/recovery'
export { hurry } from '../sync/lock'
export { trim } from '../memory/pressure'
export { createDirectory, createCollection, openCollection, closeCollection, claimCollection, keepCollection } from '../heap/collections'
export { isListed } from '../heap/records'
export { checkHeap } from '../heap/check'
export { writeHeapStats } from '../heap/stats'
export { inspectHeap } from '../heap/inspect'
export { deleteCollection } from '../heap/deletion'
export { beginTrace, endTrace, lookAtTrace, readTrace } from '../heap/tracing'

/** Pages of memory. Calling it makes this instance notice that another thread has made memory grow. */
export function pages(): u32 {
  return u32(memory.size())
}

// ---- Blocks for keys and values that are too long for scratch ----

/** A block for bytes with this meta word; 0 if there is no memory. A thread can have eight at a time. */
export function newBlock(meta: u32): u32 {
  return isAttached() ? allocateLoose(blockBytes(meta)) : 0
}

/** Gives a block back, unless an operation has adopted it. */
export function dropBlock(block: u32): void {
  if (isAttached()) releaseLoose(block)
}

/** Gives back the memory of a result that was too long for scratch, when it has been decoded. */
export function dropResult(): void {
  if (isAttached()) dropSpill()
}
