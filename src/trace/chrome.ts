import type { TraceArguments } from './events.js'

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
