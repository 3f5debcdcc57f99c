/// <reference lib="esnext.disposable" preserve="true" />
import type { ChromeTrace, UserEntry } from './chrome.js'
import type { TraceEvent } from './events.js'

export interface TraceOptions {
  /** Events to have room for, at least: 64 bytes each in the heap. Then the oldest is overwritten. Default 65536. */
  events?: number
}

/** A record of what all threads do to a collection, or to all of a heap, from `trace()` on. */
export interface Trace extends Disposable {
  /** Events that there is room for. */
  readonly capacity: number
  /** Whether it goes on: until stop(). */
  readonly isRecording: boolean
  /** Events overwritten before they were read by events() or toChrome(): of whatever collection of the heap. */
  readonly lost: number
  /**
   * What has been recorded and is still there, in order of time. Takes nothing away: calling it again returns the
   * same and more. After stop(): what was there then.
   *
   * @param from only events whose index is not less than this. A page that draws while it records asks for those
   *   behind the last index that it has seen.
   */
  events(from?: number): TraceEvent[]
  /**
   * The same in the Chrome trace-event format, to be saved as JSON and opened in Perfetto.
   *
   * @param options.entries marks and measures of this thread, as performance.getEntries() returns them, to be drawn beside it
   */
  toChrome(options?: { entries?: readonly UserEntry[] }): ChromeTrace
  /** Ends it, in this thread; calling it again does nothing. What was recorded can be read still. */
  stop(): void
}
