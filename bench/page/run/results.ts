// What a run has measured so far: for each contender its turns, and the latencies of all of them together.
import * as hdr from 'hdr-histogram-js'
import { CONTENDERS, type Contender, type TurnResult } from './protocol.js'

/** Nanoseconds, at the clock's step. */
export interface Percentiles {
  p50: number
  p90: number
  p99: number
  p999: number
  p9999: number
  longest: number
}

export const PERCENTILES: Record<keyof Percentiles, string> = {
  p50: '50 %',
  p90: '90 %',
  p99: '99 %',
  p999: '99.9 %',
  p9999: '99.99 %',
  longest: 'longest',
}

export interface TurnSummary {
  /** Operations per second, of all workers together. */
  rate: number
  latency: Percentiles
}

export interface Summary {
  workers: number
  rate: { median: number; least: number; most: number }
  /** Operations that were measured, without those that were timed one by one. */
  operations: number
  /** Values that were read and proved right by their sum. */
  reads: number
  latency: Percentiles
  /** Operations that were timed one by one. */
  timed: number
}

class Account {
  readonly turns: TurnSummary[] = []
  histogram: hdr.Histogram | undefined
  workers = 0
  operations = 0
  reads = 0
}

export class MixResults {
  /** Nanoseconds between two readings of the workers' clocks. */
  clockStep = 0
  readonly #records = new Map<Contender, Account>()

  /** Throws if a sum is not what it must be. */
  add(contender: Contender, parts: TurnResult[]): void {
    verify(parts)
    const record = this.#records.get(contender) ?? new Account()
    this.#records.set(contender, record)
    const histogram = merge(parts)
    record.turns.push({
      rate: sum(parts, (part) => part.operations / part.busyMs) * 1000,
      latency: percentilesOf(histogram),
    })
    if (record.histogram) record.histogram.add(histogram)
    else record.histogram = histogram
    record.workers = parts.length
    record.operations += sum(parts, (part) => part.operations)
    record.reads += sum(parts, (part) => part.hits)
    this.clockStep = Math.max(this.clockStep, ...parts.map((part) => Math.round(part.clockStepMs * 1e6)))
  }

  turns(contender: Contender): readonly TurnSummary[] {
    return this.#records.get(contender)?.turns ?? []
  }

  summary(contender: Contender): Summary | undefined {
    const record = this.#records.get(contender)
    if (!record?.histogram) return undefined
    const rates = record.turns.map((turn) => turn.rate).sort((a, b) => a - b)
    const middle = rates.length / 2
    return {
      workers: record.workers,
      rate: {
        median: (rates[Math.floor(middle)]! + rates[Math.ceil(middle) - 1]!) / 2,
        least: rates[0]!,
        most: rates[rates.length - 1]!,
      },
      operations: record.operations,
      reads: record.reads,
      latency: percentilesOf(record.histogram),
      timed: record.histogram.totalCount,
    }
  }

  /** In HdrHistogram's own compressed form, which its tools read. */
  encodedHistogram(contender: Contender): string | undefined {
    const histogram = this.#records.get(contender)?.histogram
    return histogram && hdr.encodeIntoCompressedBase64(histogram)
  }

  /** How many times the rate of another the SharedMap reaches. */
  ratio(other: Contender): number | undefined {
    const own = this.summary('shared')
    const theirs = this.summary(other)
    return own && theirs && own.rate.median / theirs.rate.median
  }

  get reads(): number {
    return sum(CONTENDERS, (contender) => this.summary(contender)?.reads ?? 0)
  }
}

function verify(parts: TurnResult[]): void {
  for (const [index, part] of parts.entries()) {
    if (part.hits === part.expectedHits && part.sum === part.expectedSum) continue
    throw new Error(
      `Worker ${index} found ${part.hits} values with the sum ${part.sum}, not ${part.expectedHits} with the sum ` +
        `${part.expectedSum}: some value was wrong`,
    )
  }
}

function merge(parts: TurnResult[]): hdr.Histogram {
  const [first, ...others] = parts.map((part) => hdr.decodeFromCompressedBase64(part.latency))
  for (const other of others) first!.add(other)
  return first!
}

function percentilesOf(histogram: hdr.Histogram): Percentiles {
  const at = (percentile: number): number => histogram.getValueAtPercentile(percentile)
  return { p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), p9999: at(99.99), longest: histogram.maxValue }
}

function sum<T>(parts: readonly T[], valueOf: (part: T) => number): number {
  return parts.reduce((total, part) => total + valueOf(part), 0)
}
