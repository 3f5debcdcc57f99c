// Few samples from a noisy machine: medians, and how far the samples lie around them.
import { max, median, medianAbsoluteDeviation, min } from 'simple-statistics'

export interface Spread {
  median: number
  min: number
  max: number
  /** Median absolute deviation: what is usual, where min and max are the extremes. */
  deviation: number
}

export function spreadOf(samples: number[]): Spread {
  return {
    median: median(samples),
    min: min(samples),
    max: max(samples),
    deviation: medianAbsoluteDeviation(samples),
  }
}
