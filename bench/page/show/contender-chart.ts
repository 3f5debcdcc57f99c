// A chart with a line for each contender: of throughput, or of latency.
import type { EChartsOption } from 'echarts'
import type { Point } from '../run/growth-results.js'
import { CONTENDERS, NAMES, type Contender } from '../run/protocol.js'
import { BOTTOM, Chart, LEFT, RIGHT, axisOf, gradedAxisOf, tooltipOf } from './chart.js'
import type { Theme } from './theme.js'

export type Lines = Record<Contender, Point[]>

export interface ChartForm {
  /** What it shows, for those who do not see it. */
  title: string
  /** Names of the places 0, 1, 2 ...; without, the x axis is time in seconds. */
  places?: string[]
  format(value: number): string
  logarithmic: boolean
}

/** Lines are told apart by more than their colours. */
const DASHES: Record<Contender, 'solid' | number[]> = { shared: 'solid', message: [2, 3], own: [7, 4] }

const NO_LINES: Lines = { shared: [], message: [], own: [] }

export class ContenderChart {
  readonly #form: ChartForm
  readonly #chart: Chart
  #lines = NO_LINES

  constructor(element: HTMLElement, form: ChartForm) {
    this.#form = form
    this.#chart = new Chart(element, (theme) => this.#option(theme))
  }

  show(lines: Lines): void {
    this.#lines = lines
    const isEmpty = CONTENDERS.every((contender) => lines[contender].length === 0)
    this.#chart.show(isEmpty, this.#inWords(lines))
  }

  set logarithmic(logarithmic: boolean) {
    this.#form.logarithmic = logarithmic
    this.applyTheme()
  }

  applyTheme(): void {
    this.#chart.draw()
  }

  #option(theme: Theme): EChartsOption {
    const { places, format, logarithmic } = this.#form
    const graded = { splitNumber: 5, ...gradedAxisOf(theme, format) }
    return {
      grid: { left: LEFT, right: RIGHT, top: 10, bottom: BOTTOM, outerBoundsMode: 'none' },
      tooltip: { ...tooltipOf(theme), trigger: 'axis', formatter: (points) => this.#tell(points) },
      xAxis: {
        type: 'value',
        min: 0,
        max: places ? places.length - 1 : 'dataMax',
        ...(places ? { interval: 1 } : { splitNumber: 7 }),
        ...axisOf(theme, (x) => this.#nameOf(x)),
      },
      yAxis: logarithmic ? { type: 'log', ...graded } : { type: 'value', min: 0, ...graded },
      series: CONTENDERS.map((contender) => ({
        type: 'line',
        name: NAMES[contender],
        // A logarithm has no place for 0.
        data: this.#lines[contender].map(({ x, y }) => (logarithmic && y <= 0 ? [x, null] : [x, y])),
        color: theme.contenders[contender],
        lineStyle: { width: contender === 'shared' ? 3 : 2, type: DASHES[contender], join: 'round' },
        symbol: 'circle',
        symbolSize: 4,
        clip: false, // the points at the edges are whole
      })),
    }
  }

  #nameOf(x: number): string {
    return this.#form.places ? (this.#form.places[x] ?? '') : `${Number(x.toFixed(1))} s`
  }

  #tell(points: unknown): string {
    const all = points as { seriesName: string; value: [number, number | null] }[]
    const lines = all.map(({ seriesName, value }) => `${seriesName}: ${this.#form.format(value[1] ?? 0)}`)
    return [this.#nameOf(all[0]?.value[0] ?? 0), ...lines].join('<br>')
  }

  #inWords(lines: Lines): string {
    const { title, format } = this.#form
    const last = CONTENDERS.flatMap((contender) => {
      const point = lines[contender].at(-1)
      return point ? [`${NAMES[contender]}, ${this.#nameOf(point.x)}: ${format(point.y)}`] : []
    })
    return `${title}. ${last.join('; ') || 'No figures yet'}`
  }
}
