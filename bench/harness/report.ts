// The tables for people.
import { describeVariant } from '../workloads/variants.js'
import type { Environment } from './environment.js'
import type { ContenderResult, Report, Result, Settings } from './results.js'

const LEGEND = `Figures are medians over the rounds. ns: nanoseconds from the start to the end of the last thread, for each operation of all
threads together, with the smallest and the largest beside it. The last column says how many times as long as tophash a
contender took, round by round: more than 1 means that tophash is faster. Percentiles come from rounds of their own. Every
figure stands for work that was verified: hits, sums, removals, visits, size and content were those that they had to be.`

type Column = readonly [title: string, cell: (result: ContenderResult) => string]

export function reportText({ environment, settings, results, skipped }: Report): string {
  const missing = skipped.map(({ rival, reason, remedy }) => `without ${rival}: ${reason}${remedy ? ` (${remedy})` : ''}`)
  return [
    headerOf(environment, settings, results),
    ...(missing.length > 0 ? [missing.join('\n')] : []),
    ...results.map(textOf),
    LEGEND,
    ...notesIn(results),
  ].join('\n\n')
}

function headerOf(environment: Environment, { rounds, full, seed }: Settings, results: Result[]): string {
  const { tophash, commit, runtime, system, processor, cores, memoryGiB, loadAverage, date } = environment
  return [
    `tophash ${tophash}${commit ? ` (${commit})` : ''}, ${runtime}`,
    `${system}, ${cores} x ${processor}, ${memoryGiB} GiB, load average ${loadAverage.join(' ')}`,
    `a ${full ? 'full' : 'short'} run, rounds: ${rounds} after warming up, seed ${seed}, ${date}`,
    ...versionsIn(results),
  ].join('\n')
}

function versionsIn(results: Result[]): string[] {
  const versions = new Map(results.flatMap(({ contenders }) => contenders.map(({ title, version }) => [title, version])))
  versions.delete('tophash')
  return versions.size === 0 ? [] : [[...versions].map((pair) => pair.join(' ')).join(', ')]
}

/** What is said of a contender's figures wherever they stand. */
function notesIn(results: Result[]): string[] {
  const notes = new Set(
    results.flatMap(({ contenders }) => contenders.flatMap(({ title, notes }) => notes.map((note) => `${title}: ${note}`))),
  )
  return notes.size === 0 ? [] : [[...notes].join('\n')]
}

function textOf(result: Result): string {
  const { workload, title, variant, contenders, absent } = result
  return [
    `${title} (${workload}): ${describeVariant(variant)}`,
    ...tableOf(columnsOf(result), contenders),
    ...absent.map((one) => `  ${one.title}: ${one.reason}`),
  ].join('\n')
}

function columnsOf({ unit, contenders }: Result): Column[] {
  const columns: Column[] = [['', ({ title }) => title]]
  if (unit === 'bytes') {
    columns.push(['bytes', ({ bytesPerEntry }) => bytesPerEntry!.median.toFixed(1)])
    columns.push(['by its own count', ({ reportedPerEntry }) => reportedPerEntry?.toFixed(1) ?? ''])
  } else {
    columns.push(['ns', ({ nanoseconds }) => duration(nanoseconds!.median)])
    columns.push(
      ['from', ({ nanoseconds }) => duration(nanoseconds!.min)],
      ['to', ({ nanoseconds }) => duration(nanoseconds!.max)],
    )
    columns.push(['million/s', ({ rate }) => (rate! / 1e6).toFixed(2)])
  }
  if (contenders.some(({ latency }) => latency)) {
    for (const [title, name] of [
      ['p50', 'p50'],
      ['p99', 'p99'],
      ['p99.9', 'p999'],
      ['longest', 'max'],
    ] as const) {
      columns.push([title, ({ latency }) => (latency ? time(latency[name]) : '')])
    }
  }
  if (contenders.some(({ hitRatio }) => hitRatio !== undefined)) {
    columns.push(['hits', ({ hitRatio }) => `${(100 * hitRatio!).toFixed(1)} %`])
  }
  columns.push(['x tophash', ({ ratio }) => ratio?.median.toFixed(2) ?? ''])
  return columns
}

function tableOf(columns: Column[], contenders: ContenderResult[]): string[] {
  const rows = [columns.map(([title]) => title), ...contenders.map((result) => columns.map(([, cell]) => cell(result)))]
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows.map((row, index) => {
    const cells = row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
    const result = contenders[index - 1]
    const limited = result?.limited ? `  cut off after ${result.operations!.toLocaleString('en-US')} operations` : ''
    return `  ${cells.join('  ')}${limited}`.trimEnd()
  })
}

function duration(nanoseconds: number): string {
  return nanoseconds >= 1_000 ? Math.round(nanoseconds).toLocaleString('en-US') : nanoseconds.toPrecision(3)
}

function time(nanoseconds: number): string {
  if (nanoseconds >= 1e6) return `${(nanoseconds / 1e6).toFixed(2)} ms`
  if (nanoseconds >= 1e4) return `${(nanoseconds / 1e3).toFixed(1)} us`
  return `${nanoseconds} ns`
}
