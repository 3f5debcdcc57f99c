// Few samples from a noisy machine: medians, and how far the samples lie around them.

export interface Spread {
  median: number
  min: number
  max: number
  /** Median absolute deviation: what is usual, where min and max are the extremes. */
  deviation: number
}

export function spreadOf(samples: ArrayLike<number>): Spread {
  const sorted = Float64Array.from(samples).sort()
  const middle = medianOf(sorted)
  return {
    median: middle,
    min: sorted[0] ?? NaN,
    max: sorted.at(-1) ?? NaN,
    deviation: medianOf(sorted.map((sample) => Math.abs(sample - middle)).sort()),
  }
}

/** Of samples in ascending order. */
export function medianOf(sorted: Float64Array): number {
  const half = sorted.length >>> 1
  if (sorted.length % 2 === 1) return sorted[half]!
  return (sorted[half - 1]! + sorted[half]!) / 2
}

/** The sample, of those in ascending order, that a share of them do not exceed: the nearest rank, never a mixture. */
export function percentileOf(sorted: Float64Array, share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN
}
