// The rates measured so far, and what is said of them: medians with their spread.
import type { Contender, Phase } from './protocol.js'

export interface Summary {
  /** Operations per second, of all workers together. */
  median: number
  least: number
  most: number
}

export class Results {
  #rates = new Map<string, number[]>()

  add(contender: Contender, phase: Phase, workers: number, rate: number): void {
    const name = cell(contender, phase, workers)
    const rates = this.#rates.get(name) ?? []
    rates.push(rate)
    this.#rates.set(name, rates)
  }

  get(contender: Contender, phase: Phase, workers: number): Summary | undefined {
    const rates = this.#rates.get(cell(contender, phase, workers))
    if (!rates) return undefined
    const sorted = [...rates].sort((a, b) => a - b)
    const middle = sorted.length / 2
    const median = (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle) - 1]!) / 2
    return { median, least: sorted[0]!, most: sorted[sorted.length - 1]! }
  }

  /** How many times the postMessage rate the SharedMap reaches. */
  ratio(phase: Phase, workers: number): number | undefined {
    const shared = this.get('shared', phase, workers)
    const message = this.get('message', phase, workers)
    return shared && message && shared.median / message.median
  }
}

const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 })
const TIMES = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 })

export function formatRate(rate: number): string {
  return COMPACT.format(rate)
}

export function formatRatio(ratio: number): string {
  return `${TIMES.format(ratio)}×`
}

function cell(contender: Contender, phase: Phase, workers: number): string {
  return `${contender} ${phase} ${workers}`
}
