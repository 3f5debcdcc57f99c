// The tables of docs/SPEED.md: one for each runtime, and the ratios of all of them side by side.
import { readFileSync, writeFileSync } from 'node:fs'

const PAGE = 'docs/SPEED.md'
const HEAD = ['|  | tophash | beside | ratio |', '| --- | --: | --: | --: |']
/** The runtimes of the table of ratios, in this order, by the names of their places. */
const RUNTIMES: Readonly<Record<string, string>> = {
  '20': 'Node 20',
  '22': 'Node 22',
  '24': 'Node 24',
  '26': 'Node 26',
  chromium: 'Chromium',
  firefox: 'Firefox',
}

/** Puts the rows of a runtime into their place, and its ratios beside those of the others. @throws Error if it has no place */
export function writeTable(version: string, name: string, rounds: number, lines: readonly string[]): void {
  const own = [`${version}, ns for each operation, medians of ${rounds} rounds:`, '', ...HEAD, ...lines].join('\n')
  const page = replaced(readFileSync(PAGE, 'utf8'), name, own)
  writeFileSync(PAGE, replaced(page, 'ratios', ratiosOf(page)))
}

function ratiosOf(page: string): string {
  const columns = Object.keys(RUNTIMES).map((name) => rowsIn(page, name))
  const names = [...new Set(columns.flatMap((rows) => [...rows.keys()]))]
  const lines = names.map((name) => `| ${[name, ...columns.map((rows) => rows.get(name) ?? '')].join(' | ')} |`)
  const heads = Object.values(RUNTIMES)
  return [`| ratio | ${heads.join(' | ')} |`, `| --- |${' --: |'.repeat(heads.length)}`, ...lines].join('\n')
}

/** The ratio of each row of a runtime. */
function rowsIn(page: string, name: string): Map<string, string> {
  const [from, to] = placeOf(page, name)
  const rows = page
    .slice(from, to)
    .split('\n')
    .filter((line) => /^\| \S/.test(line) && !line.startsWith('| ---'))
  return new Map(rows.map((line) => line.split(' | ')).map((cells) => [cells[0]!.slice(2), cells[3]!.replace(' |', '')]))
}

function replaced(page: string, name: string, text: string): string {
  const [from, to] = placeOf(page, name)
  return `${page.slice(0, from)}${text}\n${page.slice(to)}`
}

/** Where the text between the marks of a place begins and ends. */
function placeOf(page: string, name: string): [from: number, to: number] {
  const begin = `<!-- begin: hot-${name} -->\n`
  const [from, to] = [page.indexOf(begin), page.indexOf(`<!-- end: hot-${name} -->`)]
  if (from < 0 || to < from) throw new Error(`${PAGE} has no place for ${name}.`)
  return [from + begin.length, to]
}
