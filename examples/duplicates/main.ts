// Finds the phrases of a folder's files that occur twice, in three ways, times each, and makes sure that all found the same.
import { findTextFiles, listFiles } from '../common/files.js'
import { explainDifference, runProgram, whyUnreadable } from '../common/program.js'
import { withProgress } from '../common/progress.js'
import { counted, printable, reportUnreadable } from '../common/text.js'
import { newSearchJob } from './job.js'
import { HELP, readOptions, type Options } from './options.js'
import { gatherCopies } from './passages.js'
import { reportCopies, reportFolder, reportLongest, reportTimes } from './report.js'
import { allWays, takeAll } from './ways.js'
import { wordsIn } from './words.js'

const MOST_SHOWN = 8

await runProgram('duplicates', async () => {
  const options = readOptions(process.argv.slice(2))
  if (options !== 'help') return search(options)
  console.log(HELP)
  return 0
})

/** Returns the exit code. */
async function search(options: Options): Promise<number> {
  const { folder, words, threads, rounds } = options
  const complaint = whyUnreadable(folder)
  if (complaint !== undefined) {
    console.error(`duplicates: ${complaint}`)
    return 1
  }
  console.log(`Which phrases of ${counted(words, 'word')} occur twice below ${printable(folder)}, and where first?`)
  const startMs = Date.now()
  const listing = listFiles(folder)
  const texts = await withProgress(
    'reading',
    listing.files.map(() => 1),
    (onProgress) => findTextFiles(listing.files, onProgress, wordsIn),
  )
  console.log(reportFolder(texts, listing.links))
  console.log(`Three ways to find out, ${counted(rounds, 'time')} each:`)

  const ways = allWays(threads)
  const result = await takeAll(ways, texts, options)
  if (!Array.isArray(result)) {
    const what = `'${result.way.title}' differs from '${ways[0]!.title}': ${result.what}`
    console.error([what, explainDifference(texts.files, startMs)].map((line) => `duplicates: ${line}`).join('\n'))
    return 1
  }
  const job = newSearchJob(texts.files, texts.counts, words)
  const copies = gatherCopies(job, result, MOST_SHOWN)
  console.log(`\n${reportCopies(copies)}${copies.longest.length > 0 ? '; the longest:' : '.'}\n`)
  if (copies.longest.length > 0) console.log(`${reportLongest(folder, job, copies.longest)}\n`)
  console.log(reportTimes(ways))
  console.log('\nAll results are equal, phrase by phrase.')
  const unreadable = [...listing.unreadable, ...texts.unreadable]
  if (unreadable.length > 0) console.log(`\n${reportUnreadable(unreadable)}`)
  return 0
}
