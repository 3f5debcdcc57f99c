// What the timeline of growth draws in its lanes.
import type { LineSeriesOption, ScatterSeriesOption } from 'echarts'
import {
  longestPause,
  type Grower,
  type Growth,
  type LevelChange,
  type Line,
  type Pause,
  type Point,
} from '../run/growth-results.js'
import { NAMES } from '../run/protocol.js'
import { formatCompact, formatMilliseconds, formatWhole } from './format.js'
import type { Theme } from './theme.js'

export type Lane = 'entries' | 'evacuation' | 'pauses'
type Series = LineSeriesOption | ScatterSeriesOption

export const GROWERS: readonly Grower[] = ['shared', 'own']
/** The places of the lanes, from above. */
const PLACES: Readonly<Record<Lane, number>> = { entries: 0, evacuation: 1, pauses: 2 }

/** The longest of all is drawn larger. */
const SIZE = 5
const SIZE_OF_LONGEST = 12

export function toSeries(growth: Growth, names: ReadonlySet<LevelChange>, theme: Theme): Series[] {
  const { shared } = theme.contenders
  return [
    ...GROWERS.flatMap((grower) => {
      const line = growth.lines[grower]
      const color = theme.contenders[grower]
      return line ? [toEntries(grower, line, color), toPauses(grower, line, color)] : []
    }),
    toEvacuation(growth.evacuation, shared),
    ...Object.values(PLACES).map((place) => toLevels(growth.levels, names, place, theme)),
  ]
}

/** What a point says when it is pointed at. */
export function tell(point: unknown): string {
  const { seriesId, seriesName, value } = point as { seriesId: string; seriesName: string; value: [number, number, number?] }
  const [x, y, worker = 0] = value
  const lane = seriesId.split(' ')[0]
  const after = `after ${formatMilliseconds(x)}<br>`
  if (lane === 'evacuation') return `${after}${formatWhole(y)} % evacuated`
  if (lane === 'entries') return `${after}${seriesName}: ${formatCompact(y)} entries`
  return `${after}${seriesName}: an insert of ${formatMilliseconds(y)}, worker ${worker + 1}`
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

function inLane(lane: Lane, grower: Grower) {
  return { id: `${lane} ${grower}`, name: NAMES[grower], xAxisIndex: PLACES[lane], yAxisIndex: PLACES[lane] }
}

function toEntries(grower: Grower, { entries }: Line, color: string): LineSeriesOption {
  return {
    type: 'line',
    ...inLane('entries', grower),
    data: entries.map(({ x, y }) => [x, y]),
    color,
    lineStyle: { width: grower === 'shared' ? 3 : 2, type: grower === 'shared' ? 'solid' : [7, 4] },
    showSymbol: false,
  }
}

function toPauses(grower: Grower, { pauses }: Line, color: string): ScatterSeriesOption {
  const isLongest = (pause: Pause): boolean => pause === pauses[0]
  return {
    type: 'scatter',
    ...inLane('pauses', grower),
    color,
    data: pauses
      .filter(({ duration }) => duration > 0) // a logarithm has no place for 0
      .map((pause) => ({
        value: [pause.start, pause.duration, pause.worker],
        symbolSize: isLongest(pause) ? SIZE_OF_LONGEST : SIZE,
      })),
    symbol: grower === 'shared' ? 'circle' : 'diamond',
    itemStyle: { opacity: 1 },
  }
}

function toEvacuation(points: Point[], color: string): LineSeriesOption {
  return {
    type: 'line',
    ...inLane('evacuation', 'shared'),
    data: points.map(({ x, y }) => [x, y]),
    color,
    lineStyle: { width: 1.5 },
    showSymbol: false,
    step: 'end',
  }
}

/** A line where the level rose, through all lanes; above the first the number of buckets from there on. */
function toLevels(
  levels: readonly LevelChange[],
  names: ReadonlySet<LevelChange>,
  place: number,
  theme: Theme,
): LineSeriesOption {
  return {
    type: 'line',
    id: `levels ${place}`,
    data: [],
    xAxisIndex: place,
    yAxisIndex: place,
    markLine: {
      silent: true,
      symbol: 'none',
      animation: false,
      lineStyle: { color: theme.muted, width: 1, type: [2, 3] },
      data: levels.map((change) => ({
        xAxis: change.at,
        label: {
          show: place === 0 && names.has(change),
          formatter: `2^${change.level}`,
          color: theme.muted,
          fontSize: 11,
          distance: 4,
        },
      })),
    },
  }
}
