// From a file to its words. All three strategies read files here.
import { StringDecoder } from 'node:string_decoder'
import { eachPiece } from '../common/read.js'
import { LONGEST_WORD, eachWordOf, startOfLastRun } from './tokenize.js'

/** Stands for the beginning of any run that is too long. Without it, one endless run would be held in memory whole. */
const TOO_LONG = '_'.repeat(LONGEST_WORD + 1)

/** The words of one file, counted. */
export function countWords(file: string): Map<string, number> {
  const counts = new Map<string, number>()
  eachWord(file, (word) => counts.set(word, (counts.get(word) ?? 0) + 1))
  return counts
}

/** Calls `use` with each word of the file, in order. A word that lies across two pieces is one word. */
export function eachWord(file: string, use: (word: string) => void, pieceBytes?: number): void {
  // Not TextDecoder: when it decodes a stream, its strings take two bytes per character even for ASCII.
  const decoder = new StringDecoder('utf8')
  let rest = ''
  eachPiece(
    file,
    (bytes) => {
      const text = rest + decoder.write(bytes)
      const end = startOfLastRun(text)
      eachWordOf(text.slice(0, end), use)
      rest = beginningOf(text.slice(end))
    },
    pieceBytes,
  )
  eachWordOf(rest + decoder.end(), use)
}

/** What must be kept of a run that may go on in the next piece: of one that is too long to be a word, only that it is. */
function beginningOf(run: string): string {
  return run.length > LONGEST_WORD ? TOO_LONG : run
}
