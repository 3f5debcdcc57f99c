// npm run bench: the benchmark on the command line.
import { writeFileSync } from 'node:fs'
import process from 'node:process'
import { listItems, runBench } from './bench.js'
import { listText } from './harness/list.js'
import { progressOn } from './harness/progress.js'
import { reportText } from './harness/report.js'
import { HELP, UsageError, readOptions, type Options } from './options.js'

try {
  const options = readOptions(process.argv.slice(2))
  if (options === 'help') console.log(HELP)
  else if (options.list) console.log(listText(listItems(options.bench)))
  else await run(options)
} catch (error) {
  process.exitCode = error instanceof UsageError ? 2 : 1
  if (error instanceof UsageError) console.error(`bench: ${error.message}\nTry --help.`)
  else console.error(`bench: ${error instanceof Error ? error.message : error}`)
}

async function run({ bench, json }: Options): Promise<void> {
  const progress = progressOn(process.stderr)
  try {
    const report = await runBench(bench, progress)
    progress.end()
    if (json !== false) tell(json, `${JSON.stringify(report, undefined, 2)}\n`)
    if (json !== true) console.log(reportText(report))
  } finally {
    progress.end()
  }
}

function tell(file: true | string, text: string): void {
  if (file === true) process.stdout.write(text)
  else writeFileSync(file, text)
}
