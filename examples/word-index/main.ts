// Counts the words of a folder in three ways, times each, and makes sure that all found the same.
import { performance } from 'node:perf_hooks'
import { findTextFiles, listFiles } from '../common/files.js'
import { explainDifference, runProgram, whyUnreadable } from '../common/program.js'
import { withProgress } from '../common/progress.js'
import { reportUnreadable } from '../common/text.js'
import { findDifference } from './compare.js'
import { HELP, readOptions, type Options } from './options.js'
import { reportCounts, reportTimings, type Timing } from './report.js'
import { countWithMessages } from './strategies/messages.js'
import { countWithSharedMap } from './strategies/shared.js'
import { countWithOneThread } from './strategies/single.js'
import type { Strategy, WordCounts } from './strategies/strategy.js'

interface Run extends Timing {
  counts: WordCounts
}

await runProgram('word-index', async () => {
  const options = readOptions(process.argv.slice(2))
  if (options !== 'help') return compareStrategies(options)
  console.log(HELP)
  return 0
})

/** Returns the exit code. */
async function compareStrategies({ folder, threads }: Options): Promise<number> {
  const complaint = whyUnreadable(folder)
  if (complaint !== undefined) {
    console.error(`word-index: ${complaint}`)
    return 1
  }
  const startMs = Date.now()
  const listing = listFiles(folder)
  const unknownSizes = listing.files.map(() => 1)
  const text = await withProgress('reading', unknownSizes, (onProgress) => findTextFiles(listing.files, onProgress))

  const workers = threads === 1 ? '1 worker' : `${threads} workers`
  const shared = await run(`SharedMap, ${workers}`, countWithSharedMap)
  const messages = await run(`postMessage, ${workers}`, countWithMessages)
  const single = await run('Map, one thread', countWithOneThread)

  console.log(reportCounts({ ...listing, ...text, files: text.files.length, counts: shared.counts }))
  console.log(`\n${reportTimings([shared, messages, single])}`)
  const unreadable = [...listing.unreadable, ...text.unreadable]
  if (unreadable.length > 0) console.log(`\n${reportUnreadable(unreadable)}`)
  const differences = findDifferences(single, [shared, messages])
  shared.counts.dispose?.()
  if (differences.length === 0) {
    console.log('\nAll three results are equal, entry by entry.')
    return 0
  }
  console.error([...differences, explainDifference(text.files, startMs)].map((line) => `word-index: ${line}`).join('\n'))
  return 1

  async function run(title: string, strategy: Strategy): Promise<Run> {
    return withProgress(title, text.sizes, async (onProgress) => {
      const start = performance.now()
      const counts = await strategy(text.files, threads, onProgress)
      return { title, counts, seconds: (performance.now() - start) / 1000 }
    })
  }
}

function findDifferences(expected: Run, others: Run[]): string[] {
  return others.flatMap(({ title, counts }) => {
    const difference = findDifference(expected.counts, counts)
    return difference === undefined ? [] : [`'${title}' differs from '${expected.title}': ${difference}`]
  })
}
