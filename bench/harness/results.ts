// What a run found: the JSON for programs, from which the tables for people are made as well.
import { median } from 'simple-statistics'
import type { Variant } from '../workloads/workload.js'
import type { Skipped } from './contenders.js'
import type { Environment } from './environment.js'
import type { Record } from './measure.js'
import { type Latency, medianLatency } from './percentiles.js'
import { type Spread, spreadOf } from './statistics.js'

export interface Report {
  environment: Environment
  settings: Settings
  results: Result[]
  skipped: Skipped[]
}

export interface Settings {
  full: boolean
  /** Some workloads have less. */
  rounds: number
  seed: number
  /** What the run was restricted to. */
  filters: { [name: string]: readonly (string | number)[] }
}

export interface Result {
  workload: string
  title: string
  variant: Variant
  unit: 'operations' | 'entries' | 'bytes'
  contenders: ContenderResult[]
  /** Who was asked but cannot do this. */
  absent: { rival: string; title: string; reason: string }[]
}

export interface ContenderResult {
  /** As on the command line. */
  rival: string
  title: string
  version: string
  threads: number
  notes: string[]
  /** Nanoseconds of an operation, or of an entry that a scan visits. Of each round in `samples`. */
  nanoseconds?: Spread
  samples: number[]
  /** A second. */
  rate?: number
  /** In a round; `limited` if each stream was cut off. */
  operations?: number
  limited?: true
  latency?: Latency
  bytesPerEntry?: Spread
  /** Bytes that the library itself says an entry takes. */
  reportedPerEntry?: number
  /** How many times what tophash took it took, or has in bytes: more than 1 speaks for tophash. Round by round. */
  ratio?: Spread
  /** Of what a cache was asked for: found, as a share. */
  hitRatio?: number
  checksum?: number
}

export function resultOf(record: Record, unit: Result['unit']): ContenderResult {
  const { contender, version, threads, rounds, latencies, limit, isCache } = record
  const samples = rounds.map((round) => round.nanoseconds / (unit === 'entries' ? round.visited : round.operations))
  const nanoseconds = spreadOf(samples)
  const [first] = rounds
  return {
    rival: contender.name,
    title: contender.title,
    version,
    threads,
    notes: notesOf(record),
    nanoseconds,
    samples,
    rate: 1e9 / nanoseconds.median,
    operations: first!.operations,
    ...(limit > 0 && { limited: true as const }),
    ...(latencies.length > 0 && { latency: medianLatency(latencies) }),
    // What a cache finds is its own affair.
    ...(isCache
      ? { hitRatio: median(rounds.map(({ hits, operations }) => hits / operations)) }
      : { checksum: first!.sum + first!.content + first!.hits + first!.removed + first!.visited }),
  }
}

function notesOf({ contender, longest }: Record): string[] {
  const notes = [...contender.notes]
  if (longest) {
    const milliseconds = (longest.nanoseconds / 1e6).toFixed(3)
    notes.push(`in one more round, which it recorded, the longest took ${milliseconds} ms: ${longest.meanwhile}`)
  }
  if (contender.alone) notes.push('one thread does the work of all')
  return notes
}

const OWN = ['tophash', 'tophash-cache']

/** Adds to each the ratios to the first contender that is tophash itself: its map, or else its cache. */
export function compare(results: ContenderResult[]): ContenderResult[] {
  const own = OWN.map((name) => results.find(({ rival }) => rival === name)).find(Boolean)
  if (!own) return results
  return results.map((result) => {
    return { ...result, ratio: spreadOf(result.samples.map((sample, round) => sample / own.samples[round]!)) }
  })
}
