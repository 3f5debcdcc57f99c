import type { WordCounts } from './strategies/strategy.js'

/** Compares entry by entry. Returns what the first difference is, or undefined if there is none. */
export function findDifference(expected: WordCounts, actual: WordCounts): string | undefined {
  for (const [word, n] of expected) {
    const found = actual.get(word)
    if (found !== n) return `'${word}' was counted ${times(found)} instead of ${times(n)}`
  }
  // The other way round as well: through the iterator, which must show each word once and none that is not there.
  const seen = new Set<string>()
  for (const [word, n] of actual) {
    const wanted = expected.get(word)
    if (wanted !== n) return `'${word}' is listed with ${times(n)} instead of ${times(wanted)}`
    if (seen.has(word)) return `'${word}' is listed twice`
    seen.add(word)
  }
  for (const [word] of expected) {
    if (!seen.has(word)) return `'${word}' is not listed`
  }
  if (actual.size !== expected.size) return `the size is ${actual.size} instead of ${expected.size}, though all words agree`
  return undefined
}

function times(n: number | undefined): string {
  return n === undefined ? 'not at all' : n === 1 ? 'once' : `${n} times`
}
