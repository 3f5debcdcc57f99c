// What the command line says, checked.
import { parseArgs } from 'node:util'
import type { Documents } from './document.js'
import { UsageError } from './report.js'

export const HELP = `Makes charts and tables of a report of the benchmark: writes FOLDER/benchmarks/*.svg and a copy of the
report, and replaces the marked parts of FOLDER/BENCHMARKS.md and of the README.md beside FOLDER.

usage: npm run bench:charts -- REPORT [--out FOLDER]

  REPORT        what npm run bench -- --full --json REPORT has written
  --out FOLDER  where the documents are (default: docs)
  --help        print this

The exit code is 2 if the report or a document is not what it should be.`

/** Returns what was asked for, or 'help'. Throws a UsageError. */
export function readArguments(args: string[]): Documents | 'help' {
  const { values, positionals } = parse(args)
  if (values.help) return 'help'
  const [report, ...more] = positionals
  if (report === undefined || more.length > 0) throw new UsageError(`One report is needed, not ${positionals.length}`)
  return { report, out: values.out ?? 'docs' }
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, allowPositionals: true, options: { out: { type: 'string' }, help: { type: 'boolean' } } })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}
