// Turns the results into the text that is printed.
import { grouped } from '../common/text.js'
import type { WordCounts } from './strategies/strategy.js'

export interface Summary {
  files: number
  bytes: number
  binary: number
  links: number
  counts: WordCounts
}

export interface Timing {
  title: string
  seconds: number
}

const MOST_FREQUENT = 20

export function reportCounts({ files, bytes, binary, links, counts }: Summary): string {
  let words = 0
  for (const [, n] of counts) words += n
  const rows: [string, number, string?][] = [
    ['files', files, `${grouped(binary)} binary files left out, ${grouped(links)} symbolic links not followed`],
    ['bytes', bytes],
    ['words', words],
    ['distinct words', counts.size],
  ]
  const lines = rows.map(([name, n, note]) => `${name.padEnd(14)} ${right(n)}${note ? `   (${note})` : ''}`)
  const top = mostFrequent(counts)
  if (top.length > 0) lines.push('', 'most frequent:', ...top.map(([word, n]) => `${right(n, 30)}  ${word}`))
  return lines.join('\n')
}

/** The last of the timings is what the others are compared with. */
export function reportTimings(timings: Timing[]): string {
  const base = timings.at(-1)!.seconds
  const lines = timings.map(({ title, seconds }) => {
    return `${title.padEnd(28)} ${seconds.toFixed(3).padStart(8)} s   ${(base / seconds).toFixed(2)} times as fast`
  })
  return lines.join('\n')
}

/** Words of equal count in the order of their characters, so that the same folder always gives the same list. */
export function mostFrequent(counts: WordCounts): [string, number][] {
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, MOST_FREQUENT)
}

function right(n: number, width = 15): string {
  return grouped(n).padStart(width)
}
