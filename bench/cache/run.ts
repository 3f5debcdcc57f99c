// node build/bench/cache/run.js: the figures of SharedCache, of one run; docs/benchmarks/cache.md has its tables.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { type BenchOptions, runBench } from '../bench.js'
import { replaceMarked } from '../charts/marks.js'
import { describeEnvironment } from '../harness/environment.js'
import { progressOn } from '../harness/progress.js'
import type { Report, Result } from '../harness/results.js'
import { ROOT } from '../rivals/packages.js'
import { type Options, HELP, readOptions } from './options.js'
import { measurePauses } from './pauses.js'
import { environmentLine, hitsTable, latencyTable, memoryTable, missingLines, pausesTable, speedTable } from './tables.js'

const DOCUMENT = path.join(ROOT, 'docs/benchmarks/cache.md')

const options = read()
if (options === 'help') console.log(HELP)
else await main(options)

function read(): Options | 'help' {
  try {
    return readOptions(process.argv.slice(2))
  } catch (error) {
    console.error((error as Error).message)
    process.exit(2)
  }
}

async function main({ parts, rivals, rounds, operations, write }: Options): Promise<void> {
  const tables = new Map<string, string>()
  const skipped = new Map<string, string>()
  const measure = async (workload: string, given: Partial<BenchOptions> = {}): Promise<Result[]> => {
    const asked = { workloads: [workload], rounds, operations, ...(rivals && { rivals }), ...given }
    const report: Report = await runBench(asked, progress)
    for (const one of report.skipped) skipped.set(one.rival, missingLines([one]))
    return report.results
  }
  const progress = progressOn(process.stderr)
  tables.set('environment', environmentLine(describeEnvironment(), rounds, operations))
  if (parts.includes('speed')) {
    const results = await measure('cache')
    tables.set('speed', speedTable(results)).set('latency', latencyTable(results))
  }
  if (parts.includes('hits')) tables.set('hits', hitsTable(await measure('cache-hits')))
  if (parts.includes('memory')) tables.set('memory', memoryTable(await measure('cache-memory', { rounds: Math.min(rounds, 3) })))
  if (parts.includes('pauses')) tables.set('pauses', pausesTable(await measurePauses(rounds)))
  tables.set('missing', [...skipped.values()].join('\n'))
  progress.end()
  for (const [name, table] of tables) if (table) console.log(`${name}\n\n${table}\n`)
  if (write) writeTables(tables)
}

/** What was not measured this time stays as it is. */
function writeTables(tables: Map<string, string>): void {
  const text = readFileSync(DOCUMENT, 'utf8')
  const kept = [...text.matchAll(/<!-- begin: ([\w-]+) -->\n([\s\S]*?)\n?<!-- end/g)].map(
    ([, name, part]) => [name!, part!] as const,
  )
  writeFileSync(DOCUMENT, replaceMarked(text, DOCUMENT, new Map([...kept, ...tables])).text)
  console.log(`written: ${path.relative(ROOT, DOCUMENT)}`)
}
