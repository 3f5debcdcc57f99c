// Where axes end and which numbers stand at them: few and round.

/** A round interval of which about so many go into `largest`, and at least one. */
export function roundInterval(largest: number, steps: number): number {
  const least = largest / Math.max(1, steps)
  const power = 10 ** Math.floor(Math.log10(least))
  const factor = [10, 5, 2.5, 2, 1].find((candidate) => candidate * power <= Math.max(least, largest / 4))!
  return Number((factor * power).toPrecision(3))
}

export interface LogScale {
  min: number
  max: number
  base: number
}

/** Not more than needed: from 1, 2 or 5 times a power of ten to another. At least one power of ten is in it. */
export function tightLogScale(values: number[]): LogScale {
  const { min, max, base } = logScale(values)
  const [least, most] = [Math.min(...values), Math.max(...values)]
  if (max / min <= base) return { min, max, base }
  return {
    min: [5, 2, 1].map((factor) => factor * min).find((edge) => edge <= least)!,
    max: [5, 2, 1].map((divisor) => max / divisor).find((edge) => edge >= most)!,
    base,
  }
}

/** The powers of `base` around all values. */
export function logScale(values: number[], base = 10): LogScale {
  const powers = values.filter((value) => value > 0).map((value) => Math.log(value) / Math.log(base))
  const low = Math.floor(Math.min(...powers) + 1e-9)
  const high = Math.ceil(Math.max(...powers) - 1e-9)
  return { min: base ** low, max: base ** Math.max(high, low + 1), base }
}
