// How throughput and latency depend on the share of reads.
import type { Line, LineChart } from '../draw/lines.js'
import { duration, rate } from '../figures.js'
import type { Contender, Report, Result } from '../report.js'
import { familyOf, MAP, nameOf, placeOf, TOPHASH, type Family } from '../rivals.js'
import { contenderOf, describeVariant, narrowed, rankedRivals, resultsOf, type Cost } from '../selection.js'
import { howMeasured } from './panels.js'

type Measure = (contender: Contender) => { median: number; min: number; max: number } | undefined

const rateOf: Measure = ({ nanoseconds }) => {
  return nanoseconds && { median: 1e9 / nanoseconds.median, min: 1e9 / nanoseconds.max, max: 1e9 / nanoseconds.min }
}

const p99Of: Measure = ({ latency }) => latency && { median: latency.p99, min: latency.p99, max: latency.p99 }

export function readRates(report: Report): LineChart | undefined {
  const results = byReads(report)
  return chartOf(results, rateOf, ({ nanoseconds }) => nanoseconds?.median, {
    title: 'Operations a second by share of reads',
    better: `higher is better; ${howMeasured(results)}`,
    axisTitle: 'operations a second',
    format: rate,
  })
}

export function readLatencies(report: Report): LineChart | undefined {
  return chartOf(byReads(report), p99Of, ({ latency }) => latency?.p99, {
    title: '99 of 100 operations take no longer than this, by share of reads',
    better: 'lower is better',
    axisTitle: 'p99 of an operation',
    format: duration,
  })
}

function byReads(report: Report): Result[] {
  return narrowed(resultsOf(report, 'seed-ratio'), 'reads')
}

interface Words {
  title: string
  better: string
  axisTitle: string
  format(value: number): string
}

/** JavaScript above, the others below, on one scale; tophash is in both. */
const PANELS: { title: string; families: Family[] }[] = [
  { title: 'In JavaScript', families: ['script', 'map'] },
  { title: 'Beside Go, Rust and Java', families: ['native'] },
]

function chartOf(results: Result[], measure: Measure, cost: Cost, words: Words): LineChart | undefined {
  const rivals = rankedRivals(results, cost)
  if (rivals.length === 0) return undefined
  const panels = PANELS.map(({ title, families }) => {
    const chosen = rivals.filter((rival) => families.includes(familyOf(rival)))
    const shown = [TOPHASH, ...chosen].filter((rival) => rivals.includes(rival))
    const lines = shown.map((rival) => lineOf(rival, results, measure))
    return { title, lines, others: chosen.length }
  }).filter(({ others }) => others > 0)
  return {
    kind: 'lines',
    title: words.title,
    subtitle: `${describeVariant(results[0]!.variant, 'reads')}; ${words.better}; the scale is logarithmic`,
    description: describe(
      panels.flatMap(({ lines }) => lines),
      results,
      words,
    ),
    steps: results.map(({ variant }) => `${variant.reads} %`),
    stepTitle: 'reads; the rest are writes',
    axisTitle: words.axisTitle,
    format: words.format,
    panels,
  }
}

function lineOf(rival: string, results: Result[], measure: Measure): Line {
  const points = results.map((result) => {
    const contender = contenderOf(result, rival)
    return contender && measure(contender)
  })
  const name = rival === MAP ? 'Map on one thread' : nameOf(rival)
  return { name, family: familyOf(rival), look: placeOf(rival), points }
}

function describe(lines: Line[], results: Result[], { axisTitle, format }: Words): string {
  const unique = [...new Map(lines.map((line) => [line.name, line])).values()]
  const texts = unique.map(({ name, points }) => {
    return `${name} ${points.map((point) => (point ? format(point.median) : 'not measured')).join(', ')}`
  })
  const shares = results.map(({ variant }) => `${variant.reads} %`).join(', ')
  return `${axisTitle}, at ${shares} reads: ${texts.join('; ')}.`
}
