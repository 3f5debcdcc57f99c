// What a thread was doing when it died, as its slot says before anybody recovers it. It shows that the kills do hit
// what they are meant to.
import type { Worker } from 'node:worker_threads'
import type { SharedHeap } from 'tophash'
import { JOURNAL_LOCK, KIND_MASK, MAX_THREADS, SLOT, SLOTS_AT, SLOT_BYTES, SLOT_KIND, LOCK } from '../../src/core/layout.js'

export interface Deaths {
  /** Threads that were attached when they died. */
  attached: number
  /** Those of them that held a lock. */
  locked: number
}

/** Looks into the slot of this worker when it exits, before the library hears of it. */
export function examineAtExit(worker: Worker, heap: SharedHeap, deaths: Deaths): void {
  const threadId = worker.threadId + 1
  worker.prependOnceListener('exit', () => {
    const words = new Int32Array(heap.handle.memory.buffer)
    for (let slot = SLOTS_AT; slot < SLOTS_AT + MAX_THREADS * SLOT_BYTES; slot += SLOT_BYTES) {
      const isAttached = (words[slot / 4]! & KIND_MASK) === SLOT_KIND.attached
      if (!isAttached || words[(slot + SLOT.threadId) / 4] !== threadId) continue
      deaths.attached++
      const lock = words[(slot + JOURNAL_LOCK) / 4]! >>> 0
      const word = lock === 0 ? 0 : words[lock / 4]!
      if (word & LOCK.locked && word >>> LOCK.fieldShift === words[(slot + SLOT.id) / 4]) deaths.locked++
    }
  })
}
