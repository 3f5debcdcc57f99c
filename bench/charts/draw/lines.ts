// Lines over a few steps, in panels below each other, on a logarithmic scale. Each line is named at its end;
// tophash also has its values.
import type { EChartsOption, SeriesOption } from 'echarts'
import { shortened } from '../figures.js'
import type { Family } from '../rivals.js'
import { headOptions, MARGIN, WIDTH, type Drawing, type Head } from './canvas.js'
import { FONT_SIZE, textWidth } from './font.js'
import { tickedLogScale, type LogScale, type TickedScale } from './scale.js'
import { lineShape, textShape } from './shapes.js'
import type { Theme } from './theme.js'

export interface Point {
  median: number
  min: number
  max: number
}

export interface Line {
  name: string
  family: Family
  /** Lines of different numbers look different, if there are not too many. */
  look: number
  /** As many as steps; undefined where there is no figure. */
  points: (Point | undefined)[]
}

export interface LineChart extends Head {
  kind: 'lines'
  steps: string[]
  stepTitle: string
  axisTitle: string
  panels: { title: string; lines: Line[] }[]
  format(value: number): string
}

const PANEL_HEIGHT = 215
const PANEL_GAP = 84
const AXIS_LABELS = 58
const NAME_HEIGHT = 15
/** What the labels below the lowest points may need, in parts of the height. */
const LABEL_ROOM = 0.15
const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond', 'emptyCircle', 'emptyRect', 'emptyTriangle', 'emptyDiamond']

interface Place {
  left: number
  top: number
  width: number
  height: number
}

export function drawLines(chart: LineChart, theme: Theme): Drawing {
  const { option, bottom } = headOptions(chart, [], theme)
  const places = placePanels(chart, bottom + 36)
  const scales = chart.panels.map(({ lines }) =>
    tickedLogScale(
      lines.flatMap(({ points }) => {
        return points.flatMap((point) => (point ? [point.min, point.max] : []))
      }),
      LABEL_ROOM,
    ),
  )
  return {
    head: chart,
    height: places.at(-1)!.top + PANEL_HEIGHT + 54,
    option: {
      ...option,
      grid: places,
      xAxis: chart.panels.map((_, index) => stepAxis(chart, index, theme)),
      yAxis: chart.panels.map((_, index) => valueAxis(chart, scales[index]!, index, theme)),
      series: chart.panels.flatMap(({ lines }, index) =>
        lines.flatMap((line) => {
          const symbol = SYMBOLS[line.look % SYMBOLS.length]!
          return lineSeries(chart, line, { color: colorOf(line, theme), symbol, index, theme })
        }),
      ),
      graphic: chart.panels.flatMap((panel, index) => [
        ...panelTitles(chart, panel.title, places[index]!, theme),
        ...lineNames(panel.lines, places[index]!, scales[index]!, theme),
      ]),
    } as EChartsOption,
  }
}

function placePanels({ panels }: LineChart, top: number): Place[] {
  const names = Math.max(...panels.flatMap(({ lines }) => lines.map(({ name }) => textWidth(name)))) + 28
  const left = MARGIN + AXIS_LABELS
  return panels.map((_, index) => {
    const width = WIDTH - MARGIN - left - names
    return { left, top: top + index * (PANEL_HEIGHT + PANEL_GAP), width, height: PANEL_HEIGHT }
  })
}

function stepAxis({ steps, stepTitle }: LineChart, gridIndex: number, theme: Theme): object {
  return {
    gridIndex,
    type: 'category',
    data: steps,
    name: stepTitle,
    nameLocation: 'middle',
    nameGap: 26,
    nameTextStyle: { color: theme.muted, fontSize: FONT_SIZE },
    boundaryGap: ['4%', '4%'],
    axisLabel: { color: theme.text, fontSize: FONT_SIZE, interval: 0 },
    axisLine: { lineStyle: { color: theme.muted } },
    axisTick: { show: false },
  }
}

function valueAxis({ format }: LineChart, { min, max, base, ticks }: TickedScale, gridIndex: number, theme: Theme): object {
  return {
    gridIndex,
    type: 'log',
    logBase: base,
    min,
    max,
    axisLabel: {
      color: theme.muted,
      fontSize: 11,
      customValues: ticks,
      formatter: (value: number) => shortened(format(value)),
    },
    axisLine: { show: false },
    axisTick: { show: false, customValues: ticks },
    splitLine: { lineStyle: { color: theme.grid } },
  }
}

function colorOf({ family, look }: Line, theme: Theme): string {
  if (family === 'tophash' || family === 'map') return theme.families[family]
  return theme.lines[look % theme.lines.length]!
}

interface Look {
  color: string
  symbol: string
  /** Of the panel. */
  index: number
  theme: Theme
}

/** The line, and a whisker through each of its points. */
function lineSeries({ format }: LineChart, { points, family }: Line, { color, symbol, index, theme }: Look): SeriesOption[] {
  const own = family === 'tophash'
  const axes = { xAxisIndex: index, yAxisIndex: index, silent: true }
  return [
    {
      type: 'line',
      ...axes,
      data: points.map((point) => point?.median ?? '-'),
      symbol,
      symbolSize: own ? 9 : 7,
      label: {
        show: own,
        position: 'bottom',
        distance: 7,
        formatter: ({ value }) => format(value as number),
        color,
        fontWeight: 'bold',
        textBorderColor: theme.surface,
        textBorderWidth: 3,
      },
      color,
      lineStyle: { color, width: own ? 3 : 1.75, type: family === 'map' ? 'dashed' : 'solid' },
      z: own ? 5 : 3,
    },
    {
      type: 'custom',
      ...axes,
      data: points.flatMap((point, step) => (point && point.max > point.min ? [[step, point.min, point.max]] : [])),
      renderItem(_, api) {
        const at = (end: number): [number, number] => api.coord([api.value(0), api.value(end)]) as [number, number]
        return lineShape(at(1), at(2), { stroke: color, lineWidth: own ? 2 : 1.25, opacity: 0.8 })
      },
    },
  ]
}

function panelTitles({ axisTitle }: LineChart, title: string, { top }: Place, theme: Theme): object[] {
  return [
    textShape(title, MARGIN, top - 20, { fill: theme.text, bold: true }),
    textShape(axisTitle, MARGIN + textWidth(title, FONT_SIZE, true) + 10, top - 20, { fill: theme.muted }),
  ]
}

/** At the height of the last points, moved apart where they would touch, with a thin line to the point. */
function lineNames(lines: Line[], { left, top, width, height }: Place, scale: LogScale, theme: Theme): object[] {
  const heightOf = (value: number): number => {
    return top + height * (1 - Math.log(value / scale.min) / Math.log(scale.max / scale.min))
  }
  const ends = lines
    .flatMap((line) => {
      const last = line.points.findLast((point) => point !== undefined)
      return last ? [{ line, color: colorOf(line, theme), y: heightOf(last.median) }] : []
    })
    .sort((a, b) => a.y - b.y)
  const spots = spreadOut(
    ends.map(({ y }) => y),
    top - 4,
    top + height,
  )
  return ends.flatMap(({ line, color, y }, index) => nameAt(line, color, left + width, y, spots[index]!))
}

function nameAt({ name, family }: Line, color: string, x: number, from: number, to: number): object[] {
  return [
    lineShape([x + 2, from], [x + 18, to], { stroke: color, lineWidth: 1, opacity: 0.6 }),
    textShape(name, x + 22, to, { fill: color, bold: family === 'tophash' }),
  ]
}

/** Ascending heights, at least one name apart, as near to where they were as one pass down and one up can bring them. */
export function spreadOut(heights: number[], top: number, bottom: number): number[] {
  const down: number[] = []
  for (const height of heights) down.push(Math.max(height, (down.at(-1) ?? top - NAME_HEIGHT) + NAME_HEIGHT))
  const up = down.slice()
  let limit = bottom
  for (let index = up.length - 1; index >= 0; index--) {
    up[index] = Math.min(up[index]!, limit)
    limit = up[index]! - NAME_HEIGHT
  }
  return up
}
