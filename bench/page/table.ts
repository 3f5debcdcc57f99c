// The same figures as numbers: one row per number of workers.
import { SHORT_NAMES, type Contender, type Phase } from './protocol.js'
import { formatRate, formatRatio, type Results, type Summary } from './results.js'

const PHASES: Phase[] = ['fill', 'read']
const COLUMNS: Contender[] = ['shared', 'message', 'own']

export function showTable(body: HTMLTableSectionElement, results: Results, counts: number[]): void {
  body.replaceChildren(...counts.map((count) => toRow(results, count)))
}

export function toMarkdown(results: Results, counts: number[], setup: string): string {
  const head = PHASES.flatMap((phase) => [...COLUMNS.map((contender) => `${phase}: ${SHORT_NAMES[contender]}`), 'ratio'])
  const rows = counts.map((count) => [
    String(count),
    ...PHASES.flatMap((phase) => [
      ...COLUMNS.map((contender) => inWords(results.get(contender, phase, count))),
      formatOptional(results.ratio(phase, count)),
    ]),
  ])
  const lines = [['workers', ...head], ['workers', ...head].map(() => '---:'), ...rows]
  return `${setup}\n\n${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`
}

function toRow(results: Results, count: number): HTMLTableRowElement {
  const row = document.createElement('tr')
  const head = document.createElement('th')
  head.scope = 'row'
  head.textContent = String(count)
  row.append(head)
  for (const phase of PHASES) {
    for (const contender of COLUMNS) row.append(toCell(results.get(contender, phase, count), contender))
    const ratio = row.insertCell()
    ratio.className = 'ratio'
    ratio.textContent = formatOptional(results.ratio(phase, count))
  }
  return row
}

function toCell(summary: Summary | undefined, contender: Contender): HTMLTableCellElement {
  const cell = document.createElement('td')
  cell.dataset['contender'] = contender
  if (!summary) {
    cell.textContent = '–'
    return cell
  }
  cell.dataset['rate'] = String(summary.median)
  const spread = document.createElement('small')
  spread.textContent = `${formatRate(summary.least)} to ${formatRate(summary.most)}`
  cell.append(formatRate(summary.median), spread)
  return cell
}

function inWords(summary: Summary | undefined): string {
  return summary ? `${formatRate(summary.median)} (${formatRate(summary.least)} to ${formatRate(summary.most)})` : '–'
}

function formatOptional(ratio: number | undefined): string {
  return ratio === undefined ? '–' : formatRatio(ratio)
}
