// What all charts of the page have in common: echarts, of which only what they need is bundled, in an element that may change its size.
import { BarChart, LineChart, ScatterChart } from 'echarts/charts'
import { GridComponent, MarkLineComponent, TitleComponent, TooltipComponent } from 'echarts/components'
import { type ECharts, init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import type { EChartsOption } from 'echarts'
import { showEmpty } from './elements.js'
import { readTheme, type Theme } from './theme.js'

use([BarChart, LineChart, ScatterChart, GridComponent, MarkLineComponent, TitleComponent, TooltipComponent, CanvasRenderer])

/** Room for an axis: its labels beside it, or below. */
export const LEFT = 52
export const BOTTOM = 24
export const RIGHT = 14

/** The size of a chart, in pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}

export class Chart {
  readonly #element: HTMLElement
  readonly #chart: ECharts
  readonly #optionOf: (theme: Theme, size: Size) => EChartsOption

  /** @param optionOf what it shows now, in these colours */
  constructor(element: HTMLElement, optionOf: (theme: Theme, size: Size) => EChartsOption) {
    this.#element = element
    this.#optionOf = optionOf
    this.#chart = init(element, null, { renderer: 'canvas' })
    let isFirst = true
    new ResizeObserver(() => {
      if (isFirst) isFirst = false
      else this.draw()
    }).observe(element)
    this.draw()
  }

  /** `inWords` is what it shows, in a sentence. */
  show(isEmpty: boolean, inWords: string): void {
    showEmpty(this.#element, isEmpty)
    this.draw()
    this.#element.setAttribute('aria-label', inWords)
  }

  draw(): void {
    this.#chart.resize()
    const size = { width: this.#chart.getWidth(), height: this.#chart.getHeight() }
    const theme = readTheme()
    const option = this.#optionOf(theme, size)
    // Animation would take time from the Map on the main thread.
    this.#chart.setOption({ animation: false, textStyle: { fontFamily: theme.font.family }, ...option }, { notMerge: true })
  }
}

/** An axis, without the lines and ticks that need not be there. */
export function axisOf(theme: Theme, labels: (value: number) => string, fontSize = theme.font.size) {
  return {
    axisLabel: { color: theme.muted, fontSize, hideOverlap: true, formatter: onceEach(labels) },
    axisTick: { show: false },
    axisLine: { show: true, onZero: false, lineStyle: { color: theme.line } },
    splitLine: { show: false },
  }
}

/** A y axis: with lines across the chart, and none along it. */
export function gradedAxisOf(theme: Theme, labels: (value: number) => string, fontSize = theme.font.size) {
  const axis = axisOf(theme, labels, fontSize)
  return { ...axis, axisLine: { show: false }, splitLine: { show: true, lineStyle: { color: theme.line } } }
}

/** What points at figures looks like the page. */
export function tooltipOf(theme: Theme) {
  return {
    backgroundColor: theme.card,
    borderColor: theme.line,
    textStyle: { color: theme.text, fontSize: theme.font.size },
    confine: true,
    transitionDuration: 0,
  }
}

/** For the labels of an axis, which come in order: what reads as the one before it is left out. */
function onceEach(format: (value: number) => string): (value: number | string, index: number) => string {
  let before = ''
  return (value, index) => {
    const label = format(Number(value))
    const isAgain = index > 0 && label === before
    before = label
    return isAgain ? '' : label
  }
}
