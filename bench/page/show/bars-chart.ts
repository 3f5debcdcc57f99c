// A small bar chart of counts, as the inspector shows them.
import { BOTTOM, Chart, LEFT, RIGHT, axisOf, gradedAxisOf, tooltipOf } from './chart.js'
import { formatCompact, formatWhole } from './format.js'

export interface BarsForm {
  /** What is counted, for those who do not see it. */
  title: string
  /** What a bar stands for. */
  nameOf(place: number): string
  /** Colours of the bars; without, all have that of the SharedMap. */
  colors?(): string[]
}

/** Of names and figures. */
const FONT_SIZE = 11

export class BarsChart {
  readonly #form: BarsForm
  readonly #chart: Chart
  #counts: number[] = []

  constructor(element: HTMLElement, form: BarsForm) {
    this.#form = form
    this.#chart = new Chart(element, (theme) => ({
      grid: { left: LEFT, right: RIGHT, top: 8, bottom: BOTTOM, outerBoundsMode: 'none' },
      tooltip: { ...tooltipOf(theme), trigger: 'axis', formatter: (bars) => this.#tell(bars) },
      xAxis: {
        type: 'category',
        data: this.#counts.map((_, place) => form.nameOf(place)),
        ...axisOf(theme, (place) => String(place), FONT_SIZE),
      },
      yAxis: { type: 'value', min: 0, minInterval: 1, splitNumber: 3, ...gradedAxisOf(theme, formatCompact, FONT_SIZE) },
      series: [{ type: 'bar', barCategoryGap: '10%', data: this.#bars(theme.contenders.shared) }],
    }))
  }

  /** `inWords` is what the bars say, in a sentence. */
  show(counts: number[], inWords: string): void {
    this.#counts = counts
    this.#chart.show(counts.length === 0, `${this.#form.title}. ${inWords}`)
  }

  applyTheme(): void {
    this.#chart.draw()
  }

  #bars(color: string): { value: number; itemStyle: { color: string } }[] {
    const colors = this.#form.colors?.()
    return this.#counts.map((value, place) => ({ value, itemStyle: { color: colors?.[place] ?? color } }))
  }

  #tell(bars: unknown): string {
    const { name, value } = (bars as { name: string; value: number }[])[0]!
    return `${name}<br>${formatWhole(value)}`
  }
}
