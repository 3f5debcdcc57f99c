// Runs contenders in turns, so that what else the machine does meanwhile falls on all alike, and verifies their work.
import { performance } from 'node:perf_hooks'
import { ChecksumError, type Measurement, type Result, type Row, type Sample } from './measurement.js'
import { spreadOf } from './statistics.js'

/** The round before those that count: V8 compiles, memory is touched. Where it is short, it is run several times. */
const WARM_UP = 0
const WARM_UP_MS = 500
const MOST_WARM_UPS = 10

export async function interleave(
  measurement: Measurement, rounds: number, onRound: (round: number) => void = () => {},
): Promise<Row> {
  const samples: Sample[][] = measurement.contenders.map(() => [])
  let checksum = 0
  onRound(WARM_UP)
  await warmUp(measurement)
  for (let round = WARM_UP + 1; round <= rounds; round++) {
    onRound(round)
    for (const index of turns(round)) samples[index]!.push(await takeSample(measurement, index, round))
    checksum += measurement.expected(round)
  }
  return toRow(measurement, samples, checksum)
}

async function warmUp(measurement: Measurement): Promise<void> {
  const start = performance.now()
  for (let times = 0; times < MOST_WARM_UPS && performance.now() - start < WARM_UP_MS; times++) {
    for (const index of turns(times)) await takeSample(measurement, index, WARM_UP)
  }
}

/** Every other round goes the other way round, so that none always comes after the other. */
function turns(round: number): [number, number] {
  return round % 2 ? [1, 0] : [0, 1]
}

async function takeSample({ name, contenders, expected }: Measurement, index: number, round: number): Promise<Sample> {
  const contender = contenders[index]!
  const sample = await contender.sample(round)
  if (sample.checksum === expected(round)) return sample
  throw new ChecksumError(`${name}, round ${round}`, contender.name, sample.checksum, expected(round))
}

function toRow({ name, contenders, target }: Measurement, samples: Sample[][], checksum: number): Row {
  const [first, second] = contenders.map((contender, index) => toResult(contender.name, samples[index]!)) as [Result, Result]
  const ratio = spreadOf(first.samples.map((nanoseconds, round) => second.samples[round]! / nanoseconds))
  const row: Row = { name, results: [first, second], ratio, checksum }
  return target === undefined ? row : { ...row, target, met: ratio.median >= target }
}

function toResult(contender: string, rounds: Sample[]): Result {
  const samples = rounds.map((sample) => sample.nanoseconds)
  const also: Record<string, number> = {}
  for (const name of Object.keys(rounds[0]?.also ?? {})) {
    also[name] = spreadOf(rounds.map((sample) => sample.also?.[name] ?? NaN)).median
  }
  return { contender, nanoseconds: spreadOf(samples), samples, also }
}
