// Tables in Markdown.

/** The first column is text, the others are figures and stand to the right, but for those whose heads end with a space. */
export function table(head: string[], rows: string[][]): string {
  const rule = head.map((title, column) => (column === 0 || title.endsWith(' ') ? '---' : '--:'))
  return [head.map((title) => title.trimEnd()), rule, ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n')
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}

/** Where the report has nothing. */
export const NOTHING = '-'
export const NOT_MEASURED = '_Not measured in this run._'
