import { mayBlock } from '../core/platform.js'
import {
  POLL,
  SLICE,
  SLICES_PER_SWEEP,
  type Waiting,
  type WaitingRoom,
  mayNotBlock,
  now,
  waitAsync,
  waitIn,
} from '../core/waiting.js'
import type { AnyTable } from '../table/table.js'
import { QUEUE } from './layout.js'

// Waiting at an end of a queue: assembly/structures/queue/wait.ts has the protocol. Whoever waits says so, tries again, and sleeps on a
// word that who comes with something changes. Nobody sleeps for longer than a slice: who was to wake it may have died before it did.

/** Looks before a thread that may block goes to sleep: some 20 us. */
const LOOKS = 4000
/** Which end: an index of QUEUE.signals. */
export type End = typeof QUEUE.consumers | typeof QUEUE.producers

/** The words that threads sleep on, an Int32Array that stays good however the memory grows. */
function signalsOf({ heap, address }: AnyTable): Int32Array {
  return new Int32Array(heap.memory.buffer, address + QUEUE.signals, 3)
}

/** Index in it. */
function indexOf(end: End): number {
  return 2 * end
}

/**
 * Tries until `attempt` succeeds or time is over, and blocks the thread meanwhile. Whether it succeeded.
 *
 * @throws ERR_UNSUPPORTED where a thread may not block; and what `attempt` throws
 */
export function waitBlocking(table: AnyTable, end: End, attempt: () => boolean, timeout: number, instead: string): boolean {
  if (attempt()) return true
  if (timeout <= 0) return false
  if (!mayBlock()) throw mayNotBlock(instead)
  const deadline = now() + timeout
  const signals = signalsOf(table)
  for (let slices = 1; ; slices++) {
    if (table.heap.core.awaitChange(table.stripe, end, LOOKS) === 1 && attempt()) return true
    if (sleepOnce(table, signals, end, attempt, deadline)) return true
    if (now() >= deadline) return attempt()
    if (slices % SLICES_PER_SWEEP === 0) table.heap.deaths.sweepQuietly()
  }
}

/** Sleeps for a slice, unless there is something. Whether the attempt before that succeeded. */
function sleepOnce(table: AnyTable, signals: Int32Array, end: End, attempt: () => boolean, deadline: number): boolean {
  const { heap, stripe } = table
  const seen = heap.core.beginWait(stripe, end)
  try {
    if (attempt()) return true
    const left = Math.min(SLICE, deadline - now())
    if (left > 0) Atomics.wait(signals, indexOf(end), seen, left)
    return false
  } finally {
    heap.core.endWait(stripe, end)
  }
}

/**
 * Those of this thread who wait at one end without blocking, first come first served. While there are any the thread stays
 * alive; when there are none it costs nothing.
 */
export class AsyncEnd implements WaitingRoom {
  readonly #table: AnyTable
  readonly #end: End
  readonly #signals: Int32Array
  readonly #waiting: Waiting[] = []
  /** Whether the core knows that this thread waits. */
  #isKnown = false
  /** A promise of waitAsync that is not settled yet. */
  #isAsleep = false
  #timer: ReturnType<typeof setInterval> | undefined
  #slices = 0

  constructor(table: AnyTable, end: End) {
    this.#table = table
    this.#end = end
    this.#signals = signalsOf(table)
  }

  /** See waitIn. */
  wait<R>(attempt: () => R | undefined, timeout: number, signal: AbortSignal | undefined): Promise<R | undefined> {
    return waitIn(this, attempt, timeout, signal)
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0
  }

  enter(waiting: Waiting): void {
    this.#waiting.push(waiting)
    this.#look()
  }

  /** The queue is closed in this thread: all who wait are told. */
  end(): void {
    for (const waiting of this.#waiting.splice(0)) waiting.attempt()
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#wakeOwn()
  }

  leave(waiting: Waiting): boolean {
    const index = this.#waiting.indexOf(waiting)
    if (index < 0) return false
    this.#waiting.splice(index, 1)
    if (this.#waiting.length === 0) this.#rest()
    return true
  }

  /** Serves all who can be served, in order. */
  #serve(): void {
    while (this.#waiting.length > 0) {
      const first = this.#waiting[0]!
      if (!first.attempt()) return
      if (this.#waiting[0] === first) this.#waiting.shift()
    }
  }

  /** Looks whether there is something; if not, sees to it that somebody looks again. */
  #look(): void {
    this.#serve()
    if (this.#waiting.length === 0) return this.#rest()
    this.#timer ??= setInterval(() => this.#atSlice(), waitAsync() ? SLICE : POLL)
    if (this.#isAsleep) return
    const { heap, stripe } = this.#table
    const seen = heap.core.beginWait(stripe, this.#end)
    if (this.#isKnown) heap.core.endWait(stripe, this.#end) // the one before: in between nobody would have counted this thread
    this.#isKnown = true
    this.#serve() // what came before the core knew
    if (this.#waiting.length === 0) return this.#rest()
    const result = waitAsync()?.call(Atomics, this.#signals, indexOf(this.#end), seen)
    if (!result) return
    this.#isAsleep = true
    const woken = result.async ? result.value : Promise.resolve()
    void woken.then(() => {
      this.#isAsleep = false
      if (this.#timer !== undefined) this.#look()
    })
  }

  #atSlice(): void {
    if (++this.#slices % SLICES_PER_SWEEP === 0) this.#table.heap.deaths.sweepQuietly()
    this.#serve()
    if (this.#waiting.length === 0) this.#rest()
  }

  /** Nobody waits any more. */
  #rest(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    if (this.#isKnown && this.#table.isOpen) this.#table.heap.core.endWait(this.#table.stripe, this.#end)
    this.#isKnown = false
    this.#wakeOwn()
  }

  /** A promise that nobody waits for would take the next wake-up from somebody who sleeps: all look again instead. */
  #wakeOwn(): void {
    if (this.#isAsleep) Atomics.notify(this.#signals, indexOf(this.#end))
  }
}
