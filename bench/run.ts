// npm run bench: the benchmark on the command line.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import process from 'node:process'
import { listItems, runBench } from './bench.js'
import { listText } from './harness/list.js'
import { nodeOf } from './harness/node.js'
import { progressOn } from './harness/progress.js'
import { reportText } from './harness/report.js'
import { HELP, UsageError, readOptions, type Options } from './options.js'

try {
  const options = readOptions(process.argv.slice(2))
  if (options === 'help') console.log(HELP)
  else if (options.node) process.exitCode = runIn(options.node)
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

/** Runs this in another Node, without the option that asks for it. Returns the exit code. */
function runIn({ version, args }: NonNullable<Options['node']>): number {
  const { status, error } = spawnSync(nodeOf(version), [...process.execArgv, process.argv[1]!, ...args], { stdio: 'inherit' })
  if (error) throw error
  return status ?? 1
}

function tell(file: true | string, text: string): void {
  if (file === true) process.stdout.write(text)
  else writeFileSync(file, text)
}
