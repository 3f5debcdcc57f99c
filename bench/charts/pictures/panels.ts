// From results to panels of bars: what most charts have in common.
import type { Bar, BarChart, BarPanel } from '../draw/bars.js'
import { digits } from '../figures.js'
import type { Contender, Result } from '../report.js'
import { familyOf, nameOf } from '../rivals.js'
import { contenderOf, rankedRivals, roundsOf } from '../selection.js'

/** The spread of nanoseconds as million operations a second; the slowest round is the one that took longest. */
export function rateBar({ nanoseconds }: Contender): Bar | undefined {
  if (!nanoseconds) return undefined
  const [median, min, max] = [nanoseconds.median, nanoseconds.max, nanoseconds.min].map((value) => 1e3 / value)
  return { median: median!, min: min!, max: max!, label: digits(median!) }
}

export function bytesBar({ bytesPerEntry }: Contender): Bar | undefined {
  return bytesPerEntry && { ...bytesPerEntry, label: digits(bytesPerEntry.median) }
}

export function panelOf(
  result: Result,
  rivals: string[],
  title: string,
  axisTitle: string,
  bar: (contender: Contender) => Bar | undefined,
): BarPanel {
  const bars = rivals.map((rival) => {
    const contender = contenderOf(result, rival)
    return contender && bar(contender)
  })
  return { title, axisTitle, bars }
}

export function rowsOf(rivals: string[]): BarChart['rows'] {
  return rivals.map((rival) => ({ name: nameOf(rival), family: familyOf(rival) }))
}

/** Panels of rates, one for each result, with a row for each rival that has a figure in any. */
export function ratePanels(
  results: Result[],
  titleOf: (result: Result) => string,
  unit = 'operations',
  keep: (rival: string) => boolean = () => true,
): Pick<BarChart, 'kind' | 'rows' | 'panels' | 'scale'> | undefined {
  const rivals = rankedRivals(results).filter(keep)
  if (rivals.length === 0) return undefined
  return {
    kind: 'bars',
    rows: rowsOf(rivals),
    panels: results.map((result) => panelOf(result, rivals, titleOf(result), `million ${unit} a second`, rateBar)),
    scale: 'linear',
  }
}

/** What all subtitles end with. */
export function howMeasured(results: Result[]): string {
  const rounds = roundsOf(results)
  return rounds > 1 ? `medians of ${rounds} rounds, whiskers: slowest and fastest` : 'one round'
}

/** The figures of a chart in words. */
export function describeBars({ rows, panels }: Pick<BarChart, 'rows' | 'panels'>): string {
  return panels
    .map(({ title, axisTitle, bars }) => {
      const figures = rows.flatMap(({ name }, row) => (bars[row] ? [`${name} ${bars[row].label}`] : []))
      return `${title === '' ? '' : `${title}: `}${axisTitle}: ${figures.join(', ')}.`
    })
    .join(' ')
}
