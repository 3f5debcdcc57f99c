// tophash against the Map of one thread, by what the keys are and how many there are.
import type { Bar, BarChart } from '../draw/bars.js'
import { digits, spelled } from '../figures.js'
import type { Report, Result } from '../report.js'
import { MAP } from '../rivals.js'
import { contenderOf, describeVariant, keysName, narrowed, valuesOf } from '../selection.js'
import { describeBars, howMeasured } from './panels.js'

export function keys(report: Report): BarChart | undefined {
  const results = mostVaried(report)
  const kinds = valuesOf(results, 'keys') as string[]
  if (kinds.length < 2) return undefined
  const rows = kinds.map((kind) => ({ name: keysName(kind), family: 'tophash' as const }))
  const panels = valuesOf(results, 'size').map((size) => ({
    title: `${spelled(size as number)} entries`,
    axisTitle: 'times as fast as Map',
    bars: kinds.map((kind) => ratioBar(results.find(({ variant }) => variant.keys === kind && variant.size === size))),
    reference: { value: 1, label: '' },
  }))
  const { workload, variant } = results[0]!
  return {
    kind: 'bars',
    title: `tophash beside the built-in Map on one thread`,
    subtitle: `${[workload, describeVariant(variant, 'keys', 'size')].filter(Boolean).join(', ')}; right of the line tophash is faster, left of it Map; ${howMeasured(results)}`,
    description: describeBars({ rows, panels }),
    rows,
    panels,
    scale: 'ratio',
  }
}

/** The results of the workload that was run with the most kinds and sizes of keys, preferably on one thread. */
function mostVaried({ results }: Report): Result[] {
  const compared = results.filter((result) => contenderOf(result, MAP)?.ratio)
  const alone = compared.filter(({ variant }) => variant.threads === 1)
  const candidates = [alone, compared].flatMap((some) => {
    return [...new Set(some.map(({ workload }) => workload))].map((name) => {
      return narrowed(some.filter(({ workload }) => workload === name), 'size', 'keys')
    })
  })
  return candidates.reduce((best, some) => (varietyOf(some) > varietyOf(best) ? some : best), [])
}

function varietyOf(results: Result[]): number {
  return valuesOf(results, 'keys').length > 1 ? results.length : 0
}

function ratioBar(result: Result | undefined): Bar | undefined {
  const ratio = result && contenderOf(result, MAP)?.ratio
  return ratio && { ...ratio, label: digits(ratio.median) }
}
