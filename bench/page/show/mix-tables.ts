// The figures of a run as text: one large number for each contender, and the table.
import { CONTENDERS, NAMES, type Contender } from '../run/protocol.js'
import { PERCENTILES, type MixResults, type Percentiles, type Summary } from '../run/results.js'
import { formatCompact, formatLatency, formatRatio } from './format.js'

const COLUMNS = Object.keys(PERCENTILES) as (keyof Percentiles)[]

/** The tiles: rates so far, and how many times as many a SharedMap serves. */
export function showTiles(list: HTMLElement, results: MixResults): void {
  for (const contender of CONTENDERS) {
    const tile = list.querySelector<HTMLElement>(`[data-contender=${contender}]`)!
    const summary = results.summary(contender)
    tile.querySelector('b')!.textContent = summary ? formatCompact(summary.rate.median) : '–'
    tile.querySelector('small')!.textContent = summary ? describe(contender, summary, results) : ''
  }
}

export function showTable(body: HTMLElement, results: MixResults): void {
  body.replaceChildren(...CONTENDERS.map((contender) => toRow(contender, results)))
}

/** The same table for a text that is to be pasted somewhere. */
export function toMarkdown(results: MixResults, setup: string): string {
  const head = ['', 'threads', 'operations per second', ...COLUMNS.map((name) => PERCENTILES[name])]
  const rows = CONTENDERS.map((contender) => {
    const summary = results.summary(contender)
    if (!summary) return [NAMES[contender], ...head.slice(1).map(() => '–')]
    const { rate, workers, latency } = summary
    return [
      NAMES[contender],
      String(workers),
      `${formatCompact(rate.median)} (${formatCompact(rate.least)} to ${formatCompact(rate.most)})`,
      ...COLUMNS.map((name) => formatLatency(latency[name], results.clockStep)),
    ]
  })
  const lines = [head, head.map((_, place) => (place ? '---:' : '---')), ...rows]
  return `${setup}\n\n${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`
}

function describe(contender: Contender, { workers }: Summary, results: MixResults): string {
  const threads = contender === 'own' ? '1 thread' : `${workers} ${workers === 1 ? 'worker' : 'workers'}`
  return [threads, ...winsOf(contender, results)].join('; ')
}

/** What is said of a tile that has more than another: SharedMap and each of the others are compared. */
function winsOf(contender: Contender, results: MixResults): string[] {
  const others = contender === 'shared' ? CONTENDERS.filter((other) => other !== 'shared') : [contender]
  return others.flatMap((other) => {
    const ratio = results.ratio(other)
    if (ratio === undefined || ratio < 1 === (contender === 'shared')) return []
    return contender === 'shared'
      ? [`${formatRatio(ratio)} as many as ${NAMES[other]}`]
      : [`${formatRatio(1 / ratio)} as many as ${NAMES.shared}`]
  })
}

function toRow(contender: Contender, results: MixResults): HTMLTableRowElement {
  const row = document.createElement('tr')
  const head = document.createElement('th')
  head.scope = 'row'
  head.textContent = NAMES[contender]
  row.append(head)
  const summary = results.summary(contender)
  row.dataset.contender = contender
  if (summary) row.dataset.rate = String(summary.rate.median)
  row.append(toRateCell(summary))
  for (const name of COLUMNS) {
    const cell = row.insertCell()
    cell.textContent = summary ? formatLatency(summary.latency[name], results.clockStep) : '–'
  }
  return row
}

function toRateCell(summary: Summary | undefined): HTMLTableCellElement {
  const cell = document.createElement('td')
  if (!summary) {
    cell.textContent = '–'
    return cell
  }
  const { median, least, most } = summary.rate
  const spread = document.createElement('small')
  spread.textContent = `${formatCompact(least)} to ${formatCompact(most)}`
  cell.append(formatCompact(median), spread)
  return cell
}
