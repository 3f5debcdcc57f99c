// The timeline of growth: entries, evacuation and the longest inserts, one above the other on the same time.
import type { EChartsOption } from 'echarts'
import { Growth, type LevelChange } from '../run/growth-results.js'
import { BOTTOM, Chart, LEFT, RIGHT, type Size, axisOf, gradedAxisOf, tooltipOf } from './chart.js'
import { formatCompact, formatMilliseconds } from './format.js'
import { inWords, tell, toSeries } from './growth-series.js'
import type { Theme } from './theme.js'

/** Between the names of two levels, in pixels: where there is less room the name is left out. */
const NAME_WIDTH = 34
/** For the names of the levels. */
const TOP = 20
const GAP = 6

/** From above: what they are called, and what part of the height they have. */
const LANES = [
  { name: 'entries', part: 4 / 9 },
  { name: 'evacuated', part: 2 / 9 },
  { name: 'longest inserts', part: 3 / 9 },
]

export class GrowthChart {
  readonly #chart: Chart
  #growth = new Growth()

  constructor(element: HTMLElement) {
    this.#chart = new Chart(element, (theme, size) => optionOf(this.#growth, theme, size))
  }

  show(growth: Growth): void {
    this.#growth = growth
    this.#chart.show(Object.keys(growth.lines).length === 0, inWords(growth))
  }

  applyTheme(): void {
    this.#chart.draw()
  }
}

function optionOf(growth: Growth, theme: Theme, { width, height }: Size): EChartsOption {
  const end = endOf(growth)
  const grids = gridsIn(height)
  const names = namesOf(growth.levels, (width - LEFT - RIGHT) / end)
  return {
    grid: grids,
    title: LANES.map(({ name }, index) => ({
      // Inside of the lanes: axes have no room for titles on a phone.
      text: name,
      left: LEFT + 4,
      top: grids[index]!.top + 1,
      padding: [2, 4],
      backgroundColor: theme.card,
      textStyle: { color: theme.muted, fontSize: 12, fontWeight: 600 },
    })),
    tooltip: { ...tooltipOf(theme), trigger: 'item', formatter: tell },
    xAxis: LANES.map((_, gridIndex) => {
      const isLast = gridIndex === LANES.length - 1
      const axis = axisOf(theme, formatMilliseconds)
      return {
        gridIndex,
        type: 'value',
        min: 0,
        max: end,
        splitNumber: 5,
        ...axis,
        axisLabel: { ...axis.axisLabel, show: isLast, showMaxLabel: false },
      }
    }),
    yAxis: [
      {
        gridIndex: 0,
        type: 'value',
        min: 0,
        max: ({ max }) => 1.2 * max,
        splitNumber: 4,
        ...withoutEnd(gradedAxisOf(theme, formatCompact)),
      },
      {
        gridIndex: 1,
        type: 'value',
        min: 0,
        max: 140,
        interval: 50,
        ...gradedAxisOf(theme, (percent) => (percent > 100 ? '' : `${percent} %`)),
      },
      {
        gridIndex: 2,
        type: 'log',
        max: ({ max }) => 4 * max,
        splitNumber: 3,
        ...withoutEnd(gradedAxisOf(theme, formatMilliseconds)),
      },
    ],
    series: toSeries(growth, names, theme),
  }
}

/** An axis whose end is no round number: it has no label. */
function withoutEnd<Axis extends { axisLabel: object }>(axis: Axis): Axis {
  return { ...axis, axisLabel: { ...axis.axisLabel, showMaxLabel: false } }
}

/** Milliseconds that the timeline shows. */
function endOf({ lines }: Growth): number {
  return Math.max(1, ...Object.values(lines).map((line) => line?.entries.at(-1)?.x ?? 0))
}

/** Each lane is higher than its points, by the height of its name. */
function gridsIn(height: number) {
  const room = Math.max(0, height - TOP - BOTTOM - GAP * (LANES.length - 1))
  let top = TOP
  return LANES.map(({ part }) => {
    const grid = { left: LEFT, right: RIGHT, top, height: room * part, outerBoundsMode: 'none' as const }
    top += grid.height + GAP
    return grid
  })
}

/** The levels whose names there is room for: the last ones are the largest. */
function namesOf(levels: readonly LevelChange[], pixelsPerMs: number): ReadonlySet<LevelChange> {
  const named = new Set<LevelChange>()
  let taken = Infinity
  for (const change of levels.toReversed()) {
    const place = change.at * pixelsPerMs
    if (place > taken) continue
    named.add(change)
    taken = place - NAME_WIDTH
  }
  return named
}
