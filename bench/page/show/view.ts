// All that is drawn and written of runs.
import type { Inspection, SharedMap } from 'tophash'
import type { Key } from '../../streams/keys.js'
import type { Environment } from '../export.js'
import { longestPause, type Growth } from '../run/growth-results.js'
import { turnsOf } from '../run/mix.js'
import type { MixResults, Percentiles } from '../run/results.js'
import { describe, describeKeys, type Settings } from '../settings.js'
import { byId } from './elements.js'
import { formatMilliseconds, formatNanoseconds } from './format.js'
import { GrowthChart } from './growth-chart.js'
import { Inspector } from './inspector.js'
import { MixCharts } from './mix-charts.js'
import { showTable, showTiles, toMarkdown } from './mix-tables.js'

export class View {
  /** The figures of the last run. */
  markdown = ''
  readonly #mix = new MixCharts({
    throughput: byId('throughput-chart'),
    percentiles: byId('percentiles-chart'),
    waits: byId('waits-chart'),
  })
  readonly #growth = new GrowthChart(byId('growth-chart'))
  readonly #inspector = new Inspector()
  readonly #machine: string
  #redrawMix = (): void => {}

  constructor({ browser, logicalCores }: Environment) {
    this.#machine = `${browser}, ${logicalCores} logical cores`
    byId('machine').textContent = `${this.#machine}.`
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#applyTheme())
    const logarithmic = byId<HTMLInputElement>('logarithmic')
    logarithmic.addEventListener('change', () => {
      this.#mix.logarithmic = logarithmic.checked
    })
    const percentile = byId<HTMLSelectElement>('percentile')
    percentile.addEventListener('change', () => {
      this.#mix.percentile = percentile.value as keyof Percentiles
      this.#redrawMix()
    })
  }

  get inspection(): Inspection | undefined {
    return this.#inspector.last
  }

  watch(map: SharedMap<Key, number> | undefined): void {
    this.#inspector.watch(map)
  }

  showMix(settings: Settings, results: MixResults): void {
    const { turnMs } = turnsOf(settings)
    this.#redrawMix = () => this.#mix.show(results, turnMs)
    this.#redrawMix()
    this.#inspector.draw()
    showTiles(byId('tiles'), results)
    showTable(byId('figures'), results)
    byId('mix-caption').textContent = `${describe(settings)}.`
    if (results.clockStep === 0) return
    const step = formatNanoseconds(results.clockStep)
    byId('clock').textContent = `here ${step}`
    this.markdown = toMarkdown(results, `${describe(settings)}. ${this.#machine}; the clock's step is ${step}.`)
    for (const id of ['copy', 'json']) byId<HTMLButtonElement>(id).disabled = false
  }

  showGrowth(settings: Settings, growth: Growth): void {
    this.#growth.show(growth)
    this.#inspector.draw()
    const { shared, own } = growth.lines
    byId('growth-caption').textContent =
      shared && own?.milliseconds !== undefined
        ? `Longest insert: ${formatMilliseconds(longestPause(shared))} in the SharedMap, ` +
          `${formatMilliseconds(longestPause(own))} in the Map of one thread. ${describeKeys(settings)}.`
        : `${describeKeys(settings)}.`
    byId<HTMLButtonElement>('trace').disabled = growth.trace === undefined
    if (own?.milliseconds !== undefined) byId<HTMLButtonElement>('json').disabled = false
  }

  #applyTheme(): void {
    this.#mix.applyTheme()
    this.#growth.applyTheme()
    this.#inspector.applyTheme()
  }
}
