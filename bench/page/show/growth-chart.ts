// The timeline of growth: entries, evacuation and the longest inserts, one above the other on the same time.
import {
  Chart, LinearScale, LineController, LineElement, LogarithmicScale, PointElement, ScatterController, Tooltip,
  type ChartOptions, type Plugin,
} from 'chart.js'
import type { Growth, LevelChange } from '../run/growth-results.js'
import { NAMES } from '../run/protocol.js'
import { formatCompact, formatMilliseconds } from './format.js'
import { inWords, toDatasets, toLabel, type Datum, type Kind } from './growth-datasets.js'
import { readTheme, type Theme } from './theme.js'

Chart.register(LinearScale, LineController, LineElement, LogarithmicScale, PointElement, ScatterController, Tooltip)

/** Between the names of two levels, in pixels: where there is less room the name is left out. */
const NAME_WIDTH = 34

/** The names of the y axes, from below, and what they show. */
const LANES = { pauses: 'longest inserts', evacuation: 'evacuated', entries: 'entries' }

export class GrowthChart {
  readonly #canvas: HTMLCanvasElement
  readonly #chart: Chart<Kind, Datum[]>
  #levels: LevelChange[] = []
  #theme = readTheme()

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas
    const drawing: Plugin<Kind> = {
      id: 'timeline',
      beforeDatasetsDraw: (chart) => {
        this.#drawLevels(chart as Chart)
        this.#drawLaneNames(chart as Chart)
      },
    }
    this.#chart = new Chart<Kind, Datum[]>(canvas, {
      type: 'line',
      data: { datasets: [] },
      plugins: [drawing],
      options: {
        animation: false,
        layout: { padding: { top: 16 } }, // for the names of the levels
        maintainAspectRatio: false,
        scales: toScales(this.#theme),
        interaction: { mode: 'nearest', intersect: false },
        plugins: {
          tooltip: {
            callbacks: { title: ([item]) => `after ${formatMilliseconds(item?.parsed.x ?? 0)}`, label: toLabel },
          },
        },
      },
    })
  }

  show(growth: Growth): void {
    this.#levels = growth.levels
    this.#chart.data.datasets = toDatasets(growth, this.#theme)
    this.#chart.update()
    this.#canvas.setAttribute('aria-label', inWords(growth))
  }

  applyTheme(): void {
    const theme = (this.#theme = readTheme())
    this.#chart.options.scales = toScales(theme)
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
    ctx.textAlign = 'center'
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
      ctx.fillText(`2^${level}`, place, chartArea.top - 5)
      taken = place - NAME_WIDTH
    }
    ctx.restore()
  }

  /** Inside of the lanes: axes have no room for titles on a phone. */
  #drawLaneNames({ ctx, chartArea, scales }: Chart): void {
    ctx.save()
    ctx.font = `600 12px ${this.#theme.font.family}`
    ctx.textBaseline = 'top'
    for (const [lane, name] of Object.entries(LANES)) {
      const { top } = scales[lane]!
      ctx.fillStyle = this.#theme.card
      ctx.fillRect(chartArea.left + 4, top, ctx.measureText(name).width + 8, 18)
      ctx.fillStyle = this.#theme.muted
      ctx.fillText(name, chartArea.left + 8, top + 3)
    }
    ctx.restore()
  }
}

function toScales(theme: Theme): ChartOptions<Kind>['scales'] & object {
  const ticks = { color: theme.muted, font: theme.font }
  const lane = (stackWeight: number): object => ({
    axis: 'y', position: 'left', stack: 'lanes', stackWeight, offset: true,
    grid: { color: theme.line }, border: { display: false },
  })
  return {
    x: {
      type: 'linear', min: 0, grid: { display: false }, border: { color: theme.line },
      ticks: { ...ticks, maxTicksLimit: 6, maxRotation: 0, callback: (time) => formatMilliseconds(Number(time)) },
    },
    pauses: {
      ...lane(3), type: 'logarithmic',
      ticks: { ...ticks, maxTicksLimit: 4, callback: (time) => formatMilliseconds(Number(time)) },
    },
    evacuation: {
      ...lane(2), type: 'linear', min: 0, max: 100,
      ticks: { ...ticks, stepSize: 50, callback: (percent) => `${percent} %` },
    },
    entries: {
      ...lane(4), type: 'linear', min: 0,
      ticks: { ...ticks, maxTicksLimit: 5, callback: (count) => formatCompact(Number(count)) },
    },
  }
}
