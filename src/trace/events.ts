import { EVENT, EVENT_BYTES, EVENT_KIND, EVENT_THREAD_SHIFT, PAGE_BYTES, SCRATCH } from '../core/layout.js'
import { failure } from '../core/failure.js'
import type { Heap } from '../heap/heap.js'

// What a trace can say, and how it is read from the heap's ring: see assembly/layout/trace.ts.

/** What a trace can say, by name. Counts and bytes are whole numbers, exact unless said otherwise. */
export interface TraceArguments {
  /** One thread allocated a segment and raised the level: `level` is the new one, of 2^level buckets. */
  growth: { level: number; buckets: number; approximateSize: number }
  /**
   * A thread split so many buckets (none, if others had come first), which took and gave back overflow buckets. Of the
   * `children` that the level has, `approximateEvacuated` were done afterwards.
   */
  evacuation: {
    level: number
    buckets: number
    approximateEvacuated: number
    children: number
    overflowTaken: number
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
  /** A thread put in order what thread `dead` left; unless `done`, a lock was in the way, and it is tried again. */
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
    /** In the trace of a SharedHeap: the name of the collection, if it has one and is there still. */
    collection?: string
    args: TraceArguments[N]
  }
}[Name]

/** An event as it lies in the ring. */
export interface RawEvent {
  readonly index: number
  readonly kind: number
  readonly thread: number
  /** Milliseconds since the heap's epoch. */
  readonly start: number
  /** Milliseconds; negative: it is but a moment. */
  readonly duration: number
  readonly table: number
  readonly generation: number
  /** What depends on the kind. */
  readonly words: readonly [number, number, number, number, number]
}

/** Copies the events that are there, from this index on, to before that one. */
export function readEvents(heap: Heap, from: number, end: number): RawEvent[] {
  const events: RawEvent[] = []
  for (let next = from; next < end; next = Number(heap.bigintAt(heap.scratch + SCRATCH.word))) {
    const count = heap.core.readTrace(next)
    if (count < 0) throw failure(heap, count)
    for (let i = 0; i < count; i++) events.push(eventAt(heap, heap.scratch + SCRATCH.value + i * EVENT_BYTES))
  }
  return events
}

function eventAt(heap: Heap, at: number): RawEvent {
  const word = (offset: number): number => heap.wordAt(at + offset)
  const what = word(EVENT.what)
  return {
    index: Number(heap.bigintAt(at + EVENT.number)),
    kind: what % (1 << EVENT_THREAD_SHIFT),
    thread: what >>> EVENT_THREAD_SHIFT,
    start: heap.floatAt(at + EVENT.start),
    duration: heap.floatAt(at + EVENT.duration),
    table: word(EVENT.record),
    generation: word(EVENT.generation),
    words: [word(EVENT.first), word(EVENT.second), word(EVENT.third), word(EVENT.fourth), word(EVENT.fifth)],
  }
}

type Described = { [N in TraceEventName]: Pick<TraceEvent<N>, 'name' | 'category' | 'args'> }[TraceEventName]

const LOCKS = ['chain', 'pool', 'growth'] as const

/** What an event of a kind says; undefined: it is of none that this version knows. */
const DESCRIBE: Readonly<Record<number, (words: RawEvent['words']) => Described>> = {
  [EVENT_KIND.growth]: ([level, approximateSize]) => ({
    name: 'growth',
    category: 'growth',
    args: { level, buckets: 2 ** level, approximateSize },
  }),
  [EVENT_KIND.evacuation]: ([level, buckets, approximateEvacuated, overflowTaken, overflowGivenBack]) => {
    const children = 2 ** (level - 1)
    const args = { level, buckets, approximateEvacuated, children, overflowTaken, overflowGivenBack }
    return { name: 'evacuation', category: 'growth', args }
  },
  [EVENT_KIND.overflow]: ([taken, givenBack]) => ({ name: 'overflow', category: 'memory', args: { taken, givenBack } }),
  [EVENT_KIND.lockWait]: ([what, owner, gaveUp]) => ({
    name: 'lock wait',
    category: 'waiting',
    args: { lock: LOCKS[what] ?? 'chain', owner, gaveUp: gaveUp !== 0 },
  }),
  [EVENT_KIND.readRetry]: ([, owner]) => ({ name: 'read retry', category: 'waiting', args: { owner } }),
  [EVENT_KIND.recovery]: ([dead, , done]) => ({ name: 'recovery', category: 'threads', args: { dead, done: done !== 0 } }),
  [EVENT_KIND.memoryGrowth]: ([from, to]) => ({
    name: 'memory growth',
    category: 'memory',
    args: { from: from * PAGE_BYTES, to: to * PAGE_BYTES },
  }),
  [EVENT_KIND.reserve]: ([entries, done]) => ({ name: 'reserve', category: 'growth', args: { entries, done: done !== 0 } }),
}

/**
 * What an event means. undefined: it is none of ours.
 *
 * @param toOrigin from milliseconds since the epoch to those that the program sees
 */
export function decodeEvent(
  raw: RawEvent,
  toOrigin: (time: number) => number,
  collection: string | undefined,
): TraceEvent | undefined {
  const described = DESCRIBE[raw.kind]?.(raw.words)
  if (!described) return undefined
  const { name, category, args } = described
  const event = { name, category, index: raw.index, thread: actorOf(raw), start: toOrigin(raw.start) }
  const duration = raw.duration < 0 ? {} : { duration: raw.duration }
  return { ...event, ...duration, ...(collection === undefined ? {} : { collection }), args } as TraceEvent
}

/** Who did it. A recovery is done in the name of the dead thread, by another one, if that is in the heap. */
function actorOf({ kind, thread, words }: RawEvent): number {
  return kind === EVENT_KIND.recovery && words[1] !== 0 ? words[1] : thread
}

/** In order of time; of what begins at the same moment, the longest first, so that spans follow those that they lie in. */
export function inOrder(one: { start: number; duration?: number }, other: { start: number; duration?: number }): number {
  return one.start - other.start || (other.duration ?? 0) - (one.duration ?? 0)
}
