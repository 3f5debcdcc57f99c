// What the command line says, checked.
import { parseArgs } from 'node:util'
import { MOST_THREADS, UsageError, readFolder, readThreads, readWhole } from '../common/options.js'

export interface Options {
  folder: string
  threads: number
  /** Of a phrase. */
  words: number
  rounds: number
}

const WORDS = { min: 1, max: 1_000, usual: 10 }
const ROUNDS = { min: 1, max: 99, usual: 1 }

export const HELP = `Finds the phrases that occur twice in the text files below a folder, and where first.
It does so in three ways: with one thread and a Map, with worker threads that send
each other messages, and with worker threads that share one SharedMap. Times each,
and compares the results.

usage: npm start [-- [options] [folder]]

  folder         what to search; the project's own node_modules if it is not given
  --words N      words of a phrase, ${WORDS.min} to ${WORDS.max}; ${WORDS.usual} if it is not given
  --threads N    worker threads, 1 to ${MOST_THREADS}; as many as there are cores if it is not given
  --rounds N     how often each way is taken, in turn; ${ROUNDS.usual} if it is not given
  --help         print this

A word is a run of ASCII letters, digits, _, and all that is not ASCII; what is between
words does not count. Of more than 25 million phrases every second counts, or every
fourth and so on, chosen by their words. A file is text if its first 8 KiB have no NUL
byte. Symbolic links are not followed.`

/** Returns what was asked for, or 'help'. Throws a UsageError. */
export function readOptions(args: string[]): Options | 'help' {
  const { values, positionals } = parse(args)
  if (values.help) return 'help'
  return {
    folder: readFolder(positionals),
    threads: readThreads(values.threads),
    words: readWhole('words', values.words, WORDS),
    rounds: readWhole('rounds', values.rounds, ROUNDS),
  }
}

function parse(args: string[]) {
  const text = { type: 'string' } as const
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { words: text, threads: text, rounds: text, help: { type: 'boolean' } },
    })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}
