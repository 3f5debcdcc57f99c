// npm run bench: the benchmark on the command line.
import process from 'node:process'
import { runBench } from './bench.js'
import { progressOn } from './harness/progress.js'
import { reportText } from './harness/report.js'
import { HELP, UsageError, readOptions, type Options } from './options.js'

try {
  const options = readOptions(process.argv.slice(2))
  if (options === 'help') console.log(HELP)
  else await run(options)
} catch (error) {
  process.exitCode = error instanceof UsageError ? 2 : 1
  if (error instanceof UsageError) console.error(`bench: ${error.message}\nTry --help.`)
  else console.error(`bench: ${error instanceof Error ? error.message : error}`)
}

async function run({ json, ...options }: Options): Promise<void> {
  const progress = progressOn(process.stderr, options.rounds)
  try {
    const report = await runBench(options, progress.report)
    progress.end()
    console.log(json ? JSON.stringify(report, undefined, 2) : reportText(report))
  } finally {
    progress.end()
  }
}
