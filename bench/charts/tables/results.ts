// Every figure of the report: for each workload and variant a row for each rival.
import { digits, duration, grouped, rate, times } from '../figures.js'
import type { Contender, Report, Result, Spread } from '../report.js'
import { nameOf, TOPHASH } from '../rivals.js'
import { contenderOf, describeVariant, groupsOf, rankedRivals } from '../selection.js'
import { NOT_MEASURED, NOTHING, table } from './table.js'

export function resultTables({ results }: Report): string {
  if (results.length === 0) return NOT_MEASURED
  const workloads = groupsOf(results, ({ workload }) => workload)
  return workloads.map(([workload, variants]) => {
    const tables = variants.map((result) => `${[describeVariant(result.variant) || 'one variant']}\n\n${resultTable(result)}`)
    return `#### ${workload}\n\n${variants[0]!.title}\n\n${tables.join('\n\n')}`
  }).join('\n\n')
}

function resultTable(result: Result): string {
  return isMemory(result) ? memoryTable(result) : rateTable(result)
}

function isMemory({ contenders }: Result): boolean {
  return contenders.some(({ bytesPerEntry }) => bytesPerEntry)
}

function rateTable(result: Result): string {
  const rows = rankedRivals([result]).map((rival) => {
    const contender = contenderOf(result, rival)!
    const { median, min, max } = contender.nanoseconds!
    return [
      bold(nameOf(rival), rival), `${rate(1e9 / median)}/s`, `${rate(1e9 / max)} to ${rate(1e9 / min)}`,
      duration(median), ratioText(contender), percentiles(contender), notesOf(contender),
    ]
  })
  const unit = result.unit === 'entries' ? 'entries' : 'operations'
  return table(['', unit, 'slowest to fastest round', 'time of one', 'its time / tophash', 'p50, p99, longest', 'note '], rows)
}

function memoryTable(result: Result): string {
  const rows = rankedRivals([result], ({ bytesPerEntry }) => bytesPerEntry?.median).map((rival) => {
    const contender = contenderOf(result, rival)!
    const { median, min, max } = contender.bytesPerEntry!
    return [bold(nameOf(rival), rival), digits(median), `${digits(min)} to ${digits(max)}`, ratioText(contender), notesOf(contender)]
  })
  return table(['', 'bytes per entry', 'least to most', 'its bytes / tophash', 'note '], rows)
}

function bold(name: string, rival: string): string {
  return rival === TOPHASH ? `**${name}**` : name
}

function ratioText({ rival, ratio }: Contender): string {
  return rival === TOPHASH || !ratio ? NOTHING : withSpread(ratio)
}

function withSpread({ median, min, max }: Spread): string {
  return `${times(median)} (${digits(min)} to ${digits(max)})`
}

function percentiles({ latency }: Contender): string {
  return latency ? [latency.p50, latency.p99, latency.max].map(duration).join(', ') : NOTHING
}

function notesOf({ limited, operations, notes = [] }: Contender): string {
  const stopped = limited && operations !== undefined ? [`stopped after ${grouped(operations)}`] : []
  return [...stopped, ...notes].join('; ')
}
