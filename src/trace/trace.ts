/// <reference lib="esnext.disposable" preserve="true" />
import { sharedNow, toOrigin } from '../core/clock.js'
import type { CoreExports } from '../core/exports.js'
import { EVENT_BYTES, MOST_EVENTS, SCRATCH } from '../core/layout.js'
import { namesByPlace, numberOf } from '../table/directory.js'
import { type Outcome, failure, makeRoom } from '../core/failure.js'
import type { Heap, HeapUser, Use } from '../heap/heap.js'
import { checkCount, checkNames } from '../core/options.js'
import { Literal } from '../printing/layout.js'
import { definePrinting } from '../printing/printing.js'
import type { SharedMapStats } from '../heap/stats.js'
import type { Place } from '../table/schema.js'
import { Uncloneable } from '../core/uncloneable.js'
import { type ChromeTrace, type UserEntry, toChrome } from './chrome.js'
import { type RawEvent, type TraceEvent, decodeEvent, inOrder, readEvents } from './events.js'

export interface TraceOptions {
  /**
   * Events to have room for, 1 to 4,194,304: 64 bytes each in the heap, rounded up to a power of two. When there are more,
   * the oldest are overwritten. Default: 65,536, which is 4 MiB. Of no effect while another trace of the heap goes on,
   * in whatever thread: both have the room that the first one made.
   */
  events?: number
}

const DEFAULT_EVENTS = 65_536

/** The ring as it is now. */
interface Ring {
  /** Index of the next event. */
  readonly end: number
  readonly capacity: number
  readonly epoch: number
}

/** The end of a trace's use. */
const ending = (core: CoreExports): number => core.endTrace()

function unrecorded(heap: Heap, events: number): Outcome {
  const remedy = `Ask for fewer events than ${events} (each takes ${EVENT_BYTES} bytes), or ${makeRoom(heap)}`
  return { done: 'Nothing is recorded', remedy }
}

/** A trace that goes on, as a use of its heap: its end is told to the core however it comes. */
class Recording implements HeapUser {
  readonly heap: Heap
  #use: Use | undefined

  /** @throws ERR_OUT_OF_MEMORY, ERR_OWNER_UNRESPONSIVE */
  constructor(heap: Heap, events: number) {
    const status = heap.core.beginTrace(events, sharedNow())
    if (status < 0) throw failure(heap, status, unrecorded(heap, events))
    this.heap = heap
    this.#use = heap.retain(this, ending)
  }

  get isOpen(): boolean {
    return this.#use !== undefined
  }

  /** @throws ERR_OWNER_UNRESPONSIVE: then it goes on */
  close(): void {
    if (this.#use) this.heap.release(this.#use)
    this.#use = undefined
  }

  ring(): Ring {
    const { heap } = this
    const status = heap.core.lookAtTrace()
    if (status < 0) throw failure(heap, status)
    const at = (index: number): number => heap.floatAt(heap.scratch + SCRATCH.value + index * 8)
    return { end: at(0), capacity: at(1), epoch: at(2) }
  }
}

/**
 * A record of what all threads do to a collection, or to all of a heap, from `trace()` on until `stop()`: levels raised,
 * buckets evacuated, overflow buckets, waits for locks, reads that start over, recoveries, growth of memory. Threads
 * write events to a ring in the heap, without waiting for anybody; reading takes no lock, and changes nothing. No two events
 * are recorded as one moment: another thread's may be missing from a result, and be in the next.
 *
 * Disposing of the map does not end it; the end of its thread does.
 */
export class Trace extends Uncloneable implements Disposable {
  readonly #recording: Recording
  readonly #place: Place | undefined
  readonly #first: number
  readonly #before: SharedMapStats | undefined
  readonly #epoch: number
  readonly #began: number
  /** Events that there is room for. */
  readonly capacity: number
  /** What was there when it was stopped. */
  #kept: RawEvent[] | undefined
  #names: ReadonlyMap<number, string> | undefined
  /** The next event that nobody has read, and how many were overwritten before they were. */
  #unread: number
  #lost = 0

  /** @internal Begins to record. `place`: of the one collection that it is about; undefined: of all. */
  constructor(heap: Heap, place: Place | undefined, options: TraceOptions | undefined, before?: SharedMapStats) {
    super()
    const { events = DEFAULT_EVENTS } = checkNames('trace', options, ['events'], '{ events: 65536 }') as TraceOptions
    checkCount('events', events, 1, MOST_EVENTS, 'events')
    this.#recording = new Recording(heap, events)
    this.#place = place && { address: place.address, generation: place.generation }
    this.#before = before
    const { end, capacity, epoch } = this.#recording.ring()
    this.#first = this.#unread = end
    this.#epoch = epoch
    this.#began = sharedNow() - epoch
    this.capacity = capacity
  }

  /** Whether it goes on: until stop(), or until its thread has left the heap. */
  get isRecording(): boolean {
    return this.#recording.isOpen
  }

  /**
   * Events that were overwritten before events() or toChrome() read them; of all collections of the heap. If it is not 0,
   * ask for more room, or read more often. O(1).
   */
  get lost(): number {
    if (!this.#recording.isOpen) return this.#lost
    const { end, capacity } = this.#recording.ring()
    return this.#lost + Math.max(0, end - capacity - this.#unread)
  }

  /**
   * What has been recorded and is there still, in order of time. Takes nothing away: calling it again returns the same,
   * less what has been overwritten, and more. After stop(): what was there then. O(events).
   *
   * @param from only events whose index is not less than this: who draws while threads write asks for those behind the
   *   last index that it has seen
   * @throws ERR_CORRUPT_HEAP
   */
  events(from = 0): TraceEvent[] {
    const raws = this.#read(from)
    const names = this.#namesFor(raws)
    const time = (milliseconds: number): number => toOrigin(this.#epoch + milliseconds)
    return raws.flatMap((raw) => decodeEvent(raw, time, nameOf(raw, names)) ?? []).sort(inOrder)
  }

  /**
   * The same in the Chrome trace-event format: save it by JSON.stringify, and open the file in Perfetto
   * (https://ui.perfetto.dev) or chrome://tracing. Spans by thread; level, evacuation and memory as counters. O(events).
   *
   * @param options.entries marks and measures of this thread, of what performance.getEntries() returns: they become spans
   *   on tracks beside
   * @throws ERR_OPTIONS, ERR_CORRUPT_HEAP
   */
  toChrome(options?: { entries?: readonly UserEntry[] }): ChromeTrace {
    const { entries = [] } = checkNames('toChrome', options, ['entries'], '{ entries: performance.getEntries() }') as {
      entries?: readonly UserEntry[]
    }
    const raws = this.#read(0)
    const names = this.#namesFor(raws)
    const asIs = (milliseconds: number): number => milliseconds
    const events = raws.flatMap((raw) => decodeEvent(raw, asIs, nameOf(raw, names)) ?? [])
    return toChrome({
      events,
      entries,
      began: this.#began,
      lost: this.lost,
      before: this.#before,
      thread: this.#recording.heap.thread,
      originAt: toOrigin(this.#epoch),
    })
  }

  /**
   * Ends it; calling it again does nothing. What is there is kept, to be read. The last trace of a heap that ends gives the
   * ring's memory back. O(events).
   *
   * @throws ERR_OWNER_UNRESPONSIVE: then it goes on
   */
  stop(): void {
    if (!this.#recording.isOpen) return
    const kept = this.#read(0)
    this.#names = this.#namesFor(kept)
    this.#recording.close()
    this.#kept = kept
  }

  [Symbol.dispose](): void {
    void this.#recording // an object that has a stop() is not enough
    this.stop()
  }

  declare readonly [Symbol.toStringTag]: string

  #read(from: number): RawEvent[] {
    if (!this.#recording.isOpen) return (this.#kept ?? []).filter(({ index }) => index >= from)
    const { end, capacity } = this.#recording.ring()
    this.#lost += Math.max(0, end - capacity - this.#unread)
    this.#unread = Math.max(this.#unread, end)
    const raws = readEvents(this.#recording.heap, Math.max(from, this.#first), end)
    return raws.filter((raw) => this.#isMine(raw))
  }

  /** Whether an event is of this trace's collection, or of the heap. */
  #isMine({ table, generation }: RawEvent): boolean {
    const place = this.#place
    return !place || table === 0 || (table === place.address && generation === place.generation)
  }

  /** Names are for who traces all collections. */
  #namesFor(raws: readonly RawEvent[]): ReadonlyMap<number, string> | undefined {
    if (this.#place || !this.#recording.isOpen) return this.#names
    return raws.some(({ table }) => table !== 0) ? namesByPlace(this.#recording.heap) : undefined
  }
}

definePrinting(Trace.prototype, ({ isRecording, lost, capacity }) => {
  const facts = Object.entries({ isRecording, lost, capacity })
  return { head: 'Trace', items: facts.map(([name, value]): [Literal] => [new Literal(`${name}: ${value}`)]), more: 0 }
})
Object.defineProperty(Trace.prototype, Symbol.toStringTag, { value: 'Trace', configurable: true })

function nameOf({ table, generation }: RawEvent, names: ReadonlyMap<number, string> | undefined): string | undefined {
  return names?.get(numberOf({ address: table, generation }))
}
