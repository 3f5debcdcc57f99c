import type { SharedMapStats } from '../heap/stats.js'
import { type TraceArguments, type TraceEvent, inOrder } from './events.js'

// The Chrome trace-event format ("Trace Event Format", Google): an object with an array of events, each with a phase.

/** One event of the Chrome trace-event format. Times are in microseconds since the trace began. */
export interface ChromeTraceEvent {
  name: string
  /** X: a span. i: a moment. C: a counter. M: a name. */
  ph: 'X' | 'i' | 'C' | 'M'
  ts: number
  pid: number
  tid: number
  cat?: string
  dur?: number
  /** Of a moment: that it concerns its thread. */
  s?: 't'
  args?: Record<string, unknown> | TraceArguments[keyof TraceArguments]
}

/** The Chrome trace-event format: what JSON.stringify makes of it, Perfetto and chrome://tracing open. */
export interface ChromeTrace {
  traceEvents: ChromeTraceEvent[]
  displayTimeUnit: 'ms'
  otherData: Record<string, string | number>
}

/** What toChrome() needs of a PerformanceEntry. */
export interface UserEntry {
  readonly name: string
  readonly entryType: string
  /** Milliseconds since this thread's performance.timeOrigin. */
  readonly startTime: number
  readonly duration: number
  readonly detail?: unknown
}

/** What a trace gives: times are milliseconds since the heap's epoch. */
export interface Recorded {
  readonly events: readonly TraceEvent[]
  readonly entries: readonly UserEntry[]
  readonly began: number
  readonly lost: number
  /** Of the one collection that it is about, when the trace began. */
  readonly before: SharedMapStats | undefined
  /** The thread whose entries those are. */
  readonly thread: number
  /** The epoch, on the clock of performance.timeOrigin + performance.now(). */
  readonly originAt: number
}

/** All of it is one process. */
const PROCESS = 1
/** The tracks of the user's entries come before those of threads, which have their ids. */
const USER_TRACK = 1000

/** Puts a trace, and the user's own marks and measures, into the format. */
export function toChrome(recorded: Recorded): ChromeTrace {
  const spans = recorded.events.map((event) => spanOf(event))
  const all = [...spans, ...countersOf(recorded), ...userEvents(recorded)]
  const first = all.reduce((least, { ts }) => Math.min(least, ts), recorded.began * 1000)
  for (const event of all) event.ts -= first
  all.sort((one, other) => one.ts - other.ts || (other.dur ?? 0) - (one.dur ?? 0))
  return {
    traceEvents: [...namesOf(all, recorded.thread), ...all],
    displayTimeUnit: 'ms',
    otherData: { producer: 'tophash', lostEvents: recorded.lost },
  }
}

function spanOf({ name, category, thread, start, duration, collection, args }: TraceEvent): ChromeTraceEvent {
  const event = { name, cat: category, pid: PROCESS, tid: thread, ts: start * 1000, args: { ...args, collection } }
  return duration === undefined ? { ...event, ph: 'i', s: 't' } : { ...event, ph: 'X', dur: duration * 1000 }
}

/** Level, evacuation and memory over time. Events come in the order in which they ended. */
function countersOf({ events, before, began }: Recorded): ChromeTraceEvent[] {
  const counters: ChromeTraceEvent[] = []
  const count = (name: string, at: number, args: Record<string, number>): void => {
    counters.push({ name, ph: 'C', ts: at * 1000, pid: PROCESS, tid: 0, args })
  }
  if (before) {
    count('level', began, { level: before.level })
    count('evacuation', began, { share: before.approximateEvacuation })
    count('memory', began, { bytes: before.memoryBytes })
  }
  for (const event of events) {
    const end = event.start + (event.duration ?? 0)
    const of = event.collection === undefined ? '' : ` of ${event.collection}`
    if (event.name === 'growth') {
      count(`level${of}`, end, { level: event.args.level })
      count(`evacuation${of}`, end, { share: 0 })
    } else if (event.name === 'evacuation') {
      count(`evacuation${of}`, end, { share: event.args.approximateEvacuated / event.args.children })
    } else if (event.name === 'memory growth') {
      count('memory', end, { bytes: event.args.to })
    }
  }
  return counters
}

/** Marks and measures. Measures may overlap in any way, spans of one track must not: each goes to the first with room. */
function userEvents({ entries, originAt }: Recorded): ChromeTraceEvent[] {
  const known = entries.filter(({ entryType }) => entryType === 'mark' || entryType === 'measure')
  const sorted = known
    .map((entry) => ({ entry, start: performance.timeOrigin - originAt + entry.startTime, duration: entry.duration }))
    .sort(inOrder)
  const tracks: number[][] = []
  return sorted.map(({ entry, start, duration }) => {
    const isMark = entry.entryType === 'mark'
    const track = isMark ? 0 : trackFor(tracks, start, start + duration)
    const { detail } = entry
    const event = { name: entry.name, cat: 'user', pid: PROCESS, tid: USER_TRACK + track, ts: start * 1000 }
    const args = detail === null || detail === undefined ? {} : { args: { detail } }
    return isMark ? { ...event, ...args, ph: 'i', s: 't' } : { ...event, ...args, ph: 'X', dur: duration * 1000 }
  })
}

/** The first track on which a span lies in all that are open, or behind them; each track is the ends of its open spans. */
function trackFor(tracks: number[][], start: number, end: number): number {
  for (let track = 0; ; track++) {
    const open = (tracks[track] ??= [])
    while (open.length > 0 && open.at(-1)! <= start) open.pop()
    if (open.length > 0 && open.at(-1)! < end) continue
    open.push(end)
    return track
  }
}

/** The names of the process, and of all tracks that there is something on. */
function namesOf(events: readonly ChromeTraceEvent[], thread: number): ChromeTraceEvent[] {
  const meta = (name: string, tid: number, args: Record<string, unknown>): ChromeTraceEvent => ({
    name,
    ph: 'M',
    ts: 0,
    pid: PROCESS,
    tid,
    args,
  })
  const tracks = [...new Set(events.filter(({ ph }) => ph !== 'C').map(({ tid }) => tid))].sort((a, b) => a - b)
  return [
    meta('process_name', 0, { name: 'tophash' }),
    ...tracks.flatMap((tid) => [
      meta('thread_name', tid, { name: trackName(tid, thread) }),
      meta('thread_sort_index', tid, { sort_index: tid < USER_TRACK ? tid : tid - 2 * USER_TRACK }),
    ]),
  ]
}

function trackName(tid: number, thread: number): string {
  if (tid >= USER_TRACK) return tid === USER_TRACK ? 'performance entries' : `performance entries ${tid - USER_TRACK + 1}`
  return tid === thread ? `thread ${tid} (this one)` : `thread ${tid}`
}
