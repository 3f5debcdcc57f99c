// How long single operations take, as exactly as the browser's clock says it.
import * as hdr from 'hdr-histogram-js'

const LONGEST_NS = 600e9

/** In nanoseconds, to three digits. */
export class Latency {
  readonly #histogram = hdr.build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: LONGEST_NS,
    numberOfSignificantValueDigits: 3,
  })

  record(milliseconds: number): void {
    this.#histogram.recordValue(Math.min(Math.max(Math.round(milliseconds * 1e6), 0), LONGEST_NS))
  }

  encode(): string {
    return hdr.encodeIntoCompressedBase64(this.#histogram)
  }
}

/** The smallest step that this thread's clock makes: browsers make it coarse. */
export function measureClockStep(): number {
  let smallest = Infinity
  for (let step = 0; step < 20; step++) {
    const before = performance.now()
    let after = before
    while (after === before) after = performance.now()
    smallest = Math.min(smallest, after - before)
  }
  return smallest
}
