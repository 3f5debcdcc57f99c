// The words of the harness. A workload has measurements; a measurement compares two contenders, round by round; each
// contender gives one sample a round; all samples of a measurement make a row of the report.
import type { KeyRange } from './keys.js'
import type { Spread } from './statistics.js'

export interface Settings {
  /** Entries of the large tables. */
  size: number
  /** Rounds that count; one more goes before them to warm up. */
  rounds: number
  /** Where number keys are drawn from. */
  keyRange: KeyRange
  /** The index.js of another build of the library, to compare with instead of the Map. */
  against?: string | undefined
}

/** What a contender did in one round. */
export interface Sample {
  /** Of one operation on average, unless the measurement says otherwise. */
  nanoseconds: number
  /** What follows from the work and from nothing else: equal for all contenders of a round. */
  checksum: number
  /** More figures in nanoseconds, by name. */
  also?: Record<string, number>
}

export interface Contender {
  name: string
  sample(round: number): Sample | Promise<Sample>
}

export interface Measurement {
  name: string
  /** The first is the one in question, the second what it is compared with. */
  contenders: readonly [Contender, Contender]
  /** The checksum of a round, found without any map. */
  expected(round: number): number
  /** How many times as fast the first ought to be. */
  target?: number | undefined
}

export interface Result {
  contender: string
  nanoseconds: Spread
  samples: number[]
  /** Medians over the rounds. */
  also: Record<string, number>
}

export interface Row {
  name: string
  results: [Result, Result]
  /** How many times as fast the first is: taken within each round, where both met the same weather. */
  ratio: Spread
  /** The sum of the rounds' checksums. */
  checksum: number
  target?: number
  met?: boolean
}

export type Measure = (measurement: Measurement) => Promise<void>

export interface Workload {
  /** In one line. */
  about(settings: Settings): string
  run(settings: Settings, measure: Measure): Promise<void>
}

/** A contender did not do the work, or not right. */
export class ChecksumError extends Error {
  constructor(when: string, contender: string, found: number, expected: number) {
    super(`${when}: the checksum of ${contender} is ${found}, not ${expected}`)
  }
}
