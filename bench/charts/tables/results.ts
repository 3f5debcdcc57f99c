// Every figure of the report: for each workload and variant a row for each rival.
import { digits, duration, rate, times } from '../figures.js'
import type { Contender, Report, Result, Spread } from '../report.js'
import { nameOf, TOPHASH } from '../rivals.js'
import { contenderOf, rankedRivals, resultsOf } from '../selection.js'
import { about, folded, NOT_MEASURED, NOTHING, table } from './table.js'

export function resultTables(report: Report): string {
  const { results } = report
  if (results.length === 0) return NOT_MEASURED
  return [...new Set(results.map(({ workload }) => workload))]
    .map((workload) => {
      const variants = resultsOf(report, workload)
      return folded(`${workload}: ${variants[0]!.title}`, variants.map(resultTable).join('\n\n'))
    })
    .join('\n\n')
}

function resultTable(result: Result): string {
  const absent = (result.absent ?? []).map(({ rival, reason }) => `${nameOf(rival)}: ${reason}.`)
  return [about([result], isMemory(result) ? memoryTable(result) : rateTable(result)), ...absent].join('\n\n')
}

function isMemory({ contenders }: Result): boolean {
  return contenders.some(({ bytesPerEntry }) => bytesPerEntry)
}

function rateTable(result: Result): string {
  const rows = rankedRivals([result]).map((rival) => {
    const contender = contenderOf(result, rival)!
    const { median, min, max } = contender.nanoseconds!
    return [
      bold(nameOf(rival), rival),
      `${rate(1e9 / median)}/s`,
      `${rate(1e9 / max)} to ${rate(1e9 / min)}`,
      duration(median),
      ratioText(contender),
      percentiles(contender),
      notesOf(contender),
    ]
  })
  const unit = result.unit === 'entries' ? 'entries' : 'operations'
  return table(['', unit, 'slowest to fastest round', 'time of one', 'its time / tophash', 'p50, p99, longest', 'note '], rows)
}

function memoryTable(result: Result): string {
  const rows = rankedRivals([result], ({ bytesPerEntry }) => bytesPerEntry?.median).map((rival) => {
    const contender = contenderOf(result, rival)!
    const { median, min, max } = contender.bytesPerEntry!
    const range = `${digits(min)} to ${digits(max)}`
    return [bold(nameOf(rival), rival), digits(median), range, ratioText(contender), notesOf(contender)]
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

function notesOf({ notes = [], reportedPerEntry }: Contender): string {
  const reported = reportedPerEntry === undefined ? [] : [`${digits(reportedPerEntry)} as it says itself`]
  return [...notes, ...reported].join('; ')
}
