// Bytes of an entry.
import type { BarChart } from '../draw/bars.js'
import { spelled } from '../figures.js'
import type { Report } from '../report.js'
import { keysName, rankedRivals, resultsOf } from '../selection.js'
import { bytesBar, describeBars, howMeasured, panelOf, rowsOf } from './panels.js'

export function memory(report: Report): BarChart | undefined {
  const results = resultsOf(report, 'memory').toSorted((a, b) => {
    return (a.variant.keys ?? '').localeCompare(b.variant.keys ?? '') || (a.variant.size ?? 0) - (b.variant.size ?? 0)
  })
  const rivals = rankedRivals(results, ({ bytesPerEntry }) => bytesPerEntry?.median)
  if (rivals.length === 0) return undefined
  const rows = rowsOf(rivals)
  const panels = results.map((result) => {
    const { keys = '', size = 0 } = result.variant
    const title = `${spelled(size)}, ${keys === 'number' ? 'numbers' : keysName(keys)}`
    return panelOf(result, rivals, title, 'bytes per entry', bytesBar)
  })
  return {
    kind: 'bars',
    title: 'Memory of an entry',
    subtitle: `shorter is better; what the process grows by, over the number of entries; ${howMeasured(results)}`,
    description: describeBars({ rows, panels }),
    rows,
    panels,
    scale: 'linear',
  }
}
