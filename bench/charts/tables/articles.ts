// The headline figures of the articles beside ours.
import { grouped, duration, rate, seconds, times } from '../figures.js'
import { PUBLISHED_OVER_LOCKED, PUBLISHED_STORE, STORE_KEYS } from '../published.js'
import type { Contender, Report, Result } from '../report.js'
import { LOCKED_MAP, nameOf } from '../rivals.js'
import { contenderOf, describeVariant, groupsOf, rankedRivals, resultsOf, timeOf } from '../selection.js'
import { NOT_MEASURED, NOTHING, table } from './table.js'

/** Article 1: seconds for a million new keys. */
export function storeTable(report: Report): string {
  const results = resultsOf(report, 'seed-store')
  if (results.length === 0) return NOT_MEASURED
  return variantsOf(results, (result) => {
    const rows = rankedRivals([result]).map((rival) => {
      const contender = contenderOf(result, rival)!
      const { median, min, max } = contender.nanoseconds!
      const taken = [median, min, max].map((value) => seconds((value * STORE_KEYS) / 1e9))
      return [nameOf(rival), taken[0]!, `${taken[1]} to ${taken[2]}`, limitNote(contender)]
    })
    const published = PUBLISHED_STORE.map(({ name, taken }) => {
      return [`_${name}, as published_`, `_${seconds(taken)}_`, NOTHING, 'Go 1.22, another machine']
    })
    return table(['', 'median', 'fastest to slowest', 'note '], [...rows, ...published])
  })
}

/** Article 3: throughput and p99 at each share of reads. */
export function readsTable(report: Report): string {
  const results = resultsOf(report, 'seed-ratio')
  if (results.length === 0) return NOT_MEASURED
  const groups = groupsOf(results, ({ variant }) => describeVariant(variant, 'reads'))
  return groups.map(([name, group]) => {
    const sorted = group.toSorted((a, b) => (a.variant.reads ?? 0) - (b.variant.reads ?? 0))
    const rows = rankedRivals(sorted).map((rival) => [nameOf(rival), ...sorted.map((result) => rateAndP99(contenderOf(result, rival)))])
    const head = sorted.map(({ variant }) => `${variant.reads} % reads`)
    return `${sentence(name)}: operations a second, and p99 of one operation.\n\n${table(['', ...head], rows)}`
  }).join('\n\n')
}

function rateAndP99(contender: Contender | undefined): string {
  if (!contender?.nanoseconds) return NOTHING
  const p99 = contender.latency ? `, ${duration(contender.latency.p99)}` : ''
  return `${rate(1e9 / contender.nanoseconds.median)}/s${p99}`
}

/** Article 4: ten million keys. A column for each part of the work. */
export function tenMillionTable(report: Report): string {
  const results = resultsOf(report, 'seed-10m')
  if (results.length === 0) return NOT_MEASURED
  const groups = groupsOf(results, ({ variant }) => describeVariant(variant, 'case', 'reads'))
  return groups.map(([name, group]) => {
    const rows = rankedRivals(group).map((rival) => [nameOf(rival), ...group.map((result) => wholeTime(result, rival))])
    const head = group.map(({ variant, title }) => variant.case ?? title)
    return `${sentence(name)}: time for all, and of one operation.\n\n${table(['', ...head], rows)}`
  }).join('\n\n')
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
  const results = resultsOf(report, 'seed-state').filter((result) => contenderOf(result, LOCKED_MAP)?.nanoseconds)
  if (results.length === 0) return NOT_MEASURED
  return variantsOf(results, (result) => {
    const locked = timeOf(contenderOf(result, LOCKED_MAP)!)!
    const rows = rankedRivals([result]).map((rival) => {
      const time = timeOf(contenderOf(result, rival)!)!
      return [nameOf(rival), `${rate(1e9 / time)}/s`, times(locked / time)]
    })
    const published = ['_concurrent map, as published_', NOTHING, `_${times(PUBLISHED_OVER_LOCKED)}_`]
    return table(['', 'operations', `over ${nameOf(LOCKED_MAP)}`], [...rows, published])
  })
}

/** A table for each variant, with its name above it where there are several. */
function variantsOf(results: Result[], tableOf: (result: Result) => string): string {
  return results.map((result) => {
    const name = describeVariant(result.variant)
    return name === '' ? tableOf(result) : `${sentence(name)}:\n\n${tableOf(result)}`
  }).join('\n\n')
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function limitNote({ limited, operations }: Contender): string {
  return limited && operations !== undefined ? `stopped after ${grouped(operations)}, scaled up` : ''
}
