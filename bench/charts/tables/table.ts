// Tables in Markdown.
import type { Result, Variant } from '../report.js'
import { describeVariant } from '../selection.js'

/** The first column is text, the others are figures and stand to the right, but for those whose heads end with a space. */
export function table(head: string[], rows: string[][]): string {
  const rule = head.map((title, column) => (column === 0 || title.endsWith(' ') ? '---' : '--:'))
  return [head.map((title) => title.trimEnd()), rule, ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n')
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}

/** Below what all its results have in common: all but the fields in `but`. */
export function about([first]: Result[], text: string, ...but: (keyof Variant)[]): string {
  const name = describeVariant(first!.variant, ...but)
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}:\n\n${text}`
}

/** Shown when somebody clicks on the summary. */
export function folded(summary: string, text: string): string {
  return `<details><summary>${summary}</summary>\n\n${text}\n\n</details>`
}

/** Where the report has nothing. */
export const NOTHING = '-'
export const NOT_MEASURED = '_Not measured in this run._'
