import type { SharedHeapOptions } from './options.js'
import type { SharedHeap } from './shared-heap.js'

// How TypeScript sees the class: see map/constructor.ts.

/** The class SharedHeap. */
export interface SharedHeapConstructor {
  /** Makes a heap, with no collection in it. */
  new (options?: SharedHeapOptions): SharedHeap
  readonly prototype: SharedHeap

  /** Opens, in this thread, the heap that another thread's `heap.handle` names. */
  attach(handle: unknown): SharedHeap
}
