import { TophashError } from '../core/errors.js'
import { mayBlock } from '../core/platform.js'
import type { AnyTable } from '../table/table.js'
import { QUEUE } from './layout.js'

// Waiting at an end of a queue: assembly/structures/queue/wait.ts has the protocol. Whoever waits says so, tries again, and sleeps on a
// word that who comes with something changes. Nobody sleeps for longer than a slice: who was to wake it may have died before it did.

/** How long anybody sleeps at most before looking again, in ms. */
const SLICE = 100
/** The same where there is no Atomics.waitAsync. */
const POLL = 4
/**
 * Looks before a thread that may block goes to sleep: some 100 us at most, as many as it takes to wake one. Fewer each time that it was in
 * vain, for there may be no processor for who is to bring something, down to 3 us; but as many as ever once in a while: two that answer each
 * other would sleep in turns for ever, each just before the other's answer.
 */
const [FEWEST_LOOKS, MOST_LOOKS] = [8, 160] as const
const VAIN_UNTIL_MOST = 32
/** Slices after which who waits looks after dead threads: one may have items that are to come back. */
const SLICES_PER_SWEEP = 5

/** Which end: an index of QUEUE.signals. */
export type End = typeof QUEUE.consumers | typeof QUEUE.producers

type WaitResult = { async: false } | { async: true; value: Promise<unknown> }
type WaitAsync = (words: Int32Array, index: number, value: number) => WaitResult

/** Looked up each time: so a test can take it away. */
function waitAsync(): WaitAsync | undefined {
  return (Atomics as { waitAsync?: WaitAsync }).waitAsync
}

/** The words that threads sleep on, an Int32Array that stays good however the memory grows. */
function signalsOf({ heap, address }: AnyTable): Int32Array {
  return new Int32Array(heap.memory.buffer, address + QUEUE.signals, 3)
}

/** Index in it. */
function indexOf(end: End): number {
  return 2 * end
}

const now = (): number => performance.now()

/** Asked of the runtime once: it does not change in a thread, and asking takes a microsecond. */
let isAllowed: boolean | undefined

/** One end, for who blocks its thread while it waits there. */
export class BlockingEnd {
  readonly #table: AnyTable
  readonly #end: End
  /** What to call where a thread may not block. */
  readonly #instead: string
  #signals: Int32Array | undefined
  #looks: number = MOST_LOOKS
  /** How often in a row looking was in vain. */
  #vain = 0

  constructor(table: AnyTable, end: End, instead: string) {
    this.#table = table
    this.#end = end
    this.#instead = instead
  }

  /**
   * Tries until `attempt` succeeds or time is over, and blocks the thread meanwhile. Whether it succeeded.
   *
   * @throws ERR_UNSUPPORTED where a thread may not block; and what `attempt` throws
   */
  wait(attempt: () => boolean, timeout: number): boolean {
    if (attempt()) return true
    if (timeout <= 0) return false
    isAllowed ??= mayBlock()
    if (!isAllowed) throw mayNotBlock(this.#instead)
    const deadline = timeout < Infinity ? now() + timeout : Infinity
    for (let slices = 1; ; slices++) {
      if (this.#look() && attempt()) return true
      if (this.#sleep(attempt, deadline)) return true
      if (deadline < Infinity && now() >= deadline) return attempt()
      if (slices % SLICES_PER_SWEEP === 0) this.#table.heap.deaths.sweepQuietly()
    }
  }

  /** Looks for a while. Whether there is something. */
  #look(): boolean {
    const isThere = this.#table.heap.core.awaitChange(this.#table.stripe, this.#end, this.#looks) === 1
    this.#vain = isThere ? 0 : this.#vain + 1
    if (isThere) this.#looks = Math.min(MOST_LOOKS, 2 * this.#looks)
    else this.#looks = this.#vain % VAIN_UNTIL_MOST === 0 ? MOST_LOOKS : Math.max(FEWEST_LOOKS, this.#looks >> 1)
    return isThere
  }

  /** Sleeps for a slice, unless there is something. Whether an attempt before that succeeded, or behind it: as long as others rely on this one. */
  #sleep(attempt: () => boolean, deadline: number): boolean {
    const { heap, stripe } = this.#table
    this.#signals ??= signalsOf(this.#table)
    const seen = heap.core.beginWait(stripe, this.#end)
    try {
      if (attempt()) return true
      const left = Math.min(SLICE, deadline - now())
      if (left > 0) Atomics.wait(this.#signals, indexOf(this.#end), seen, left)
      return attempt()
    } finally {
      heap.core.endWait(stripe, this.#end)
    }
  }
}

function mayNotBlock(instead: string): TophashError {
  return new TophashError(
    'ERR_UNSUPPORTED',
    `This thread may not block (it is a browser's main thread, or one that a runtime forbids to). Call ${instead}.`,
  )
}

/** One who waits, from the event loop. */
interface Waiting {
  /** Tries, and settles the promise if that succeeds or throws. Whether it is settled. */
  attempt(): boolean
}

/**
 * Those of this thread who wait at one end without blocking, first come first served. While there are any the thread stays
 * alive; when there are none it costs nothing.
 */
export class AsyncEnd {
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

  /** Whether nobody of this thread waits here. */
  get isIdle(): boolean {
    return this.#waiting.length === 0
  }

  /**
   * What `attempt` returns, as soon as it is not undefined; undefined when time is over.
   *
   * @throws the signal's reason; and what `attempt` throws
   */
  wait<R>(attempt: () => R | undefined, timeout: number, signal: AbortSignal | undefined): Promise<R | undefined> {
    return new Promise<R | undefined>((resolve, reject) => {
      signal?.throwIfAborted()
      let timer: ReturnType<typeof setTimeout> | undefined
      const settle = (act: () => void): true => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', abort)
        act()
        return true
      }
      const waiting: Waiting = {
        attempt: () => {
          try {
            const result = attempt()
            return result === undefined ? false : settle(() => resolve(result))
          } catch (error) {
            return settle(() => reject(error))
          }
        },
      }
      const abort = (): void => {
        if (this.#remove(waiting)) settle(() => reject(signal!.reason))
      }
      // Behind those who came before; but who need not wait at all does not.
      if (this.#waiting.length === 0 && waiting.attempt()) return
      if (timeout <= 0) return void settle(() => resolve(undefined))
      signal?.addEventListener('abort', abort)
      if (timeout < Infinity) {
        timer = setTimeout(
          () => {
            if (this.#remove(waiting) && !waiting.attempt()) settle(() => resolve(undefined))
          },
          Math.min(timeout, 2 ** 31 - 1),
        )
      }
      this.#waiting.push(waiting)
      this.#look()
    })
  }

  /** The queue is closed in this thread: all who wait are told. */
  end(): void {
    for (const waiting of this.#waiting.splice(0)) waiting.attempt()
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#wakeOwn()
  }

  #remove(waiting: Waiting): boolean {
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
    const { heap, stripe, isOpen } = this.#table
    if (++this.#slices % SLICES_PER_SWEEP === 0) heap.deaths.sweepQuietly()
    this.#serve()
    if (this.#waiting.length === 0) return this.#rest()
    if (!this.#isKnown || !isOpen) return
    heap.core.beginWait(stripe, this.#end) // says as well that it is not called: who called it may have died at that
    heap.core.endWait(stripe, this.#end)
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
