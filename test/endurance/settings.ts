// How long the endurance tests go on: for `npm test`, for `npm run test:all`, or, if TOPHASH_ENDURANCE=full, much longer.
import * as size from '../support/size.js'

export const IS_FULL = process.env.TOPHASH_ENDURANCE === 'full'

/** No test of the full form may take longer than this. */
export const TIMEOUT_MS = IS_FULL ? 4 * 3_600_000 : 240_000

/** The number for the form that is asked for. */
export function sized(short: number, full: number, least = Math.ceil(short / 5)): number {
  return IS_FULL ? full : size.sized(least, short)
}

/** Says on stderr, every 10 seconds of the full form, how far a test has come and how fast. */
export class Progress {
  readonly #what: string
  readonly #total: number
  readonly #begin = performance.now()
  #next = IS_FULL ? 10 : Infinity

  constructor(what: string, total: number) {
    this.#what = what
    this.#total = total
  }

  tell(done: number): void {
    if (this.seconds < this.#next) return
    this.#next = this.seconds + 10
    const share = ((100 * done) / this.#total).toFixed(1)
    console.error(`${this.#what}: ${share} % of ${this.#total}, ${this.rate(done)}, ${this.seconds.toFixed(0)} s`)
  }

  get seconds(): number {
    return (performance.now() - this.#begin) / 1000
  }

  rate(done: number): string {
    return `${Math.round(done / this.seconds)} a second`
  }
}
