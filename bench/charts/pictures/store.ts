// A million new keys, beside what article 1 says about Go.
import type { Bar, BarChart } from '../draw/bars.js'
import { digits, seconds, spelled } from '../figures.js'
import { PUBLISHED_STORE, STORE_KEYS } from '../published.js'
import type { Report } from '../report.js'
import { describeVariant, narrowed, resultsOf } from '../selection.js'
import { describeBars, howMeasured, ratePanels } from './panels.js'

export function store(report: Report): BarChart | undefined {
  const results = narrowed(resultsOf(report, 'seed-store'))
  const panels = ratePanels(results, () => '')
  const own = panels?.panels[0]
  if (!panels || !own) return undefined
  const rows = panels.rows.map((row, index) => ({ row, bar: withSeconds(own.bars[index]) }))
  for (const { name, taken } of PUBLISHED_STORE) {
    const median = STORE_KEYS / taken / 1e6
    const bar = { median, min: median, max: median, label: labelOf(median) }
    rows.push({ row: { name: `${name}, article`, family: 'published' }, bar })
  }
  rows.sort((a, b) => (b.bar?.median ?? 0) - (a.bar?.median ?? 0))
  const chart = {
    ...panels,
    rows: rows.map(({ row }) => row),
    panels: [
      {
        ...own,
        axisTitle: 'million new keys a second (in brackets: seconds for a million)',
        bars: rows.map(({ bar }) => bar),
      },
    ],
  }
  return {
    ...chart,
    title: `Storing ${spelled(STORE_KEYS)} new keys: how many a second`,
    subtitle: `${describeVariant(results[0]!.variant)}; longer is better; ${howMeasured(results)}`,
    description: describeBars(chart),
  }
}

function withSeconds(bar: Bar | undefined): Bar | undefined {
  return bar && { ...bar, label: labelOf(bar.median) }
}

function labelOf(millionsPerSecond: number): string {
  return `${digits(millionsPerSecond)} (${seconds(STORE_KEYS / 1e6 / millionsPerSecond)})`
}
