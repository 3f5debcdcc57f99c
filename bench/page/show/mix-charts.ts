// The live charts of a run: throughput over time, latency by percentile and over time.
import type { Point } from '../run/growth-results.js'
import { CONTENDERS, type Contender } from '../run/protocol.js'
import { PERCENTILES, type MixResults, type Percentiles } from '../run/results.js'
import { ContenderChart, type Lines } from './contender-chart.js'
import { formatCompact, formatNanoseconds } from './format.js'

/** Short, so that they have room beside each other on a phone. */
const NAMES_OF_PERCENTILES = Object.values(PERCENTILES).map((name) => name.replace(' %', '').replace('longest', 'max'))
const KEYS_OF_PERCENTILES = Object.keys(PERCENTILES) as (keyof Percentiles)[]

export interface Places {
  throughput: HTMLElement
  percentiles: HTMLElement
  waits: HTMLElement
}

export class MixCharts {
  readonly #throughput: ContenderChart
  readonly #percentiles: ContenderChart
  readonly #waits: ContenderChart
  #wanted: keyof Percentiles = 'p99'

  constructor({ throughput, percentiles, waits }: Places) {
    this.#throughput = new ContenderChart(throughput, {
      title: 'Operations per second over time',
      format: formatCompact,
      logarithmic: false,
    })
    this.#percentiles = new ContenderChart(percentiles, {
      title: 'Latency by percentile',
      places: NAMES_OF_PERCENTILES,
      format: formatNanoseconds,
      logarithmic: true,
    })
    this.#waits = new ContenderChart(waits, {
      title: 'Latency over time',
      format: formatNanoseconds,
      logarithmic: true,
    })
  }

  show(results: MixResults, turnMs: number): void {
    const { clockStep } = results
    const overTime = (valueOf: (contender: Contender, turn: number) => number): Lines =>
      linesOf((contender) =>
        results.turns(contender).map((_, turn) => ({ x: ((turn + 1) * turnMs) / 1000, y: valueOf(contender, turn) })),
      )
    this.#throughput.show(overTime((contender, turn) => results.turns(contender)[turn]!.rate))
    this.#waits.show(overTime((contender, turn) => Math.max(results.turns(contender)[turn]!.latency[this.#wanted], clockStep)))
    this.#percentiles.show(
      linesOf((contender) => {
        const latency = results.summary(contender)?.latency
        return latency ? KEYS_OF_PERCENTILES.map((key, x) => ({ x, y: Math.max(latency[key], clockStep) })) : []
      }),
    )
  }

  /** Which percentile of each turn is drawn over time. */
  set percentile(percentile: keyof Percentiles) {
    this.#wanted = percentile
  }

  set logarithmic(logarithmic: boolean) {
    this.#throughput.logarithmic = logarithmic
  }

  applyTheme(): void {
    for (const chart of [this.#throughput, this.#percentiles, this.#waits]) chart.applyTheme()
  }
}

function linesOf(pointsOf: (contender: Contender) => Point[]): Lines {
  return Object.fromEntries(CONTENDERS.map((contender) => [contender, pointsOf(contender)])) as Lines
}
