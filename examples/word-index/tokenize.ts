// What a word is. All three strategies split text here and nowhere else, so they can only differ in how they count.

/** In UTF-16 code units. Longer runs are base64, hashes and the like: left out, not cut, so that no word is made up. */
export const LONGEST_WORD = 64

// Marks belong to words: without them Hindi or Thai would fall to pieces at every vowel sign.
const RUN = /[\p{L}\p{M}\p{N}_]+/gu
const RUN_CHARACTER = /^[\p{L}\p{M}\p{N}_]$/u

/** Calls `use` with each word of `text`, in order. */
export function eachWordOf(text: string, use: (word: string) => void): void {
  // Lower-casing the text once is several times faster than lower-casing every word.
  for (const run of text.toLowerCase().match(RUN) ?? []) {
    if (run.length <= LONGEST_WORD) use(run)
  }
}

/** Where the run that `text` ends in begins; the length of `text` if it does not end in one. */
export function startOfLastRun(text: string): number {
  let start = text.length
  while (start > 0) {
    const size = isLowSurrogate(text.charCodeAt(start - 1)) ? 2 : 1
    if (!RUN_CHARACTER.test(text.slice(start - size, start))) break
    start -= size
  }
  return start
}

function isLowSurrogate(unit: number): boolean {
  return (unit & 0xfc00) === 0xdc00
}
