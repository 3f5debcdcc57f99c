// From places back to files, lines and text.
import { createHash } from 'node:crypto'
import { eachPiece } from '../common/read.js'
import { fileAt, type SearchJob } from './job.js'
import { Phrases } from './phrases.js'
import { IN_WORD, NEWLINE, eachWord } from './words.js'

export interface Location {
  file: string
  /** From 1 on. */
  line: number
  words: number
  /** The line in which it begins, cut if it is long. */
  text: string
  /** The same for the same words. */
  digest: string
}

const LONGEST_TEXT = 300

/** Where so many phrases that follow each other are, from a place on. Reads the file again, twice. */
export function locate(job: SearchJob, place: number, phrases: number): Location {
  const index = fileAt(job, place)
  const file = job.files[index]!
  const { begin, end, line } = findWords(job, file, place - job.places[index]!, phrases)
  return { file, line, words: end - begin, ...readWords(file, begin, end, line) }
}

/** The first word of the `nth` phrase, the one after so many phrases, and the line where they begin. */
function findWords({ length, divisor }: SearchJob, file: string, nth: number, phrases: number) {
  const all = new Phrases(length, divisor, 0)
  const lines: number[] = []
  const found = { begin: 0, end: 0, line: 0 }
  let word = 0
  eachWord(file, (a, b, line) => {
    lines[word++ % length] = line
    if (!all.add(a, b)) return
    if (all.found === nth + 1) Object.assign(found, { begin: word - length, line: lines[word % length] })
    if (all.found === nth + phrases) found.end = word
  })
  return found
}

/** What the words from `begin` to `end` are, and how the line reads. */
function readWords(file: string, begin: number, end: number, wanted: number): Pick<Location, 'text' | 'digest'> {
  const hash = createHash('sha256')
  const text: number[] = []
  let [word, line, isInside] = [0, 1, 0]
  eachPiece(file, (bytes) => {
    const kept = Buffer.alloc(2 * bytes.length)
    let size = 0
    for (const byte of bytes) {
      if (line === wanted && text.length < LONGEST_TEXT) text.push(byte)
      const isNext = IN_WORD[byte]!
      const isKept = word >= begin && word < end
      if (isNext && isKept) {
        if (!isInside) kept[size++] = NEWLINE
        kept[size++] = byte
      }
      if (isInside && !isNext) word++
      isInside = isNext
      if (byte === NEWLINE) line++
    }
    hash.update(kept.subarray(0, size))
    return word < end
  })
  return { text: Buffer.from(text).toString().trim(), digest: hash.digest('hex') }
}
