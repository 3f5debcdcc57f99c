// What the command line says, checked.
import { parseArgs } from 'node:util'
import { MOST_THREADS, UsageError, readFolder, readThreads } from '../common/options.js'
import { LONGEST_WORD } from './tokenize.js'

export interface Options {
  folder: string
  threads: number
}

export const HELP = `Counts the words of all text files below a folder, three times: with worker threads
that share one SharedMap, with worker threads that post their counts to the main
thread, and with one thread and a Map. Times each, and compares the results.

usage: npm run example:word-index [-- [options] [folder]]

  folder         what to index; the project's own node_modules if it is not given
  --threads N    worker threads, 1 to ${MOST_THREADS}; as many as there are cores if it is not given
  --help         print this

A word is a run of letters, marks, digits and underscores, lower-cased. A run of more
than ${LONGEST_WORD} characters is data rather than a word, and is left out. A file is text if its
first 8 KiB have no NUL byte, and is read as UTF-8. Symbolic links are not followed.`

/** Returns what was asked for, or 'help'. Throws a UsageError. */
export function readOptions(args: string[]): Options | 'help' {
  const { values, positionals } = parse(args)
  if (values.help) return 'help'
  return { folder: readFolder(positionals), threads: readThreads(values.threads) }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { threads: { type: 'string' }, help: { type: 'boolean' } },
    })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}
