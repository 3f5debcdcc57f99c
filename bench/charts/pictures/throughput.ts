// Charts of how many operations a second: the same form for all workloads of which that is the point.
import type { BarChart } from '../draw/bars.js'
import type { Report, Result, Variant } from '../report.js'
import { isSharedInScript, MAP } from '../rivals.js'
import { contenderOf, describeVariant, narrowed, resultsOf } from '../selection.js'
import { spelled } from '../figures.js'
import { describeBars, howMeasured, rateBar, ratePanels } from './panels.js'

type Make = (report: Report) => BarChart | undefined

interface Wanted {
  title: string
  unit?: string
  /** What differs between the panels. */
  by: keyof Variant
  panelTitle(result: Result): string
  keep?: (rival: string) => boolean
}

function throughput(results: Result[], { title, unit, by, panelTitle, keep }: Wanted): BarChart | undefined {
  const panels = ratePanels(results, panelTitle, unit, keep)
  if (!panels) return undefined
  const about = describeVariant(results[0]!.variant, by)
  return {
    ...panels,
    title,
    subtitle: `${about}${about === '' ? '' : '; '}longer is better; ${howMeasured(results)}`,
    description: describeBars(panels),
  }
}

/** The reads of the README's chart: those that the slow ones are asked, too. */
const SHARES_OF_READS = [90]

export function sharedResults(report: Report): Result[] {
  return narrowed(resultsOf(report, 'seed-ratio'), 'reads')
    .filter(({ variant }) => SHARES_OF_READS.includes(variant.reads ?? -1))
    .reverse()
}

/** The one of the README: what JavaScript has for sharing, and as a line what one thread does that need not share. */
export const shared: Make = (report) => {
  const results = sharedResults(report)
  const threads = results[0]?.variant.threads ?? 1
  const chart = throughput(results, {
    title: `Million operations a second on one map, ${threads} threads`,
    by: 'reads',
    panelTitle: ({ variant }) => `${variant.reads} % reads`,
    keep: isSharedInScript,
  })
  for (const [index, result] of results.entries()) {
    const alone = contenderOf(result, MAP)
    const bar = alone && rateBar(alone)
    if (chart && bar) chart.panels[index]!.reference = { value: bar.median, label: `Map, one thread: ${bar.label}` }
  }
  return chart
}

export const ycsb: Make = (report) => {
  return throughput(narrowed(resultsOf(report, 'ycsb'), 'case'), {
    title: 'YCSB: million operations a second',
    by: 'case',
    panelTitle: ({ variant }) => variant.case ?? '',
  })
}

const MIXES = ['read-heavy', 'exchange', 'rapid-grow']

export const mixes: Make = (report) => {
  return throughput(
    MIXES.flatMap((name) => narrowed(resultsOf(report, name))),
    {
      title: 'conc-map-bench: million operations a second',
      by: 'case',
      panelTitle: ({ workload }) => workload,
    },
  )
}

export const hot: Make = (report) => {
  return throughput(narrowed(resultsOf(report, 'hot'), 'updates'), {
    title: 'A few hot keys: million operations a second',
    by: 'updates',
    panelTitle: ({ variant }) => `${variant.updates} % updates`,
  })
}

export const counters: Make = (report) => {
  return throughput(narrowed(resultsOf(report, 'counters'), 'size'), {
    title: 'All threads add to the same counters: million additions a second',
    unit: 'additions',
    by: 'size',
    panelTitle: ({ variant: { size = 0 } }) => `${spelled(size)} ${size === 1 ? 'counter' : 'counters'}`,
  })
}

export const scan: Make = (report) => {
  return throughput(narrowed(resultsOf(report, 'scan'), 'case'), {
    title: 'Visiting every entry: million entries a second',
    unit: 'entries',
    by: 'case',
    panelTitle: ({ variant }) => variant.case ?? '',
  })
}

export const state: Make = (report) => {
  return throughput(narrowed(resultsOf(report, 'seed-state')), {
    title: '1,000 tasks update the state of users: million operations a second',
    by: 'case',
    panelTitle: () => '',
  })
}
