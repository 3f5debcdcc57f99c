/** What a trace can say, by name. Counts and bytes are whole numbers, exact unless said otherwise. */
export interface TraceArguments {
  /** One thread allocated a segment and raised the level: `level` is the new one, of 2^level buckets. */
  growth: { level: number; buckets: number; approximateSize: number }
  /**
   * A thread split so many buckets (none, if others had come first), which took and gave back overflow buckets. Of the
   * `children` that the level has, `approximateEvacuated` were done afterwards.
   */
  evacuation: {
    level: number; buckets: number; approximateEvacuated: number; children: number; overflowTaken: number
    overflowGivenBack: number
  }
  /** Overflow buckets that an insertion took, or that a removal or clear() gave back. */
  overflow: { taken: number; givenBack: number }
  /**
   * A thread found a lock taken, by thread `owner`: of a chain, of the heap's page pool, or the right to raise the level.
   * `gaveUp`: the operation failed with ERR_OWNER_UNRESPONSIVE, or somebody died.
   */
  'lock wait': { lock: 'chain' | 'pool' | 'growth'; owner: number; gaveUp: boolean }
  /** A read started over, because a write came in between; or waited for a writer, thread `owner` (0: it did not wait). */
  'read retry': { owner: number }
  /** A thread put in order what dead thread `dead` left. `done`: it is; else a lock was in the way, and it is tried again. */
  recovery: { dead: number; done: boolean }
  /** The heap's memory grew, from so many bytes to so many. */
  'memory growth': { from: number; to: number }
  /** reserve(entries) was called. `done`: there is room for them. */
  reserve: { entries: number; done: boolean }
}

/** What an event is about, for filters. */
export type TraceCategory = 'growth' | 'waiting' | 'memory' | 'threads'

export type TraceEventName = keyof TraceArguments

/** One thing that a thread did. */
export type TraceEvent<Name extends TraceEventName = TraceEventName> = {
  [N in Name]: {
    name: N
    category: TraceCategory
    /** Its place in the record of the heap: rises by one with each event of whatever thread and collection. */
    index: number
    /** Id of the thread in the heap, from 1. A thread that ends leaves its id to the next that comes. */
    thread: number
    /** When it began, in milliseconds on the clock of `performance.timeOrigin + performance.now()`. */
    start: number
    /** How long it took, in milliseconds; undefined if it is but a moment. */
    duration?: number
    /** The name of the collection, if it has one and it is there; undefined for what belongs to the heap. */
    collection?: string
    args: TraceArguments[N]
  }
}[Name]
