// What the command line says, checked.
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { LONGEST_WORD } from './tokenize.js'

export interface Options {
  folder: string
  threads: number
}

/** The command line is wrong: the message says how, and the program ends with code 2. */
export class UsageError extends Error {}

// 128 threads can be attached to one heap, and the main thread is one of them.
const MOST_THREADS = 127

// This file runs as build/examples/word-index/options.js, so the project is three folders up.
const OWN_NODE_MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url))

export const HELP = `Counts the words of all text files below a folder, three times: with worker threads
that share one SharedMap, with worker threads that post their counts to the main
thread, and with one thread and a Map. Times each, and compares the results.

usage: npm start [-- [options] [folder]]

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
  if (positionals.length > 1) throw new UsageError(`one folder at a time, not ${positionals.length}: ${positionals.join(', ')}`)
  return {
    folder: positionals[0] ?? OWN_NODE_MODULES,
    threads: values.threads === undefined ? Math.min(availableParallelism(), MOST_THREADS) : readThreads(values.threads),
  }
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

function readThreads(text: string): number {
  const threads = /^\d+$/.test(text) ? Number(text) : NaN
  if (threads >= 1 && threads <= MOST_THREADS) return threads
  throw new UsageError(`--threads takes a whole number from 1 to ${MOST_THREADS}, not '${text}'`)
}
