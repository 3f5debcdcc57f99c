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

export interface TickedScale extends LogScale {
  ticks: number[]
}

/** Over so many powers of ten their multiples have no room. */
const FEW_POWERS = 2.5

/**
 * Ends at 1, 2 or 5 times a power of ten, with a part of the height to spare below for what is written there. The ticks are
 * powers of ten, or those multiples if there are few.
 */
export function tickedLogScale(values: number[], spare: number): TickedScale {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const low = least * Math.max(least / most, 0.1) ** spare
  const edges = multiplesAround(low, most)
  const min = edges.findLast((edge) => edge <= low)!
  const max = edges.find((edge) => edge >= most && edge > min)!
  const inside = edges.filter((edge) => edge >= min && edge <= max)
  return { min, max, base: 10, ticks: max / min < 10 ** FEW_POWERS ? inside : inside.filter(isPowerOfTen) }
}

/** 1, 2 and 5 times each power of ten from below `low` to above `high`. */
function multiplesAround(low: number, high: number): number[] {
  const edges: number[] = []
  for (let power = Math.floor(Math.log10(low)) - 1; power <= Math.ceil(Math.log10(high)) + 1; power++) {
    edges.push(...[1, 2, 5].map((factor) => Number(`${factor}e${power}`)))
  }
  return edges
}

function isPowerOfTen(value: number): boolean {
  return value.toExponential().startsWith('1e')
}

/** The powers of `base` around all values. */
export function logScale(values: number[], base = 10): LogScale {
  const powers = values.filter((value) => value > 0).map((value) => Math.log(value) / Math.log(base))
  const low = Math.floor(Math.min(...powers) + 1e-9)
  const high = Math.ceil(Math.max(...powers) - 1e-9)
  return { min: base ** low, max: base ** Math.max(high, low + 1), base }
}
