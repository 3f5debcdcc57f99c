// How a row is measured, in any runtime: rounds of both sides take turns.
import { median } from 'simple-statistics'
import type { StartCounting } from './counting.js'
import type { Round, Row } from './rows.js'

const WARM_UP = 4
/** A round is as long as so many steps of the clock, which are coarse in browsers: from 5 microseconds to 1 millisecond. */
const STEPS = 100
/** Rounds become faster as they are compiled: what is long enough in the end is more than enough at first. */
const MARGIN = 2

/** In nanoseconds for each operation. The ratio is that of neighbouring rounds. */
export interface Found {
  ours: number
  theirs: number
  ratio: number
}

/** One side of a row. */
interface Side {
  readonly round: Round
  /** So many rounds make one that is long enough. */
  times: number
}

export async function measure({ prepare, operations }: Row, rounds: number, startCounting: StartCounting): Promise<Found> {
  const { before, ...sides } = await prepare(startCounting)
  const [ours, theirs] = [sideOf(sides.ours), sideOf(sides.theirs)]
  const shortest = STEPS * clockStep()
  const run = (side: Side): number => {
    const made = Array.from({ length: side.times }, () => before?.() ?? [])
    const took = time(side.round, made)
    const each = took / side.times
    if (took < shortest) side.times = Math.ceil((MARGIN * shortest) / Math.max(each, shortest / 1000))
    return (each * 1e6) / operations
  }
  for (let round = 0; round < WARM_UP; round++) [run(theirs), run(ours)]
  const all = Array.from({ length: rounds }, () => ({ theirs: run(theirs), ours: run(ours) }))
  return {
    ours: median(all.map((round) => round.ours)),
    theirs: median(all.map((round) => round.theirs)),
    ratio: median(all.map((round) => round.theirs / round.ours)),
  }
}

function sideOf(round: Round): Side {
  return { round, times: 1 }
}

function time(round: Round, made: readonly string[][]): number {
  const begin = performance.now()
  for (const strings of made) round(strings)
  return performance.now() - begin
}

/** The shortest time that the clock tells from none, in milliseconds. */
function clockStep(): number {
  let step = Number.POSITIVE_INFINITY
  for (let change = 0, last = performance.now(); change < 20; ) {
    const now = performance.now()
    if (now === last) continue
    step = Math.min(step, now - last)
    last = now
    change++
  }
  return step
}
