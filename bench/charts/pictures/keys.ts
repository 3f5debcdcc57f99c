// tophash against the Map of one thread, and what changes it: the kind and the number of keys, threads, reads.
import type { Bar, BarChart } from '../draw/bars.js'
import { digits } from '../figures.js'
import type { Report, Result, Variant } from '../report.js'
import { MAP } from '../rivals.js'
import { compare, contenderOf, describeVariant, differences, resultsOf } from '../selection.js'
import { describeBars, howMeasured } from './panels.js'

/** The workload that is run with most kinds of keys. */
const WORKLOAD = 'seed-ratio'

export function keys(report: Report): BarChart | undefined {
  const results = resultsOf(report, WORKLOAD).filter((result) => contenderOf(result, MAP)?.ratio)
  if (results.length < 2) return undefined
  const usual = results[0]!.variant
  const inOrder = results.toSorted((a, b) => compareVariants(usual, a.variant, b.variant))
  const rows = inOrder.map((result) => ({ name: nameOf(usual, result.variant), family: 'tophash' as const }))
  const panels = [
    {
      title: '',
      axisTitle: 'times as fast as Map on one thread',
      bars: inOrder.map(ratioBar),
      reference: { value: 1, label: '' },
    },
  ]
  return {
    kind: 'bars',
    title: 'tophash beside the built-in Map, and what changes it',
    subtitle:
      `the usual one: ${describeVariant(usual)}; the others differ in what they are called; ` +
      `right of the line tophash is faster, left of it Map; ${howMeasured(results)}`,
    description: describeBars({ rows, panels }),
    rows,
    panels,
    scale: 'ratio',
  }
}

/** What a variant has that the usual one has not. */
function nameOf(usual: Variant, variant: Variant): string {
  const changed = differences(usual, variant)
  if (changed.length === 0) return 'the usual one'
  return describeVariant(Object.fromEntries(changed.map((field) => [field, variant[field]])))
}

/** The usual one first; then by what is changed, in the order of the fields, and by its value. */
function compareVariants(usual: Variant, a: Variant, b: Variant): number {
  const fields = Object.keys(usual)
  const [first, second] = [a, b].map((variant) => differences(usual, variant)[0])
  if (first !== second || first === undefined) return fields.indexOf(first ?? '') - fields.indexOf(second ?? '')
  return compare(a[first], b[first])
}

function ratioBar(result: Result): Bar | undefined {
  const ratio = contenderOf(result, MAP)?.ratio
  return ratio && { ...ratio, label: digits(ratio.median) }
}
