// npm run bench:charts: makes the charts and tables of the documents from a report of the benchmark.
import process from 'node:process'
import { writeDocuments } from './document.js'
import { HELP, readArguments } from './options.js'
import { UsageError } from './report.js'

try {
  const wanted = readArguments(process.argv.slice(2))
  console.log(wanted === 'help' ? HELP : writeDocuments(wanted).join('\n'))
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  process.exitCode = 2
  console.error(`bench:charts: ${error.message}\nTry --help.`)
}
