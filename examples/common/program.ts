// What the examples do alike around their work: complaints, exit codes, and why results may differ.
import { checkFolder, filesChangedSince, reasonOf } from './files.js'
import { UsageError } from './options.js'
import { printable } from './text.js'

/** Runs the program `name`; `main` returns its exit code. */
export async function runProgram(name: string, main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main()
  } catch (error) {
    process.exitCode = error instanceof UsageError ? 2 : 1
    if (error instanceof UsageError) console.error(`${name}: ${error.message}\nTry --help.`)
    // Out of memory, a full Map, or a file that has vanished since it was listed: the message says it all.
    else if (error instanceof Error && ('code' in error || error instanceof RangeError))
      console.error(`${name}: ${printable(error.message)}`)
    else console.error(`${name}:`, error)
  }
}

/** Why the folder cannot be read; undefined if it can. */
export function whyUnreadable(folder: string): string | undefined {
  try {
    checkFolder(folder)
    return undefined
  } catch (error) {
    return `cannot read the folder ${printable(folder)}: ${reasonOf(error)}`
  }
}

/** What to think of results that differ. */
export function explainDifference(files: string[], startMs: number): string {
  const changed = filesChangedSince(files, startMs)
  if (changed.length === 0) return 'no file has changed meanwhile, so this is a bug'
  return `${changed.length} of the files changed meanwhile, so nothing can be said: ${printable(changed[0]!)}`
}
