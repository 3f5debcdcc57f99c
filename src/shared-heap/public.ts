import type { SharedHeapConstructor } from './constructor.js'
import { SharedHeap as HeapClass } from './shared-heap.js'

/** One memory for many collections. */
export type SharedHeap = HeapClass
export const SharedHeap = HeapClass as unknown as SharedHeapConstructor

export type { SharedHeapHandle } from '../collection/handle.js'
export type { SharedHeapStats } from '../heap/stats.js'
export type { SharedHeapConstructor } from './constructor.js'
export type { SharedHeapOptions } from './options.js'
