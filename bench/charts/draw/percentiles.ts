// One row for each rival: its usual and its longest durations as dots on a logarithmic scale.
import type { CustomSeriesOption, EChartsOption } from 'echarts'
import type { Family } from '../rivals.js'
import { duration, shortened } from '../figures.js'
import { headOptions, MARGIN, WIDTH, type Drawing, type Head, type LegendItem } from './canvas.js'
import { FONT_SIZE, textWidth } from './font.js'
import { logScale, type LogScale } from './scale.js'
import { lineShape, textShape } from './shapes.js'
import type { Theme } from './theme.js'

export interface PercentileChart extends Head {
  kind: 'percentiles'
  axisTitle: string
  /** What each dot of a row is, ascending: p50, ..., max. */
  steps: string[]
  rows: { name: string; family: Family; nanoseconds: number[] }[]
}

const ROW = 43
const RADIUS = 5.5
/** Of the first dot; the last is opaque. */
const FAINTEST = 0.4

export function drawPercentiles(chart: PercentileChart, theme: Theme): Drawing {
  const { option, bottom } = headOptions(chart, stepLegend(chart, theme), theme)
  const scale = logScale(chart.rows.flatMap(({ nanoseconds }) => nanoseconds))
  const left = MARGIN + Math.max(...chart.rows.map(({ name }) => textWidth(name))) + 60
  const place = { left, top: bottom + 8, width: WIDTH - left - 86, height: chart.rows.length * ROW }
  const end = place.top + place.height
  return {
    head: chart,
    height: end + 62,
    option: {
      ...option,
      grid: place,
      xAxis: durationAxis(chart, scale, theme),
      yAxis: nameAxis(chart, theme),
      series: dotSeries(chart, theme),
    } as EChartsOption,
  }
}

function stepLegend({ steps }: PercentileChart, theme: Theme): LegendItem[] {
  return steps.map((label, step) => ({ label, color: theme.families.script, opacity: opacityOf(step, steps.length) }))
}

function opacityOf(step: number, steps: number): number {
  return FAINTEST + (1 - FAINTEST) * (step / Math.max(1, steps - 1))
}

function durationAxis({ axisTitle }: PercentileChart, { min, max, base }: LogScale, theme: Theme): object {
  return {
    type: 'log',
    logBase: base,
    min,
    max,
    name: axisTitle,
    nameLocation: 'middle',
    nameGap: 28,
    nameTextStyle: { color: theme.muted, fontSize: FONT_SIZE },
    axisLabel: {
      color: theme.muted,
      fontSize: 11,
      hideOverlap: true,
      formatter: (value: number) => shortened(duration(value)),
    },
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: theme.grid } },
  }
}

function nameAxis({ rows }: PercentileChart, theme: Theme): object {
  return {
    type: 'category',
    inverse: true,
    data: rows.map(({ name }) => name),
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: {
      interval: 0,
      margin: 56, // where the label of the first dot may stand
      fontSize: FONT_SIZE,
      formatter: (name: string, index: number) => (rows[index]!.family === 'tophash' ? `{own|${name}}` : name),
      color: theme.text,
      rich: { own: { fontWeight: 'bold', fontSize: FONT_SIZE, color: theme.families.tophash } },
    },
  }
}

function dotSeries({ rows, steps }: PercentileChart, theme: Theme): CustomSeriesOption {
  return {
    type: 'custom',
    silent: true,
    data: rows.map(({ nanoseconds }, row) => [nanoseconds.at(-1)!, row]),
    renderItem(_, api) {
      const row = api.value(1) as number
      const { nanoseconds, family } = rows[row]!
      const spots = nanoseconds.map((value) => api.coord([value, row]) as [number, number])
      const color = theme.families[family]
      const y = spots[0]![1]
      return {
        type: 'group',
        children: [
          lineShape(spots[0]!, spots.at(-1)!, { stroke: color, lineWidth: 2, opacity: 0.35 }),
          ...spots.flatMap(([x], step) => dot(x, y, color, opacityOf(step, steps.length), theme)),
          ...dotLabels(nanoseconds, spots, y, theme),
        ],
      }
    },
  }
}

/** Over a dot of the background, so that dots that are not opaque hide the line. */
function dot(cx: number, cy: number, color: string, opacity: number, theme: Theme) {
  const shape = { cx, cy, r: RADIUS }
  return [
    { type: 'circle' as const, shape, style: { fill: theme.surface } },
    { type: 'circle' as const, shape, style: { fill: color, opacity, stroke: theme.surface, lineWidth: 0.5 } },
  ]
}

/** The first and the last beside their dots; those between above and below in turns, and only where there is room. */
function dotLabels(nanoseconds: number[], spots: [number, number][], y: number, theme: Theme) {
  const last = spots.length - 1
  const free = { above: -Infinity, below: -Infinity }
  return nanoseconds.flatMap((value, step) => {
    const text = duration(value)
    const x = spots[step]![0]
    if (step === 0) return [textShape(text, x - RADIUS - 4, y, { fill: theme.text, align: 'right' })]
    if (step === last) return [textShape(text, x + RADIUS + 4, y, { fill: theme.text })]
    const half = textWidth(text, 10) / 2
    const side = step % 2 === 1 ? 'above' : 'below'
    if (x - half < free[side]) return []
    free[side] = x + half + 2
    return [textShape(text, x, y + (side === 'above' ? -13 : 13), { fill: theme.muted, align: 'center', size: 10 })]
  })
}
