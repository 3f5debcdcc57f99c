// What the timeline of growth draws in its lanes.
import type { ChartDataset, TooltipItem } from 'chart.js'
import { longestPause, type Grower, type Growth, type Line, type Pause, type Point } from '../run/growth-results.js'
import { NAMES } from '../run/protocol.js'
import { formatCompact, formatMilliseconds, formatWhole } from './format.js'
import type { Theme } from './theme.js'

export type Kind = 'line' | 'scatter'
export type Datum = Point & { worker?: number }

export const GROWERS: readonly Grower[] = ['shared', 'own']

/** The longest of all is drawn larger. */
const RADIUS = 2.5
const RADIUS_OF_LONGEST = 6

export function toDatasets(growth: Growth, theme: Theme): ChartDataset<Kind, Datum[]>[] {
  const datasets = GROWERS.flatMap((grower) => {
    const line = growth.lines[grower]
    const color = theme.contenders[grower]
    return line ? [toEntries(grower, line, color), toPauses(grower, line, color)] : []
  })
  return [...datasets, toEvacuation(growth.evacuation, theme.contenders.shared)]
}

export function toLabel({ dataset, parsed, raw }: TooltipItem<Kind>): string {
  const y = parsed.y ?? 0
  const lane = (dataset as { yAxisID?: string }).yAxisID
  if (lane === 'evacuation') return `${formatWhole(y)} % evacuated`
  if (lane === 'entries') return `${dataset.label}: ${formatCompact(y)} entries`
  return `${dataset.label}: an insert of ${formatMilliseconds(y)}, worker ${((raw as Datum).worker ?? 0) + 1}`
}

/** The timeline for those who do not see it. */
export function inWords({ lines, levels }: Growth): string {
  const parts = GROWERS.flatMap((grower) => {
    const line = lines[grower]
    if (line?.milliseconds === undefined) return []
    const { y } = line.entries.at(-1)!
    return [
      `${NAMES[grower]}: ${formatWhole(y)} entries in ${formatMilliseconds(line.milliseconds)}, ` +
        `longest insert ${formatMilliseconds(longestPause(line))}`,
    ]
  })
  const last = levels.at(-1)
  if (last) parts.push(`The SharedMap grew ${levels.length} times, to 2^${last.level} buckets`)
  return `Timeline of growth. ${parts.join('; ') || 'No figures yet'}`
}

function toEntries(grower: Grower, { entries }: Line, color: string): ChartDataset<'line', Datum[]> {
  return {
    type: 'line', label: NAMES[grower], data: entries, yAxisID: 'entries', borderColor: color, backgroundColor: color,
    borderWidth: grower === 'shared' ? 3 : 2, borderDash: grower === 'shared' ? [] : [7, 4], pointRadius: 0,
  } as ChartDataset<'line', Datum[]>
}

function toPauses(grower: Grower, { pauses }: Line, color: string): ChartDataset<'scatter', Datum[]> {
  const isLongest = (pause: Pause | undefined): boolean => pause === pauses[0]
  return {
    type: 'scatter', label: NAMES[grower], yAxisID: 'pauses', borderColor: color, backgroundColor: color,
    data: pauses
      .filter(({ duration }) => duration > 0) // a logarithm has no place for 0
      .map(({ start, duration, worker }) => ({ x: start, y: duration, worker })),
    clip: RADIUS_OF_LONGEST, pointStyle: grower === 'shared' ? 'circle' : 'rectRot',
    pointRadius: pauses.map((pause) => (isLongest(pause) ? RADIUS_OF_LONGEST : RADIUS)),
  }
}

function toEvacuation(points: Point[], color: string): ChartDataset<'line', Datum[]> {
  return {
    type: 'line', label: NAMES.shared, data: points, yAxisID: 'evacuation', borderColor: color, backgroundColor: color,
    borderWidth: 1.5, pointRadius: 0, stepped: true,
  } as ChartDataset<'line', Datum[]>
}
