import type { Key } from './core/kinds.js'
import { SharedCache as CacheClass } from './cache/cache.js'
import { SharedMap as MapClass } from './map/map.js'
import { SharedQueue as QueueClass } from './queue/queue.js'
import { SharedSet as SetClass } from './set/set.js'
import { SharedHeap as HeapClass } from './shared-heap/shared-heap.js'
import type {
  SharedCacheConstructor,
  SharedHeapConstructor,
  SharedMapConstructor,
  SharedQueueConstructor,
  SharedSetConstructor,
} from './types.js'

// The public names, the same for both entry points.

/** A Map that all threads of the program share. */
export type SharedMap<K extends Key = any, V = any> = MapClass<K, V>
export const SharedMap = MapClass as unknown as SharedMapConstructor

/** A Set that all threads of the program share. */
export type SharedSet<T extends Key = any> = SetClass<T>
export const SharedSet = SetClass as unknown as SharedSetConstructor

/** Bits that all threads of the program share. */
export { SharedBitset } from './bitset/bitset.js'

/** A bounded queue that all threads of the program share. */
export type SharedQueue<T = any> = QueueClass<T>
export const SharedQueue = QueueClass as unknown as SharedQueueConstructor

/** A cache that all threads of the program share. */
export type SharedCache<K extends Key = any, V = any> = CacheClass<K, V>
export const SharedCache = CacheClass as unknown as SharedCacheConstructor

/** One memory for many collections. */
export type SharedHeap = HeapClass
export const SharedHeap = HeapClass as unknown as SharedHeapConstructor

export { coreModule, useCore } from './core/instance.js'
export { TophashError, type TophashErrorCode } from './core/errors.js'
export type { ObjectCodec } from './codecs/object-codec.js'
export type {
  SharedBitsetHandle,
  SharedCacheHandle,
  SharedHeapHandle,
  SharedMapHandle,
  SharedQueueHandle,
  SharedSetHandle,
} from './collection/handle.js'
export type { Key, Kind, KindOf, TypeOf } from './core/kinds.js'
export type {
  SharedBitsetOptions,
  SharedCacheOptions,
  SharedHeapOptions,
  SharedMapOptions,
  SharedQueueOptions,
  SharedSetOptions,
} from './collection/options.js'
export type { InspectOptions, InspectedHeap, InspectedSegment, Inspection } from './collection/inspect.js'
export type { DrainOptions } from './queue/drain.js'
export type { AsyncWaitOptions, WaitOptions } from './queue/options.js'
export type { Received } from './queue/received.js'
export type { SharedQueueStats } from './queue/stats.js'
export type { CacheTimes, FetchOptions, LoadContext, WriteTimes } from './cache/times.js'
export type { SharedCacheStats } from './cache/stats.js'
export type { SharedBitsetStats } from './bitset/stats.js'
export type { SharedHeapStats, SharedMapStats } from './heap/stats.js'
export type { ChromeTrace, ChromeTraceEvent, UserEntry } from './trace/chrome.js'
export type { TraceArguments, TraceCategory, TraceEvent, TraceEventName } from './trace/events.js'
export type { Trace, TraceOptions } from './trace/trace.js'
export type {
  SharedCacheConstructor,
  SharedHeapConstructor,
  SharedMapConstructor,
  SharedQueueConstructor,
  SharedSetConstructor,
} from './types.js'
