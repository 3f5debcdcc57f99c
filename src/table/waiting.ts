import type { Encoded } from '../codecs/encoded.js'
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
import type { Heap } from '../heap/heap.js'
import type { AnyTable } from './table.js'
import { type Seen, type Sleep, watch } from './watch.js'

// Waiting until the value of a key is another: whoever waits looks, and sleeps on the word that the look has named, which every change
// of that chain changes. A wake-up that is none for this key is not passed on.

/** How a wait ends. */
export type Change = 'changed' | 'timed-out'

/** How long nobody sleeps without looking after threads that have died, in ms. */
const SWEEP = SLICE * SLICES_PER_SWEEP

/**
 * Blocks the thread until the value of a key is not what was seen any more.
 *
 * @throws ERR_UNSUPPORTED where a thread may not block
 */
export function waitBlocking(table: AnyTable, key: Encoded, seen: Seen, timeout: number): Change {
  let sleep = watch(table, key, seen)
  if (!sleep) return 'changed'
  if (timeout <= 0) return 'timed-out'
  if (!mayBlock()) throw mayNotBlock('waitAsync')
  const deadline = now() + timeout
  let sweepAt = now() + SWEEP
  for (; sleep; sleep = watch(table, key, seen)) {
    const left = deadline - now()
    if (left <= 0) return 'timed-out'
    sleepOn(table.heap, sleep, left)
    if (now() < sweepAt) continue
    table.heap.deaths.sweepQuietly()
    sweepAt = now() + SWEEP
  }
  return 'changed'
}

function sleepOn(heap: Heap, { address, word, lifetime }: Sleep, left: number): void {
  if (address === 0) return pauseFor(Math.min(POLL, left))
  Atomics.wait(wordsAt(heap, address), address >>> 2, word, Math.min(SLICE, left, untilEnd(lifetime)))
}

/** Sleeps on a word that nobody changes. */
function pauseFor(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

/** An entry has ended when its last millisecond is over. */
function untilEnd(lifetime: number): number {
  return lifetime + 1
}

/** The words of a heap, as far as this one. */
function wordsAt(heap: Heap, address: number): Int32Array {
  heap.wordAt(address)
  return heap.words
}

/** One who sleeps in the event loop. */
class Sleeper {
  readonly #table: AnyTable
  readonly #key: Encoded
  readonly #seen: Seen
  #sleep: Sleep | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  /** Where a promise of waitAsync is not settled yet. */
  #asleep: { readonly words: Int32Array; readonly on: Sleep } | undefined

  constructor(table: AnyTable, key: Encoded, seen: Seen) {
    this.#table = table
    this.#key = key
    this.#seen = seen
  }

  look(): 'changed' | undefined {
    this.#sleep = watch(this.#table, this.#key, this.#seen)
    return this.#sleep ? undefined : 'changed'
  }

  /** Sleeps on what the last look has named; `then` is called whenever it is time to look again. */
  sleep(then: () => void): void {
    const on = this.#sleep!
    clearTimeout(this.#timer)
    const isPolling = on.address === 0 || !waitAsync()
    const pause = isPolling ? POLL : on.lifetime < Infinity ? Math.min(SLICE, untilEnd(on.lifetime)) : 0
    if (pause > 0) this.#timer = setTimeout(then, pause)
    const isAsleep = this.#asleep?.on.address === on.address && this.#asleep.on.word === on.word
    if (!isPolling && !isAsleep) this.#sleepOn(on, then)
  }

  #sleepOn(on: Sleep, then: () => void): void {
    this.#wake() // what it has slept on is another by now
    const words = wordsAt(this.#table.heap, on.address)
    const result = waitAsync()!.call(Atomics, words, on.address >>> 2, on.word)
    const asleep = { words, on }
    this.#asleep = asleep
    void (result.async ? result.value : Promise.resolve()).then(() => {
      if (this.#asleep !== asleep) return
      this.#asleep = undefined
      then()
    })
  }

  /** It sleeps no more. */
  end(): void {
    clearTimeout(this.#timer)
    this.#wake()
  }

  /** A promise that nobody waits for would stay until the word changes. Others who sleep there look again. */
  #wake(): void {
    const { words, on } = this.#asleep ?? {}
    this.#asleep = undefined
    if (words) Atomics.notify(words, on!.address >>> 2)
  }
}

/** Those of this thread who wait for keys of one table without blocking. While there are any the thread stays alive. */
class Waits {
  readonly #table: AnyTable
  readonly #sleepers = new Map<Waiting, Sleeper>()
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(table: AnyTable) {
    this.#table = table
  }

  async wait(key: Encoded, seen: Seen, timeout: number, signal: AbortSignal | undefined): Promise<Change> {
    const sleeper = new Sleeper(this.#table, key, seen)
    const room: WaitingRoom = {
      isEmpty: true,
      enter: (waiting) => {
        this.#sleepers.set(waiting, sleeper)
        this.#timer ??= setInterval(() => this.#atSweep(), SWEEP)
        sleeper.sleep(() => this.#look(waiting))
      },
      leave: (waiting) => this.#leave(waiting),
    }
    return (await waitIn(room, () => sleeper.look(), timeout, signal)) ?? 'timed-out'
  }

  /** The table is closed in this thread: all who wait are told. */
  end(): void {
    for (const waiting of [...this.#sleepers.keys()]) this.#look(waiting)
  }

  #look(waiting: Waiting): void {
    const sleeper = this.#sleepers.get(waiting)
    if (!sleeper) return
    if (waiting.attempt()) this.#leave(waiting)
    else sleeper.sleep(() => this.#look(waiting))
  }

  #leave(waiting: Waiting): boolean {
    this.#sleepers.get(waiting)?.end()
    const wasHere = this.#sleepers.delete(waiting)
    if (this.#sleepers.size > 0) return wasHere
    clearInterval(this.#timer)
    this.#timer = undefined
    return wasHere
  }

  #atSweep(): void {
    this.#table.heap.deaths.sweepQuietly()
    for (const waiting of [...this.#sleepers.keys()]) this.#look(waiting)
  }
}

/**
 * Resolves when the value of a key is not what was seen any more, or when time is over. The thread stays alive meanwhile.
 *
 * @throws the signal's reason; ERR_DISPOSED if the table is closed meanwhile
 */
export function waitInEventLoop(
  table: AnyTable,
  key: Encoded,
  seen: Seen,
  timeout: number,
  signal: AbortSignal | undefined,
): Promise<Change> {
  const waits = (table.waits ??= new Waits(table)) as Waits
  return waits.wait(key, seen, timeout, signal)
}
