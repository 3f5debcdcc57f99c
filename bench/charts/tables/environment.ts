// On what the figures come from: whatever the report says about the machine, the versions and the settings.
import type { Report } from '../report.js'
import { nameOf } from '../rivals.js'
import { grouped } from '../figures.js'
import { NOTHING, table } from './table.js'

export function environmentTable({ environment, settings, results, skipped }: Report): string {
  const rows = [...rowsOf(environment), ...rowsOf(settings)]
  const versions = new Map(results.flatMap(({ contenders }) => contenders.map(({ rival, version }) => [rival, version])))
  const rivals = [...versions].map(([rival, version]) => `${nameOf(rival)} ${version ?? ''}`.trim())
  return [
    table(['', 'this run '], [...rows, ['rivals', rivals.join('; ') || NOTHING]]),
    ...skipped.map(({ rival, reason, remedy }) => {
      return `Skipped: ${nameOf(rival)}: ${[reason, remedy].filter(Boolean).join('; ')}`
    }),
  ].join('\n\n')
}

function rowsOf(object: Record<string, unknown>): string[][] {
  const rows = Object.entries(object).map(([name, value]) => [asWords(name), asText(value)])
  return rows.filter(([, text]) => text !== '')
}

/** loadAverage becomes load average. */
function asWords(name: string): string {
  return name.replaceAll(/(?<=[a-z])(GiB|[A-Z])/g, (part) => (part === 'GiB' ? ' (GiB)' : ` ${part.toLowerCase()}`))
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return grouped(value)
  if (Array.isArray(value)) return value.map(asText).join(', ')
  if (typeof value !== 'object') return String(value)
  return Object.entries(value)
    .map(([name, item]) => `${asWords(name)} ${asText(item)}`)
    .join(', ')
}
