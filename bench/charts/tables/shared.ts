// The small table of the README: the same results as its chart.
import { duration, rate, times } from '../figures.js'
import type { Report } from '../report.js'
import { familyOf, nameOf, TOPHASH } from '../rivals.js'
import { contenderOf, rankedRivals } from '../selection.js'
import { sharedResults } from '../pictures/throughput.js'
import { about, NOT_MEASURED, NOTHING, table } from './table.js'

export function sharedTable(report: Report): string {
  const results = sharedResults(report)
  const rivals = rankedRivals(results).filter((rival) => familyOf(rival) !== 'native')
  if (rivals.length === 0) return NOT_MEASURED
  const rows = rivals.map((rival) => [
    rival === TOPHASH ? `**${nameOf(rival)}**` : nameOf(rival),
    ...results.flatMap((result) => {
      const { nanoseconds, latency, ratio } = contenderOf(result, rival) ?? {}
      return [
        nanoseconds ? `${rate(1e9 / nanoseconds.median)}/s` : NOTHING,
        latency ? duration(latency.p99) : NOTHING,
        rival !== TOPHASH && ratio ? times(ratio.median) : NOTHING,
      ]
    }),
  ])
  const head = results.flatMap(({ variant }) => [`${variant.reads} % reads`, 'p99', 'its time / tophash'])
  return about(results, table(['', ...head], rows), 'reads')
}
