// Times single operations: two readings of the clock around every so-manieth, which cost some 50 nanoseconds in all.
import type { Batch, Tally } from './loop.js'
import { now } from './clock.js'

/** Executes a batch at once, or, for those who ask others by messages, when the answers come. */
export type Execute =
  | { now: (batch: Batch, tally: Tally) => void; settle?: (() => void) | undefined }
  | { later: (batch: Batch, tally: Tally) => Promise<void> }

const MOST_NANOSECONDS = 2 ** 32 - 1

export class Stopwatch {
  readonly #every: number
  /** Begin and end of each sample. */
  readonly #stamps: BigInt64Array
  #taken = 0
  /** Operations that go before the next one that is timed, from one batch to the next. */
  #untilNext = 0

  /** `operations` is how many there will be at most. */
  constructor(every: number, operations: number) {
    this.#every = every
    this.#stamps = new BigInt64Array(2 * Math.ceil(operations / every)).fill(1n) // written to, so that its pages are there
  }

  /** The durations in order, in nanoseconds. */
  get samples(): Uint32Array<ArrayBuffer> {
    const stamps = this.#stamps
    return Uint32Array.from({ length: this.#taken }, (_, i) => {
      return Math.min(Number(stamps[2 * i + 1]! - stamps[2 * i]!), MOST_NANOSECONDS)
    })
  }

  /** When the longest operation began, and for how long it went on: nanoseconds by the clock of clock.ts. */
  get longest(): { start: bigint; duration: bigint } {
    let longest = { start: 0n, duration: -1n }
    for (let i = 0; i < this.#taken; i++) {
      const start = this.#stamps[2 * i]!
      const duration = this.#stamps[2 * i + 1]! - start
      if (duration > longest.duration) longest = { start, duration }
    }
    return longest
  }

  /** Allocates nothing: a garbage collection would fall into somebody's operation. */
  run(execute: (batch: Batch, tally: Tally) => void, batch: Batch, tally: Tally): void {
    const part = { ...batch }
    const stamps = this.#stamps
    for (let place = batch.from; place < batch.to; place = part.to) {
      if (this.#select(part, place, batch.to)) {
        const at = 2 * this.#taken++
        stamps[at] = now()
        execute(part, tally)
        stamps[at + 1] = now()
      } else execute(part, tally)
    }
  }

  async runLater(execute: (batch: Batch, tally: Tally) => Promise<void>, batch: Batch, tally: Tally): Promise<void> {
    const part = { ...batch }
    for (let place = batch.from; place < batch.to; place = part.to) {
      if (this.#select(part, place, batch.to)) {
        const at = 2 * this.#taken++
        this.#stamps[at] = now()
        await execute(part, tally)
        this.#stamps[at + 1] = now()
      } else await execute(part, tally)
    }
  }

  /** Makes `part` the next operation that is timed, and returns true; or those up to it. */
  #select(part: Batch, from: number, end: number): boolean {
    const isTimed = this.#untilNext === 0
    part.from = from
    part.to = isTimed ? from + 1 : Math.min(from + this.#untilNext, end)
    this.#untilNext = (isTimed ? this.#every : this.#untilNext) - (part.to - from)
    return isTimed
  }
}
