// The tables of a run, in Markdown.
import { digits, duration } from '../charts/figures.js'
import { NOT_MEASURED, NOTHING, table } from '../charts/tables/table.js'
import type { Skipped } from '../harness/contenders.js'
import type { Environment } from '../harness/environment.js'
import type { ContenderResult, Result } from '../harness/results.js'
import { ABOUT_KEYS } from '../streams/keys.js'
import type { Variant } from '../workloads/workload.js'
import type { Pauses } from './pauses.js'

const KEY_TITLES = { number: 'numbers', seen: 'strings seen before', fresh: 'fresh strings', padded: 'strings of 16' } as const

function titleOf({ keys, threads }: Variant): string {
  const kind = KEY_TITLES[keys as keyof typeof KEY_TITLES] ?? ABOUT_KEYS[keys]
  return threads > 1 ? `${kind}, ${threads} threads` : kind
}

function rivalsIn(results: readonly Result[]): { rival: string; title: string }[] {
  const all = new Map(results.flatMap(({ contenders }) => contenders.map((one) => [one.rival, one] as const)))
  return [...all.values()]
}

/** A row for each contender, a column for each variant. */
function matrix(results: readonly Result[], cell: (one: ContenderResult, result: Result) => string): string {
  if (results.length === 0) return NOT_MEASURED
  const rows = rivalsIn(results).map(({ rival, title }) => {
    const cells = results.map((result) => {
      const one = result.contenders.find((contender) => contender.rival === rival)
      return one ? cell(one, result) : NOTHING
    })
    return [rival === 'tophash' ? 'SharedMap' : title, ...cells]
  })
  return table(['', ...results.map(({ variant }) => titleOf(variant))], rows)
}

function oneOf({ contenders }: Result, rival: string): ContenderResult | undefined {
  return contenders.find((one) => one.rival === rival)
}

function times(ratio: number | undefined): string {
  return ratio === undefined || Number.isNaN(ratio) ? NOTHING : ratio.toFixed(2)
}

/** Nanoseconds of an operation of all threads together, hits, and how fast it is beside lru-cache on one thread. */
export function speedTable(results: readonly Result[]): string {
  const all = matrix(results, (one, result) => {
    const base = oneOf(result, 'lru-cache')
    const speed = base ? ` (${times(base.nanoseconds!.median / one.nanoseconds!.median)})` : ''
    return `${duration(one.nanoseconds!.median)}${speed}, ${digits(100 * one.hitRatio!)} %`
  })
  return [all, scaling(results)].filter(Boolean).join('\n\n')
}

/** How many times as fast two threads are as one. */
function scaling(results: readonly Result[]): string {
  const of = (keys: string, threads: number): ContenderResult | undefined => {
    const found = results.find(({ variant }) => variant.keys === keys && variant.threads === threads)
    return found && oneOf(found, 'tophash-cache')
  }
  const pairs = Object.entries(KEY_TITLES).flatMap(([keys, title]) => {
    const [one, two] = [of(keys, 1), of(keys, 2)]
    return one && two ? [`${title} ${times(one.nanoseconds!.median / two.nanoseconds!.median)}`] : []
  })
  return pairs.length === 0 ? '' : `SharedCache, two threads over one: ${pairs.join(', ')}.`
}

export function latencyTable(results: readonly Result[]): string {
  return matrix(results, ({ latency }) => {
    return latency ? `${[latency.p50, latency.p99, latency.p999, latency.max].map(duration).join(' / ')}` : NOTHING
  })
}

/** The ratio is that of rounds beside each other. */
export function hitsTable(results: readonly Result[]): string {
  return matrix(results, ({ nanoseconds, ratio, rival }) => {
    const relative = ratio && rival !== 'tophash' ? ` (${times(ratio.median)})` : ''
    return `${duration(nanoseconds!.median)}${relative}`
  })
}

export function memoryTable(results: readonly Result[]): string {
  return matrix(results, ({ bytesPerEntry, reportedPerEntry }) => {
    return `${digits(bytesPerEntry!.median)}${reportedPerEntry === undefined ? '' : ` (by its own count ${digits(reportedPerEntry)})`}`
  })
}

export function pausesTable(all: readonly Pauses[]): string {
  const head = [
    '',
    'while ',
    'p50',
    'p99.9',
    'longest',
    'of that garbage collection',
    'waiting for a core',
    'longest of its own making',
  ]
  return table(
    head,
    all.map(({ title, during, p50, p999, longest, collecting, waiting, own }) => {
      return [title, during, ...[p50, p999, longest, collecting, waiting, own].map(duration)]
    }),
  )
}

export function environmentLine(environment: Environment, rounds: number, operations: number): string {
  const { runtime, system, processor, cores, commit, loadAverage } = environment
  return (
    `${runtime}; ${system}, ${cores} x ${processor}; commit ${commit ?? 'unknown'}; medians of ${rounds} rounds of ` +
    `${operations.toLocaleString('en-US')} operations; load average before it: ${loadAverage[0]}.`
  )
}

export function missingLines(skipped: readonly Skipped[]): string {
  return skipped.map(({ rival, reason, remedy }) => `- ${rival}: ${reason}${remedy ? `; ${remedy}` : ''}`).join('\n')
}
