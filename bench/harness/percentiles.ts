// How long single operations took.
import { build } from 'hdr-histogram-js'
import { median } from 'simple-statistics'

/** Nanoseconds. */
export interface Latency {
  p50: number
  p90: number
  p99: number
  p999: number
  max: number
  /** How many operations were timed in each round. */
  samples: number
}

/** Contenders write durations as words of 32 bits. */
const LONGEST = 2 ** 32 - 1
const SIGNIFICANT_DIGITS = 3

export function latencyOf(nanoseconds: Uint32Array): Latency {
  const histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: LONGEST,
    numberOfSignificantValueDigits: SIGNIFICANT_DIGITS,
  })
  let max = 0
  for (const duration of nanoseconds) {
    histogram.recordValue(duration)
    if (duration > max) max = duration
  }
  const valueAt = (share: number): number => Math.min(histogram.getValueAtPercentile(share), max) // it rounds up
  const [p50, p90, p99, p999] = [50, 90, 99, 99.9].map(valueAt) as Quantiles
  return { p50, p90, p99, p999, max, samples: nanoseconds.length }
}

type Quantiles = [number, number, number, number]

/** Of each percentile the median over the rounds: one disturbed round does not decide, not even about the longest. */
export function medianLatency(rounds: Latency[]): Latency {
  const medianOf = (name: keyof Latency): number => median(rounds.map((round) => round[name]))
  return {
    p50: medianOf('p50'),
    p90: medianOf('p90'),
    p99: medianOf('p99'),
    p999: medianOf('p999'),
    max: medianOf('max'),
    samples: medianOf('samples'),
  }
}
