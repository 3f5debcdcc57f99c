// Times single operations: two readings of the clock around every so-manieth, which cost some 50 nanoseconds in all.
import { type Batch, type Tally } from './loop.js'
import { now } from './clock.js'

export type Execute = (batch: Batch, tally: Tally) => void | Promise<void>

const MOST_NANOSECONDS = 2 ** 32 - 1

export class Stopwatch {
  readonly #every: number
  /** Begin and end of each sample. */
  readonly #stamps: BigInt64Array
  #taken = 0

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

  async run(execute: Execute, batch: Batch, tally: Tally): Promise<void> {
    const { to } = batch
    const part = { ...batch }
    const stamps = this.#stamps
    for (let place = batch.from; place < to; place = part.to) {
      part.from = place
      part.to = place + 1
      const at = this.#taken * 2
      if (at === stamps.length) throw new Error('more operations than were announced')
      stamps[at] = now()
      const pending = execute(part, tally)
      if (pending) await pending
      stamps[at + 1] = now()
      this.#taken++
      part.from = part.to
      part.to = Math.min(place + this.#every, to)
      if (part.from < part.to) await execute(part, tally)
      else part.to = part.from
    }
  }
}
