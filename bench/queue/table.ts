// What a run has found, as tables for docs/QUEUE.md.
import { spreadOf } from '../harness/statistics.js'
import { latencyOf, medianLatency } from '../harness/percentiles.js'
import { KINDS, type Kind } from './items.js'
import type { Shape } from './team.js'

/** Of one contender. */
export interface Findings {
  readonly title: string
  /** Why it did not take part: how to get it. */
  readonly remedy?: string | undefined
  /** Items a second of each round, by race; nothing where it does not take part. */
  readonly rates: Map<string, number[]>
  /** Nanoseconds of each way there and back, by round. */
  readonly hops: Float64Array[]
}

export const SHAPES: readonly Shape[] = [1, 2]

export const raceName = (kind: Kind, shape: Shape): string => `${kind}, ${shape} and ${shape}`

const COLUMNS = SHAPES.flatMap((shape) => KINDS.map((kind) => raceName(kind, shape)))

export function throughputTable(all: readonly Findings[]): string {
  const rows = all.map(({ title, remedy, rates }) => {
    if (remedy) return `| ${title} | ${remedy} |${' |'.repeat(COLUMNS.length - 1)}`
    return `| ${title} | ${COLUMNS.map((name) => cellOf(rates.get(name))).join(' | ')} |`
  })
  const head = COLUMNS.map((name) => name.replace(/, (\d) and \d/, ', $1 : $1'))
  return [`| million items a second | ${head.join(' | ')} |`, `|---|${'--:|'.repeat(COLUMNS.length)}`, ...rows].join('\n')
}

const cellOf = (rates: readonly number[] | undefined): string => (rates?.length ? millions(medianOf(rates)) : '-')

const millions = (rate: number): string => (rate / 1e6).toPrecision(3)

export const medianOf = (samples: readonly number[]): number => spreadOf([...samples]).median

/** One way is half of the way there and back. */
export function hopTable(all: readonly Findings[]): string {
  const rows = all.flatMap(({ title, hops }) => {
    const latency = hopOf(hops)
    if (!latency) return []
    return [`| ${title} | ${[latency.p50, latency.p99, latency.p999].map(micros).join(' | ')} |`]
  })
  return ['| one number, from thread to thread, µs | p50 | p99 | p99.9 |', '|---|--:|--:|--:|', ...rows].join('\n')
}

/** Medians over the rounds of each percentile, in nanoseconds for one way. */
export function hopOf(hops: readonly Float64Array[]): { p50: number; p99: number; p999: number } | undefined {
  if (hops.length === 0) return undefined
  return medianLatency(hops.map((samples) => latencyOf(Uint32Array.from(samples, (ns) => ns / 2))))
}

const micros = (ns: number): string => (ns / 1000).toPrecision(3)

/** A line for each thing that was promised: what was found, and what was wanted. */
export function targetLines(of: (name: string) => Findings): string[] {
  const rate = (name: string): number => medianOf(of(name).rates.get(raceName('numbers', 1)) ?? [Number.NaN])
  const oneWay = (name: string): number => hopOf(of(name).hops)?.p50 ?? Number.NaN
  const lines = [
    ['numbers one by one, of postMessage one by one', rate('queue') / rate('post'), 20],
    ['numbers one by one, of postMessage in arrays of 100', rate('queue') / rate('post-many'), 3],
    ['numbers 100 at once, of postMessage in arrays of 100', rate('queue-many') / rate('post-many'), 3],
    ['numbers one by one, of a Go channel', rate('queue') / rate('go-channel'), 0.5],
    ['one way, p50: postMessage takes so many times as long', oneWay('post') / oneWay('queue'), 10],
  ] as const
  return lines
    .filter(([, found]) => Number.isFinite(found))
    .map(([what, found, wanted]) => `${what}: ${found.toFixed(2)} (${found >= wanted ? 'at least' : 'wanted:'} ${wanted})`)
}
