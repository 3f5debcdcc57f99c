import { PAGE_BYTES, SCRATCH, STATUS } from '../core/layout.js'
import type { AnyTable } from '../table/table.js'

// Clocks of the program's. A thread can have a cache open more than once, and those that have share their stripe, and so the clock.

/** How often this thread has the cache of a stripe open, of each heap. */
const uses = new WeakMap<object, Map<number, number>>()

/** This thread has opened a cache once more. Returns what is to be called when it closes it. */
export function openClock({ heap, stripe }: AnyTable): () => void {
  const counts = uses.get(heap) ?? new Map<number, number>()
  uses.set(heap, counts)
  counts.set(stripe, (counts.get(stripe) ?? 0) + 1)
  return () => {
    const left = counts.get(stripe)! - 1
    if (left > 0) return void counts.set(stripe, left)
    counts.delete(stripe)
    heap.clocks.delete(stripe)
  }
}

/**
 * The cache asks this one. That happens in the middle of an operation: the core refuses what it is asked meanwhile, and what the
 * refused have laid out in the scratch page is put back.
 */
export function setClock({ heap, stripe }: AnyTable, now: (() => number) | undefined): void {
  if (!now) return
  const { scratch } = heap
  const before = new Uint8Array(PAGE_BYTES)
  heap.clocks.set(stripe, () => {
    before.set(heap.bytes.subarray(scratch, scratch + PAGE_BYTES))
    heap.words[(scratch + SCRATCH.status) >>> 2] = STATUS.invalid // who is refused says only NaN
    heap.isTellingTime = true
    try {
      return Number(now())
    } finally {
      heap.isTellingTime = false
      heap.bytes.set(before, scratch)
    }
  })
}
