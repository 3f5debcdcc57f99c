// Turns the results into the text that is printed.
import path from 'node:path'
import type { TextFiles } from '../common/files.js'
import { counted, grouped, printable } from '../common/text.js'
import type { SearchJob } from './job.js'
import { locate, type Location } from './locate.js'
import type { Copies, Passage } from './passages.js'
import type { Way } from './ways.js'

const MOST_PLACES = 3
const LONGEST_TEXT = 72

export function reportFolder({ files, bytes, counts, binary }: TextFiles, links: number): string {
  const words = counts.reduce((sum, n) => sum + n, 0)
  return (
    `${counted(files.length, 'text file')}, ${(bytes / 1e6).toFixed(1)} MB, ${counted(words, 'word')} ` +
    `(left out: ${counted(binary, 'binary file')}, ${counted(links, 'symbolic link')})`
  )
}

/** How much of the text is copied. */
export function reportCopies({ phrases, copied }: Copies): string {
  const share = phrases === 0 ? 0 : Math.round((copied / phrases) * 100)
  return `${share} % is copied: ${grouped(copied)} of ${counted(phrases, 'phrase')} occur before`
}

/** The longest copies, each with the places where it is. Reads them again: fingerprints are not proof. */
export function reportLongest(folder: string, job: SearchJob, passages: Passage[]): string {
  return passages.map((passage) => reportPassage(folder, job, passage)).join('\n')
}

function reportPassage(folder: string, job: SearchJob, { phrases, places }: Passage): string {
  const [original, ...copies] = places.slice(0, MOST_PLACES).map((place) => locate(job, place, phrases)) as [
    Location,
    ...Location[],
  ]
  const isAt = ({ file, line }: Location): string => printable(`${path.relative(folder, file)}:${line}`)
  const more = places.length - MOST_PLACES
  const rest = [
    ...copies.map((copy) => `${copy.digest === original.digest ? '=' : 'is taken for the same, but differs:'} ${isAt(copy)}`),
    ...(more > 0 ? [`= ${counted(more, 'more place')}`] : []),
    `  ${printable(original.text).slice(0, LONGEST_TEXT)}`,
  ]
  return [
    `${grouped(original.words).padStart(9)} words  ${isAt(original)}`,
    ...rest.map((line) => `${' '.repeat(15)}${line}`),
  ].join('\n')
}

/** Medians, and how many times as fast the last way is as the others. */
export function reportTimes(ways: Way[]): string {
  const best = ways.at(-1)!
  return ways
    .map((way) => {
      const { title, seconds } = way
      const spread = seconds.length === 1 ? '' : `  (${Math.min(...seconds).toFixed(2)} to ${Math.max(...seconds).toFixed(2)})`
      const ratio = way === best ? '' : `   the SharedMap is ${ratioOf(way, best).toFixed(2)} times as fast`
      return `${title.padEnd(24)} ${median(seconds).toFixed(2).padStart(7)} s${spread}${ratio}`
    })
    .join('\n')
}

/** The median of the ratios, round by round. */
function ratioOf(way: Way, best: Way): number {
  return median(way.seconds.map((seconds, round) => seconds / best.seconds[round]!))
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >>> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
