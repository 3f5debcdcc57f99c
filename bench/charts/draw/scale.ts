// Where axes end and which numbers stand at them: few and round.

export interface LinearScale {
  max: number
  interval: number
}

/** From 0 to the first round number that is not below `largest`, with about so many steps. */
export function linearScale(largest: number, steps: number): LinearScale {
  const least = largest / Math.max(1, steps)
  const power = 10 ** Math.floor(Math.log10(least))
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= least * (1 - 1e-9))!
  const interval = Number((factor * power).toPrecision(3))
  return { max: Number((Math.ceil(largest / interval - 1e-9) * interval).toPrecision(6)), interval }
}

export interface LogScale {
  min: number
  max: number
  base: number
}

/** The powers of `base` around all values. */
export function logScale(values: number[], base = 10): LogScale {
  const powers = values.filter((value) => value > 0).map((value) => Math.log(value) / Math.log(base))
  const low = Math.floor(Math.min(...powers) + 1e-9)
  const high = Math.ceil(Math.max(...powers) - 1e-9)
  return { min: base ** low, max: base ** Math.max(high, low + 1), base }
}
