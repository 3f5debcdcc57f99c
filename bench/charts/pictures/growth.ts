// What single inserts take while the table grows.
import type { PercentileChart } from '../draw/percentiles.js'
import { duration } from '../figures.js'
import type { Report } from '../report.js'
import { familyOf, nameOf } from '../rivals.js'
import { contenderOf, describeVariant, narrowed, rankedRivals, resultsOf } from '../selection.js'

export const STEPS = ['p50', 'p90', 'p99', 'p99.9', 'max']

export function growth(report: Report): PercentileChart | undefined {
  const result = narrowed(resultsOf(report, 'seed-grow'))[0]
  if (!result) return undefined
  const rows = rankedRivals([result], ({ latency }) => latency?.max).map((rival) => {
    const { p50, p90, p99, p999, max } = contenderOf(result, rival)!.latency!
    return { name: nameOf(rival), family: familyOf(rival), nanoseconds: [p50, p90, p99, p999, max] }
  })
  if (rows.length === 0) return undefined
  return {
    kind: 'percentiles',
    title: 'How long one insert takes while the table grows',
    subtitle: `${describeVariant(result.variant)}; further left is better; sorted by the longest; the scale is logarithmic`,
    description: rows
      .map(({ name, nanoseconds }) => {
        return `${name}: ${nanoseconds.map((value, step) => `${STEPS[step]} ${duration(value)}`).join(', ')}.`
      })
      .join(' '),
    axisTitle: 'duration of one insert',
    steps: STEPS,
    rows,
  }
}
