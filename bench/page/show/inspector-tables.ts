// The parts of the inspector that are text: segments, and what the heap's memory is used for.
import type { InspectedHeap, InspectedSegment } from 'tophash'
import { formatBytes, formatPercent, formatWhole } from './format.js'

/** The newest, which are the largest and the ones that change, come first. */
export function showSegments(body: HTMLElement, segments: readonly InspectedSegment[]): void {
  body.replaceChildren(...segments.map(toRow).reverse())
}

function toRow({ level, buckets, bytes, sampled, entries, evacuated }: InspectedSegment): HTMLTableRowElement {
  const row = document.createElement('tr')
  const head = document.createElement('th')
  head.scope = 'row'
  head.textContent = String(level)
  const load = sampled > 0 ? (entries / sampled).toFixed(1) : '–'
  row.append(head, ...[formatWhole(buckets), formatBytes(bytes), load].map(toCell), toMeterCell(evacuated))
  return row
}

function toCell(text: string): HTMLTableCellElement {
  const cell = document.createElement('td')
  cell.textContent = text
  return cell
}

function toMeterCell(share: number): HTMLTableCellElement {
  const cell = document.createElement('td')
  const meter = document.createElement('meter')
  meter.value = share
  meter.textContent = formatPercent(share)
  meter.setAttribute('aria-label', 'evacuated')
  cell.append(meter, ` ${Math.round(share * 100)} %`)
  return cell
}

/** A bar of the memory, and the same as a list. */
export function showHeap(list: HTMLElement, { usedBytes, reusableBytes, untouchedBytes }: InspectedHeap): void {
  const parts = { used: usedBytes, reusable: reusableBytes, untouched: untouchedBytes }
  for (const [name, bytes] of Object.entries(parts)) {
    const item = list.querySelector<HTMLElement>(`[data-part=${name}]`)!
    item.querySelector('b')!.textContent = formatBytes(bytes)
    item.style.setProperty('--share', String(bytes))
  }
}
