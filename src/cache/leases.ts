import type { Encoded } from '../codecs/encoded.js'
import { runLoneKey } from '../codecs/operands.js'
import type { AnyTable } from '../table/table.js'
import { CONTROL, LEASE } from './layout.js'

// Leases: who loads what, for all threads. See assembly/structures/cache/leases.ts, which marks and drops them.
//
// A key's lease is a word of the line that its hash names. Who wants to load looks for one with the hash's tag: if there is one,
// another thread loads; else it takes a free word by a compare-and-swap, and looks again: of two threads that have taken one each,
// the later sees the earlier, so one of them at most keeps its own.

/** A lease: the index of its word, and what this thread has written there. */
export interface Lease {
  readonly index: number
  readonly word: number
}

/** How often this thread has taken one: 8 bits of each word, which tell one load from the next. */
let turns = 0

/** The views of a cache's control; the control does not move. */
export class Leases {
  readonly #table: AnyTable
  readonly #control: number

  constructor(table: AnyTable) {
    this.#table = table
    this.#control = table.heap.core.controlOfCache(table.stripe) >>> 0
    table.heap.wordAt(this.#control + CONTROL.failures) // makes the views reach so far
  }

  get words(): Int32Array {
    return this.#table.heap.words
  }

  /** Index of the word of a lease among all words. */
  placeOf(index: number): number {
    return (this.#control + CONTROL.leases) / 4 + index
  }

  /** The hash of a key as it is stored. */
  hashOf(key: Encoded): number {
    const { heap, stripe } = this.#table
    return runLoneKey(heap, stripe, heap.core.hashOfOperand, key) >>> 0
  }

  /** Adds one to a counter of the control: 0: loads under way; then loads, failures, coalesced. */
  count(counter: number, by = 1): void {
    Atomics.add(this.words, (this.#control + CONTROL.loads) / 4 + counter, by)
  }

  /** Takes the lease of a hash: it is `mine`, or another's, or undefined if no word is free. */
  take(hash: number): { readonly lease: Lease; readonly isMine: boolean } | undefined {
    // Counted before it is taken: a write that does not see the count comes before what is loaded is read.
    this.count(0)
    const found = this.#take(hash)
    if (!found?.isMine) this.count(0, -1)
    return found
  }

  #take(hash: number): { readonly lease: Lease; readonly isMine: boolean } | undefined {
    const tag = ((hash >>> 8) << 9) & LEASE.tag
    const first = ((hash >>> 4) & (LEASE.count / LEASE.line - 1)) * LEASE.line
    for (let tries = 0; tries < 100; tries++) {
      const other = this.#find(first, tag, -1)
      if (other) return { lease: other, isMine: false }
      const free = this.#findFree(first)
      if (free < 0) return undefined
      turns = (turns + 1) & 0xff
      const word = (turns << 24) | tag | this.#table.heap.thread
      if (Atomics.compareExchange(this.words, this.placeOf(free), 0, word) !== 0) continue
      const rival = this.#find(first, tag, free)
      if (!rival) return { lease: { index: free, word }, isMine: true }
      this.#free({ index: free, word }) // both may: then each tries again, or finds the other
    }
    return undefined
  }

  #find(first: number, tag: number, but: number): Lease | undefined {
    for (let index = first; index < first + LEASE.line; index++) {
      if (index === but) continue
      const word = Atomics.load(this.words, this.placeOf(index))
      if (word !== 0 && (word & LEASE.tag) === tag) return { index, word }
    }
    return undefined
  }

  #findFree(first: number): number {
    for (let index = first; index < first + LEASE.line; index++) {
      if (Atomics.load(this.words, this.placeOf(index)) === 0) return index
    }
    return -1
  }

  /** Gives it back, marked or not, and wakes who waits. */
  release(lease: Lease): void {
    this.#free(lease)
    this.count(0, -1)
  }

  #free({ index, word }: Lease): void {
    const at = this.placeOf(index)
    if (Atomics.compareExchange(this.words, at, word, 0) !== word) {
      Atomics.compareExchange(this.words, at, word | LEASE.overtaken, 0)
    }
    Atomics.notify(this.words, at)
  }

  /** Whether somebody still has it. The mark is no end. */
  isHeld({ index, word }: Lease): boolean {
    const now = Atomics.load(this.words, this.placeOf(index))
    return (now & ~LEASE.overtaken) === (word & ~LEASE.overtaken)
  }

  /** Whether somebody has it, and no write has come since it was taken. */
  isUnmarked({ index, word }: Lease): boolean {
    return Atomics.load(this.words, this.placeOf(index)) === (word & ~LEASE.overtaken)
  }

  /** Whether it was marked when it was looked at. */
  wasMarked({ word }: Lease): boolean {
    return (word & LEASE.overtaken) !== 0
  }

  /** Waits until it is given back; looks itself now and then, since nobody may be there to wake it. */
  async untilFree(lease: Lease, signal: AbortSignal): Promise<void> {
    const { heap } = this.#table
    while (this.isHeld(lease) && !signal.aborted) {
      await this.#pause(lease, signal)
      if (this.isHeld(lease)) heap.deaths.sweepQuietly() // its thread may have died
    }
  }

  async #pause(lease: Lease, signal: AbortSignal): Promise<void> {
    const at = this.placeOf(lease.index)
    const word = Atomics.load(this.words, at)
    const waiting = (word & ~LEASE.overtaken) === (lease.word & ~LEASE.overtaken) ? wait(this.words, at, word) : undefined
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, waiting ? LOOK_MS : POLL_MS) // which keeps Node alive; waitAsync does not
      function done(): void {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        resolve()
      }
      signal.addEventListener('abort', done)
      void waiting?.then(done, done)
    })
  }
}

const LOOK_MS = 100
const POLL_MS = 4

interface WithWaitAsync {
  waitAsync?(words: Int32Array, index: number, value: number, timeout: number): { async: boolean; value: unknown }
}

/** A promise for the next notification; undefined where there is none. It ends by itself, so that nothing piles up. */
function wait(words: Int32Array, at: number, word: number): Promise<unknown> | undefined {
  const { waitAsync } = Atomics as WithWaitAsync
  return waitAsync && Promise.resolve(waitAsync.call(Atomics, words, at, word, LOOK_MS).value)
}
