import type { Key } from './kinds.js'
import { SharedMap as MapClass } from './map.js'
import { SharedSet as SetClass } from './set.js'
import { SharedHeap as HeapClass } from './shared-heap.js'
import type { SharedHeapConstructor, SharedMapConstructor, SharedSetConstructor } from './types.js'

// The public names, the same for both entry points.

/** A Map that all threads of the program share. */
export type SharedMap<K extends Key = any, V = any> = MapClass<K, V>
export const SharedMap = MapClass as unknown as SharedMapConstructor

/** A Set that all threads of the program share. */
export type SharedSet<T extends Key = any> = SetClass<T>
export const SharedSet = SetClass as unknown as SharedSetConstructor

/** One memory for many collections. */
export type SharedHeap = HeapClass
export const SharedHeap = HeapClass as unknown as SharedHeapConstructor

export { TophashError, type TophashErrorCode } from './errors.js'
export type { ObjectCodec } from './codecs/object-codec.js'
export type { SharedHeapHandle, SharedMapHandle, SharedSetHandle } from './handle.js'
export type { Key, Kind, KindOf, TypeOf } from './kinds.js'
export type { SharedHeapOptions, SharedMapOptions, SharedSetOptions } from './options.js'
export type { InspectOptions, InspectedHeap, InspectedSegment, Inspection } from './inspect.js'
export type { SharedHeapStats, SharedMapStats } from './stats.js'
export type { ChromeTrace, ChromeTraceEvent, UserEntry } from './trace/chrome.js'
export type { TraceArguments, TraceCategory, TraceEvent, TraceEventName } from './trace/events.js'
export type { Trace, TraceOptions } from './trace/trace.js'
export type { SharedHeapConstructor, SharedMapConstructor, SharedSetConstructor } from './types.js'
