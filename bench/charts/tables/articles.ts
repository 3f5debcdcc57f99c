// The headline figures of the articles beside ours.
import { grouped, duration, rate, seconds, times } from '../figures.js'
import { PUBLISHED_OVER_LOCKED, PUBLISHED_STORE, STORE_KEYS } from '../published.js'
import type { Contender, Report, Result } from '../report.js'
import { LOCKED_MAP, nameOf } from '../rivals.js'
import { contenderOf, narrowed, rankedRivals, resultsOf, timeOf } from '../selection.js'
import { about, NOT_MEASURED, NOTHING, table } from './table.js'

/** Article 1: seconds for a million new keys. */
export function storeTable(report: Report): string {
  const [result] = narrowed(resultsOf(report, 'seed-store'))
  if (!result) return NOT_MEASURED
  const rows = rankedRivals([result]).map((rival) => {
    const contender = contenderOf(result, rival)!
    const { median, min, max } = contender.nanoseconds!
    const taken = [median, min, max].map((value) => seconds((value * STORE_KEYS) / 1e9))
    return [nameOf(rival), taken[0]!, `${taken[1]} to ${taken[2]}`, limitNote(contender)]
  })
  const published = PUBLISHED_STORE.map(({ name, taken }) => {
    return [`_${name}, as published_`, `_${seconds(taken)}_`, NOTHING, 'Go 1.22, another machine']
  })
  return about([result], table(['', 'median', 'fastest to slowest', 'note '], [...rows, ...published]))
}

/** Article 3: throughput and p99 at each share of reads. */
export function readsTable(report: Report): string {
  const results = narrowed(resultsOf(report, 'seed-ratio'), 'reads')
  if (results.length === 0) return NOT_MEASURED
  const rows = rankedRivals(results).map((rival) => {
    return [nameOf(rival), ...results.map((result) => rateAndP99(contenderOf(result, rival)))]
  })
  return about(results, table(['', ...results.map(({ variant }) => `${variant.reads} % reads`)], rows), 'reads')
}

function rateAndP99(contender: Contender | undefined): string {
  if (!contender?.nanoseconds) return NOTHING
  const p99 = contender.latency ? `, ${duration(contender.latency.p99)}` : ''
  return `${rate(1e9 / contender.nanoseconds.median)}/s${p99}`
}

/** Article 4: ten million keys. A column for each part of the work. */
export function tenMillionTable(report: Report): string {
  const results = narrowed(resultsOf(report, 'seed-10m'), 'case')
  if (results.length === 0) return NOT_MEASURED
  const rows = rankedRivals(results).map((rival) => {
    return [nameOf(rival), ...results.map((result) => wholeTime(result, rival))]
  })
  return about(results, table(['', ...results.map(({ variant, title }) => variant.case ?? title)], rows), 'case')
}

/** For as many operations as those that were not limited did. */
function wholeTime(result: Result, rival: string): string {
  const contender = contenderOf(result, rival)
  const time = contender && timeOf(contender)
  if (time === undefined) return NOTHING
  const operations = Math.max(...result.contenders.map(({ operations: done = 0 }) => done))
  return `${seconds((time * operations) / 1e9)}, ${duration(time)}`
}

/** Article 5: how many times as fast as a map behind one lock. */
export function lockedTable(report: Report): string {
  const [result] = narrowed(resultsOf(report, 'seed-state'))
  const locked = result && timeOf(contenderOf(result, LOCKED_MAP) ?? { rival: LOCKED_MAP })
  if (!result || locked === undefined) return NOT_MEASURED
  const rows = rankedRivals([result]).map((rival) => {
    const time = timeOf(contenderOf(result, rival)!)!
    return [nameOf(rival), `${rate(1e9 / time)}/s`, times(locked / time)]
  })
  const published = ['_as published_', NOTHING, `_${times(PUBLISHED_OVER_LOCKED)}_`]
  return about([result], table(['', 'operations', `over ${nameOf(LOCKED_MAP)}`], [...rows, published]))
}

function limitNote({ limited, operations }: Contender): string {
  return limited && operations !== undefined ? `stopped after ${grouped(operations)}, scaled up` : ''
}
