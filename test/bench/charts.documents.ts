// Documents to be filled from a report that is made up, each time in a folder of their own.
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { writeDocuments } from '../../bench/charts/document.js'
import type { Report } from '../../bench/charts/report.js'
import { makeReport } from './charts.report.js'

export const ROOT = path.resolve(import.meta.dirname, '../..')
const README = '# Read me\n\n<!-- begin: chart-shared -->\nold\n<!-- end: chart-shared -->\n\nby hand\n'

/** Documents to be filled, and beside them the report. */
export function newFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'tophash-charts-'))
  mkdirSync(path.join(folder, 'docs'))
  copyFileSync(path.join(ROOT, 'docs/BENCHMARKS.md'), path.join(folder, 'docs/BENCHMARKS.md'))
  writeFileSync(path.join(folder, 'README.md'), README)
  return folder
}

/** Runs in a folder of its own, which is then gone. */
export function inFolder<T>(work: (folder: string) => T): T {
  const folder = newFolder()
  try {
    return work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export function write(folder: string, report: unknown): { messages: string[]; files: Record<string, string> } {
  const reportFile = path.join(folder, 'report.json')
  writeFileSync(reportFile, typeof report === 'string' ? report : JSON.stringify(report))
  const messages = writeDocuments({ report: reportFile, out: path.join(folder, 'docs') })
  return { messages, files: filesOf(folder) }
}

/** What the program writes, by name. */
export function filesOf(folder: string): Record<string, string> {
  const pictures = readdirSync(path.join(folder, 'docs/benchmarks')).map((name) => `docs/benchmarks/${name}`)
  return Object.fromEntries(
    [...pictures, 'docs/BENCHMARKS.md', 'README.md'].map((name) => {
      return [name, readFileSync(path.join(folder, name), 'utf8')]
    }),
  )
}

export function withResults(keep: (workload: string) => boolean): Report {
  const report = makeReport()
  return { ...report, results: report.results.filter(({ workload }) => keep(workload)) }
}

export function partOf(document: string, name: string): string {
  return new RegExp(`<!-- begin: ${name} -->\n([^]*?)\n<!-- end: ${name} -->`).exec(document)![1]!
}
