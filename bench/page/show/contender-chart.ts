// A chart with a line for each contender: of throughput, or of latency.
import {
  CategoryScale, Chart, LinearScale, LineController, LineElement, LogarithmicScale, PointElement, Tooltip,
  type ChartDataset, type TooltipItem,
} from 'chart.js'
import { CONTENDERS, NAMES, type Contender } from '../run/protocol.js'
import type { Point } from '../run/growth-results.js'
import { readTheme } from './theme.js'

Chart.register(
  CategoryScale, LinearScale, LineController, LineElement, LogarithmicScale, PointElement, Tooltip,
)

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
const DASHES: Record<Contender, number[]> = { shared: [], message: [2, 3], own: [7, 4] }

export class ContenderChart {
  readonly #canvas: HTMLCanvasElement
  readonly #form: ChartForm
  readonly #chart: Chart<'line', Point[]>

  constructor(canvas: HTMLCanvasElement, form: ChartForm) {
    this.#canvas = canvas
    this.#form = form
    this.#chart = new Chart<'line', Point[]>(canvas, {
      type: 'line',
      data: { datasets: CONTENDERS.map(toDataset) },
      options: {
        animation: false, // it would take time from the Map on the main thread
        maintainAspectRatio: false,
        interaction: { mode: 'index', intersect: false },
        plugins: {
          tooltip: {
            callbacks: {
              title: ([item]) => (item ? this.#nameOf(item.parsed.x ?? 0) : ''),
              label: (item) => describePoint(item, form),
            },
          },
        },
      },
    })
    this.applyTheme()
  }

  show(lines: Lines): void {
    for (const [place, contender] of CONTENDERS.entries()) this.#chart.data.datasets[place]!.data = lines[contender]
    this.#chart.update()
    this.#canvas.setAttribute('aria-label', this.#inWords(lines))
  }

  set logarithmic(logarithmic: boolean) {
    this.#form.logarithmic = logarithmic
    this.applyTheme()
  }

  applyTheme(): void {
    const theme = readTheme()
    const { places, format, logarithmic } = this.#form
    for (const [place, contender] of CONTENDERS.entries()) {
      const color = theme.contenders[contender]
      Object.assign(this.#chart.data.datasets[place]!, { backgroundColor: color, borderColor: color })
    }
    const ticks = { color: theme.muted, font: theme.font }
    this.#chart.options.scales = {
      x: {
        type: 'linear',
        ...(places ? { min: 0, max: places.length - 1 } : { min: 0 }),
        ticks: {
          ...ticks, maxRotation: 0,
          ...(places ? { stepSize: 1, autoSkip: false } : { maxTicksLimit: 8 }),
          callback: (value) => this.#nameOf(Number(value)),
        },
        grid: { display: false },
        border: { color: theme.line },
      },
      y: {
        type: logarithmic ? 'logarithmic' : 'linear',
        beginAtZero: true,
        ticks: { ...ticks, maxTicksLimit: 6, callback: (value) => format(Number(value)) },
        grid: { color: theme.line },
        border: { display: false },
      },
    }
    this.#chart.update()
  }

  #nameOf(x: number): string {
    return this.#form.places ? this.#form.places[x] ?? '' : `${Number(x.toFixed(1))} s`
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

function toDataset(contender: Contender): ChartDataset<'line', Point[]> {
  return {
    label: NAMES[contender],
    data: [],
    borderWidth: contender === 'shared' ? 3 : 2,
    borderDash: DASHES[contender],
    borderJoinStyle: 'round',
    pointRadius: 2,
    pointHoverRadius: 4,
    clip: 6, // the points at the edges are whole
  }
}

function describePoint({ dataset, parsed }: TooltipItem<'line'>, { format }: ChartForm): string {
  return `${dataset.label}: ${format(parsed.y ?? 0)}`
}
