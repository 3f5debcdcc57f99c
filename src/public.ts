// The public names, the same for all entry points. Those of each structure are in its folder.

export * from './map/public.js'
export * from './set/public.js'
export * from './bitset/public.js'
export * from './queue/public.js'
export * from './cache/public.js'
export * from './shared-heap/public.js'

export { coreModule, useCore } from './core/instance.js'
export { TophashError, type TophashErrorCode } from './core/errors.js'
export type { ObjectCodec } from './codecs/object-codec.js'
export type { Key, Kind, KindOf, TypeOf } from './core/kinds.js'
export type { InspectOptions, InspectedHeap, InspectedSegment, Inspection } from './collection/inspect.js'
export type { SharedMapStats } from './heap/stats.js'
export type { ChromeTrace, ChromeTraceEvent, UserEntry } from './trace/chrome.js'
export type { TraceArguments, TraceCategory, TraceEvent, TraceEventName } from './trace/events.js'
export type { Trace, TraceOptions } from './trace/trace.js'
