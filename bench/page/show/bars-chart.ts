// A small bar chart of counts, as the inspector shows them.
import { BarController, BarElement, CategoryScale, Chart, LinearScale, Tooltip } from 'chart.js'
import { formatCompact, formatWhole } from './format.js'
import { readTheme } from './theme.js'

Chart.register(BarController, BarElement, CategoryScale, LinearScale, Tooltip)

export interface BarsForm {
  /** What is counted, for those who do not see it. */
  title: string
  /** What a bar stands for. */
  nameOf(place: number): string
  /** Colours of the bars; without, all have that of the SharedMap. */
  colors?(): string[]
}

export class BarsChart {
  readonly #canvas: HTMLCanvasElement
  readonly #form: BarsForm
  readonly #chart: Chart<'bar', number[]>

  constructor(canvas: HTMLCanvasElement, form: BarsForm) {
    this.#canvas = canvas
    this.#form = form
    this.#chart = new Chart<'bar', number[]>(canvas, {
      type: 'bar',
      data: { labels: [], datasets: [{ data: [], barPercentage: 1, categoryPercentage: 0.9, minBarLength: 0 }] },
      options: {
        animation: false,
        maintainAspectRatio: false,
        plugins: {
          tooltip: { displayColors: false, callbacks: { label: ({ parsed }) => formatWhole(parsed.y ?? 0) } },
        },
      },
    })
    this.applyTheme()
  }

  /** `inWords` is what the bars say, in a sentence. */
  show(counts: number[], inWords: string): void {
    this.#chart.data.labels = counts.map((_, place) => this.#form.nameOf(place))
    this.#chart.data.datasets[0]!.data = counts
    this.#chart.update()
    this.#canvas.setAttribute('aria-label', `${this.#form.title}. ${inWords}`)
  }

  applyTheme(): void {
    const theme = readTheme()
    const ticks = { color: theme.muted, font: { ...theme.font, size: 11 } }
    this.#chart.data.datasets[0]!.backgroundColor = this.#form.colors?.() ?? theme.contenders.shared
    this.#chart.options.scales = {
      x: {
        ticks: { ...ticks, maxRotation: 0, autoSkipPadding: 12 }, grid: { display: false },
        border: { color: theme.line },
      },
      y: {
        beginAtZero: true, grid: { color: theme.line }, border: { display: false },
        ticks: { ...ticks, maxTicksLimit: 4, precision: 0, callback: (count) => formatCompact(Number(count)) },
      },
    }
    this.#chart.update()
  }
}
