// Bars, one row for each rival, in one panel or in several beside each other. Each bar says its value, and a whisker how
// far the rounds were apart.
import type { CustomSeriesOption, EChartsOption } from 'echarts'
import type { Family } from '../rivals.js'
import { digits, shortened } from '../figures.js'
import { headOptions, legendOf, MARGIN, WIDTH, type Drawing, type Head } from './canvas.js'
import { FONT_SIZE, textWidth, wrapped } from './font.js'
import { logScale, roundInterval } from './scale.js'
import { lineShape, textShape } from './shapes.js'
import type { Theme } from './theme.js'

export interface Bar {
  median: number
  min: number
  max: number
  /** What stands beside the bar. */
  label: string
}

export interface BarPanel {
  title: string
  /** Panels of which it is the same have one scale. */
  axisTitle: string
  /** As many as rows; undefined where there is no figure. */
  bars: (Bar | undefined)[]
  /** A line through all rows. */
  reference?: { value: number; label: string } | undefined
}

export interface BarChart extends Head {
  kind: 'bars'
  rows: { name: string; family: Family }[]
  panels: BarPanel[]
  /** linear from 0; ratio: logarithmic, bars to both sides of 1. */
  scale: 'linear' | 'ratio'
}

const ROW = 25
const BAR = 15
const PANEL_GAP = 16
const AXIS = 24
const AXIS_TITLE = 24
const LABEL_LINE = 20
const TITLE_LINE = 16
/** What the names take of the width, for how long titles may be. */
const LEAST_NAMES = 140

interface Place {
  left: number
  top: number
  width: number
  height: number
}

interface Axis {
  min: number
  max: number
  interval?: number
  base: number
}

export function drawBars(chart: BarChart, theme: Theme): Drawing {
  const { option, bottom } = headOptions(
    chart,
    legendOf(
      chart.rows.map(({ family }) => family),
      theme,
    ),
    theme,
  )
  const places = placePanels(chart, bottom + roomAbove(chart))
  const axes = axesOf(chart, places)
  const end = places[0]!.top + places[0]!.height + AXIS
  return {
    head: chart,
    height: end + AXIS_TITLE + 10,
    option: {
      ...option,
      grid: places,
      xAxis: chart.panels.map((_, index) => valueAxis(axes[index]!, index, theme)),
      yAxis: chart.panels.map((_, index) => nameAxis(chart, index, theme)),
      series: chart.panels.map((panel, index) => barSeries(chart, panel, index, axes[index]!, theme)),
      graphic: [
        ...(option.graphic as object[]),
        ...chart.panels.flatMap((panel, index) => panelTitle(panel, chart.panels.length, places[index]!, theme)),
        ...axisTitles(chart, places, end + 14, theme),
        ...chart.panels.flatMap((panel, index) => drawReference(panel, places[index]!, axes[index]!, theme)),
      ],
    } as EChartsOption,
  }
}

/** For the panels' titles, and for what lines through them are called. */
function roomAbove({ panels }: BarChart): number {
  const titles = Math.max(...panels.map(({ title }) => titleLines(title, panels.length).length)) * TITLE_LINE
  const references = panels.some(({ reference }) => reference?.label) ? LABEL_LINE : 0
  return 12 + titles + references
}

function placePanels({ rows, panels }: BarChart, top: number): Place[] {
  const names = MARGIN + Math.max(...rows.map(({ name }) => textWidth(name))) + 8
  const each = (WIDTH - names - MARGIN + PANEL_GAP) / panels.length - PANEL_GAP
  return panels.map(({ bars }, index) => {
    const labels = Math.max(0, ...bars.map((bar) => textWidth(bar?.label ?? ''))) + 6
    const left = Math.round(names + index * (each + PANEL_GAP))
    return { left, top, width: Math.round(each - labels), height: rows.length * ROW }
  })
}

function axesOf({ panels, scale }: BarChart, places: Place[]): Axis[] {
  return panels.map((panel, index) => {
    const alike = panels.filter(({ axisTitle }) => axisTitle === panel.axisTitle)
    const values = alike.flatMap(({ bars, reference }) => {
      return [...bars.flatMap((bar) => (bar ? [bar.min, bar.max] : [])), ...(reference ? [reference.value] : [])]
    })
    if (scale === 'ratio') return logScale([...values, 1], 2)
    const max = Math.max(0, ...values) || 1
    return { min: 0, max, base: 0, interval: roundInterval(max, Math.min(6, places[index]!.width / 50)) }
  })
}

function valueAxis({ min, max, interval, base }: Axis, gridIndex: number, theme: Theme): object {
  const endsRound = interval === undefined || max % interval === 0
  return {
    gridIndex,
    min,
    max,
    ...(interval ? { type: 'value', interval } : { type: 'log', logBase: base }),
    axisLabel: {
      color: theme.muted,
      fontSize: 11,
      margin: 6,
      hideOverlap: true,
      showMaxLabel: endsRound,
      formatter: tickLabel,
    },
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { showMaxLine: endsRound, lineStyle: { color: theme.grid } },
  }
}

function tickLabel(value: number): string {
  return shortened(digits(value))
}

/** Names stand beside the first panel only. */
function nameAxis({ rows }: BarChart, gridIndex: number, theme: Theme): object {
  return {
    gridIndex,
    type: 'category',
    inverse: true,
    data: rows.map(({ name }) => name),
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: {
      show: gridIndex === 0,
      interval: 0,
      margin: 8,
      fontSize: FONT_SIZE,
      formatter: (name: string, index: number) => (stands(rows, rows[index]!.family) ? `{own|${name}}` : name),
      color: theme.text,
      rich: { own: { fontWeight: 'bold', fontSize: FONT_SIZE, color: theme.families.tophash } },
    },
  }
}

function barSeries(
  { rows, scale }: BarChart,
  { bars }: BarPanel,
  index: number,
  { min, max }: Axis,
  theme: Theme,
): CustomSeriesOption {
  const base = scale === 'ratio' ? 1 : 0
  return {
    type: 'custom',
    silent: true,
    xAxisIndex: index,
    yAxisIndex: index,
    data: bars.map((bar, row) => [Math.min(max, Math.max(min, bar?.median ?? base)), row]),
    renderItem(_, api) {
      const row = api.value(1) as number
      const bar = bars[row]
      const x = (value: number): number => api.coord([value, row])[0]!
      const y = api.coord([base, row])[1]!
      if (!bar) return textShape('not measured', x(base) + 5, y, { fill: theme.muted })
      const { family } = rows[row]!
      return {
        type: 'group',
        children: [
          barShape(x(base), x(bar.median), y, family, theme),
          ...whisker(x(bar.min), x(bar.max), y, theme),
          valueLabel(bar.label, x(Math.max(base, bar.max)), y, stands(rows, family), theme),
        ],
      }
    },
  }
}

function barShape(from: number, to: number, y: number, family: Family, theme: Theme) {
  const shape = { x: Math.min(from, to), y: y - BAR / 2, width: Math.max(1, Math.abs(to - from)), height: BAR, r: 2 }
  const color = theme.families[family]
  const style = family === 'published' ? { fill: 'none', stroke: color, lineDash: [3, 2] } : { fill: color }
  return { type: 'rect' as const, shape, style }
}

/** Nothing where it would be narrower than its own ends. */
function whisker(from: number, to: number, y: number, theme: Theme) {
  if (to - from < 2) return []
  const look = { stroke: theme.text, lineWidth: 1, opacity: 0.75 }
  const end = (x: number) => lineShape([x, y - 3], [x, y + 3], look)
  return [lineShape([from, y], [to, y], look), end(from), end(to)]
}

/** Whether a row is to stand out of the others: not where all are of tophash. */
function stands(rows: BarChart['rows'], family: Family): boolean {
  return family === 'tophash' && rows.some((row) => row.family !== 'tophash')
}

function valueLabel(label: string, x: number, y: number, bold: boolean, theme: Theme) {
  return textShape(label, x + 5, y, { fill: bold ? theme.families.tophash : theme.text, bold })
}

function titleLines(title: string, panels: number): string[] {
  return title === '' ? [] : wrapped(title, (WIDTH - 2 * MARGIN - LEAST_NAMES) / panels - PANEL_GAP, true)
}

function panelTitle({ title, reference }: BarPanel, panels: number, { left, top }: Place, theme: Theme): object[] {
  const bottom = top - 12 - (reference?.label ? LABEL_LINE : 0)
  return titleLines(title, panels)
    .reverse()
    .map((line, index) => {
      return textShape(line, left, bottom - index * TITLE_LINE, { fill: theme.text, bold: true })
    })
}

/** One below all panels if they show the same, else one below each. */
function axisTitles({ panels }: BarChart, places: Place[], y: number, theme: Theme): object[] {
  const [first, last] = [places[0]!, places.at(-1)!]
  const look = { fill: theme.muted, align: 'center' as const }
  if (new Set(panels.map(({ axisTitle }) => axisTitle)).size === 1) {
    return [textShape(panels[0]!.axisTitle, (first.left + last.left + last.width) / 2, y, look)]
  }
  return panels.map(({ axisTitle }, index) => {
    const { left, width } = places[index]!
    return textShape(axisTitle, left + width / 2, y, look)
  })
}

function drawReference({ reference }: BarPanel, { left, top, width, height }: Place, axis: Axis, theme: Theme): object[] {
  if (!reference) return []
  const log = (value: number): number => (axis.interval ? value : Math.log(value))
  const x = left + ((log(reference.value) - log(axis.min)) / (log(axis.max) - log(axis.min))) * width
  const fill = theme.families.map
  const line = lineShape([x, top - 3], [x, top + height], { stroke: fill, lineWidth: 1.5, lineDash: [5, 3] })
  if (reference.label === '') return [line]
  const half = textWidth(reference.label) / 2
  const middle = Math.max(left + half, Math.min(x, WIDTH - MARGIN - half))
  return [line, textShape(reference.label, middle, top - 12, { fill, align: 'center' })]
}
