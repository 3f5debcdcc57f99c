// One chart: throughput per number of workers. Bars for those who share; a line, to compare with, for the Map that is
// not shared and serves one thread.
import {
  BarController, BarElement, CategoryScale, Chart, LinearScale, LineController, LineElement, LogarithmicScale,
  PointElement, Tooltip, type ChartDataset, type TooltipItem,
} from 'chart.js'
import { SHORT_NAMES, type Contender, type Phase } from './protocol.js'
import { formatRate, type Results } from './results.js'

Chart.register(
  BarController, BarElement, CategoryScale, LinearScale, LineController, LineElement, LogarithmicScale, PointElement,
  Tooltip,
)

type Kind = 'bar' | 'line'
type Rates = (number | null)[]

const ORDER = Object.keys(SHORT_NAMES) as Contender[]

export class RateChart {
  #canvas: HTMLCanvasElement
  #phase: Phase
  #chart: Chart<Kind, Rates>

  constructor(canvas: HTMLCanvasElement, phase: Phase) {
    this.#canvas = canvas
    this.#phase = phase
    this.#chart = new Chart<Kind, Rates>(canvas, {
      type: 'bar',
      data: { labels: [], datasets: ORDER.map(toDataset) },
      options: {
        animation: false, // it would take time from the Map on the main thread
        maintainAspectRatio: false,
        interaction: { mode: 'index', intersect: false },
        plugins: { tooltip: { callbacks: { label: describePoint } } },
      },
    })
  }

  show(results: Results, counts: number[]): void {
    const { data } = this.#chart
    data.labels = counts.map((count) => `${count} ${count === 1 ? 'worker' : 'workers'}`)
    for (const [place, contender] of ORDER.entries()) {
      data.datasets[place]!.data = counts.map(
        (count) => results.get(contender, this.#phase, contender === 'own' ? 1 : count)?.median ?? null,
      )
    }
    this.#chart.update()
    this.#canvas.setAttribute('aria-label', this.#inWords())
  }

  /** Takes the colours from the style sheet, where the light and the dark ones are. */
  applyTheme(logarithmic: boolean): void {
    const style = getComputedStyle(document.documentElement)
    const color = (name: string): string => style.getPropertyValue(name).trim()
    for (const [place, contender] of ORDER.entries()) {
      const own = color(`--${contender}`)
      Object.assign(this.#chart.data.datasets[place]!, { backgroundColor: own, borderColor: own })
    }
    const ticks = { color: color('--muted'), font: { family: style.fontFamily } }
    this.#chart.options.scales = {
      x: { ticks, grid: { display: false }, border: { color: color('--line') } },
      y: {
        type: logarithmic ? 'logarithmic' : 'linear',
        beginAtZero: true,
        ticks: { ...ticks, maxTicksLimit: 7, callback: (rate) => formatRate(Number(rate)) },
        grid: { color: color('--line') },
        border: { display: false },
      },
    }
    this.#chart.update()
  }

  #inWords(): string {
    const { labels, datasets } = this.#chart.data
    const points = datasets.flatMap(({ label, data }) =>
      data.flatMap((rate, place) => (rate === null ? [] : `${label}, ${labels?.[place]}: ${formatRate(rate)}`)),
    )
    return `Chart of operations per second to ${this.#phase}. ${points.join('; ') || 'No figures yet'}`
  }
}

function toDataset(contender: Contender): ChartDataset<Kind, Rates> {
  const common = { label: SHORT_NAMES[contender], data: [], borderWidth: 0 }
  if (contender === 'own') return { ...common, type: 'line', order: -1, borderWidth: 2, borderDash: [6, 4], pointRadius: 3 }
  return {
    ...common,
    type: 'bar',
    borderRadius: 4,
    maxBarThickness: 44,
    minBarLength: 2, // what is slow is still to be seen
  }
}

function describePoint({ dataset, parsed }: TooltipItem<Kind>): string {
  return `${dataset.label}: ${formatRate(parsed.y ?? 0)} per second`
}
