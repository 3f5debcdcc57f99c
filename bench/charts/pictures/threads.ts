// What a second thread brings.
import type { BarChart } from '../draw/bars.js'
import { times } from '../figures.js'
import type { Report, Result } from '../report.js'
import { familyOf } from '../rivals.js'
import { contenderOf, describeVariant, narrowed, rankedRivals, resultsOf, timeOf, valuesOf } from '../selection.js'
import { describeBars, howMeasured, panelOf, rateBar, rowsOf } from './panels.js'

/** Those that may have been run with one thread as well, the first that was. */
const WORKLOADS = ['seed-ratio', 'read-heavy', 'ycsb', 'seed-store', 'exchange', 'rapid-grow', 'hot', 'seed-state']

export function threads(report: Report): BarChart | undefined {
  const results = WORKLOADS.map((name) => narrowed(resultsOf(report, name), 'threads')).find(
    (found) => valuesOf(found, 'threads').length > 1,
  )
  if (!results) return undefined
  const rivals = rankedRivals(results.slice(-1)).filter((rival) => familyOf(rival) !== 'map')
  const gains = rivals.map((rival) => gainOf(rival, results[0]!, results.at(-1)!))
  const rows = rowsOf(rivals)
  const { workload, variant } = results[0]!
  const panels = [
    ...results.map((result) => {
      const count = result.variant.threads!
      return panelOf(result, rivals, `${count} ${count === 1 ? 'thread' : 'threads'}`, 'million operations/s', rateBar)
    }),
    { title: 'gain', axisTitle: 'times as many', bars: gains, reference: { value: 1, label: '' } },
  ]
  return {
    kind: 'bars',
    title: `${results.at(-1)!.variant.threads} threads beside one`,
    subtitle: `${workload}, ${describeVariant(variant, 'threads')}; longer is better; ${howMeasured(results)}`,
    description: describeBars({ rows, panels }),
    rows,
    panels,
    scale: 'linear',
  }
}

/** Of the medians: the two variants are not run in the same rounds. */
function gainOf(rival: string, one: Result, many: Result) {
  const [before, after] = [one, many].map((result) => {
    const contender = contenderOf(result, rival)
    return contender && timeOf(contender)
  })
  if (!before || !after) return undefined
  const gain = before / after
  return { median: gain, min: gain, max: gain, label: times(gain) }
}
