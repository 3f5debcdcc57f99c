// The timeline of growth: entries, evacuation and the longest inserts, one above the other on the same time.
import {
  Chart, LinearScale, LineController, LineElement, LogarithmicScale, PointElement, ScatterController, Tooltip,
  type Plugin,
} from 'chart.js'
import type { Growth, LevelChange } from '../run/growth-results.js'
import { NAMES } from '../run/protocol.js'
import { formatCompact, formatMilliseconds } from './format.js'
import { inWords, toDatasets, toLabel, type Datum, type Kind } from './growth-datasets.js'
import { readTheme } from './theme.js'

Chart.register(LinearScale, LineController, LineElement, LogarithmicScale, PointElement, ScatterController, Tooltip)

/** Between the names of two levels, in pixels: where there is less room the name is left out. */
const NAME_WIDTH = 34

export class GrowthChart {
  readonly #canvas: HTMLCanvasElement
  readonly #chart: Chart<Kind, Datum[]>
  #levels: LevelChange[] = []
  #theme = readTheme()

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas
    const levelLines: Plugin<Kind> = { id: 'levels', beforeDatasetsDraw: (chart) => this.#drawLevels(chart as Chart) }
    this.#chart = new Chart<Kind, Datum[]>(canvas, {
      type: 'line',
      data: { datasets: [] },
      plugins: [levelLines],
      options: {
        animation: false,
        maintainAspectRatio: false,
        interaction: { mode: 'nearest', intersect: false },
        plugins: {
          tooltip: { callbacks: { title: ([item]) => `after ${formatMilliseconds(item?.parsed.x ?? 0)}`, label: toLabel } },
        },
      },
    })
    this.applyTheme()
  }

  show(growth: Growth): void {
    this.#levels = growth.levels
    this.#chart.data.datasets = toDatasets(growth, this.#theme)
    this.#chart.update()
    this.#canvas.setAttribute('aria-label', inWords(growth))
  }

  applyTheme(): void {
    const theme = (this.#theme = readTheme())
    const ticks = { color: theme.muted, font: theme.font }
    const lane = (text: string, stackWeight: number): object => ({
      axis: 'y', position: 'left', stack: 'lanes', stackWeight, offset: true, grid: { color: theme.line }, border: { display: false },
      title: { display: true, text, color: theme.muted, font: theme.font },
    })
    this.#chart.options.scales = {
      x: {
        type: 'linear', min: 0, grid: { display: false }, border: { color: theme.line },
        ticks: { ...ticks, maxTicksLimit: 6, maxRotation: 0, callback: (time) => formatMilliseconds(Number(time)) },
      },
      pauses: {
        ...lane('longest inserts', 3), type: 'logarithmic',
        ticks: { ...ticks, maxTicksLimit: 4, callback: (time) => formatMilliseconds(Number(time)) },
      },
      evacuation: {
        ...lane('evacuated', 2), type: 'linear', min: 0, max: 100,
        ticks: { ...ticks, stepSize: 50, callback: (percent) => `${percent} %` },
      },
      entries: {
        ...lane('entries', 4), type: 'linear', min: 0,
        ticks: { ...ticks, maxTicksLimit: 5, callback: (count) => formatCompact(Number(count)) },
      },
    }
    for (const dataset of this.#chart.data.datasets) {
      const color = theme.contenders[dataset.label === NAMES.own ? 'own' : 'shared']
      Object.assign(dataset, { borderColor: color, backgroundColor: color })
    }
    this.#chart.update()
  }

  /** A line where the level rose, through all lanes, with the number of buckets from there on. */
  #drawLevels({ ctx, chartArea, scales }: Chart): void {
    ctx.save()
    ctx.strokeStyle = ctx.fillStyle = this.#theme.muted
    ctx.font = `11px ${this.#theme.font.family}`
    ctx.textAlign = 'right'
    ctx.lineWidth = 1
    ctx.setLineDash([2, 3])
    let taken = Infinity
    for (const { at, level } of this.#levels.toReversed()) { // the last ones are the largest
      const place = Math.round(scales['x']!.getPixelForValue(at)) + 0.5
      ctx.beginPath()
      ctx.moveTo(place, chartArea.top)
      ctx.lineTo(place, chartArea.bottom)
      ctx.stroke()
      if (place > taken) continue
      ctx.fillText(`2^${level}`, place - 3, chartArea.top + 9)
      taken = place - NAME_WIDTH
    }
    ctx.restore()
  }
}
