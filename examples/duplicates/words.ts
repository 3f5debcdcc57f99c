// From a file to its words, as numbers. All three strategies read files here.
import { eachPiece } from '../common/read.js'

export const NEWLINE = 10
/** Both halves of the number of a word, to begin with. */
const SEED_A = 0x811c9dc5 | 0
const SEED_B = 0x9747b28c | 0

/** By byte: 1 for ASCII letters, digits, _, and every part of any other character. */
export const IN_WORD = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 128 || /\w/.test(String.fromCharCode(byte)) ? 1 : 0,
)

/** Calls `use` with two hashes of each word and with its line, from 1 on. */
export function eachWord(file: string, use: (a: number, b: number, line: number) => void, pieceBytes?: number): void {
  const state = { a: SEED_A, b: SEED_B, line: 1, size: 0 }
  eachPiece(
    file,
    (bytes) => {
      let { a, b, line, size } = state // variables of this function alone: the loop is what the time goes into
      for (let i = 0; i < bytes.length; i++) {
        const byte = bytes[i]!
        if (IN_WORD[byte] === 1) {
          a = Math.imul(rotate(a, 13) ^ byte, 0x01000193)
          b = Math.imul(rotate(b, 5) ^ byte, 0x85ebca6b)
          size++
        } else {
          if (size > 0) use(a, b, line)
          if (byte === NEWLINE) line++
          a = SEED_A
          b = SEED_B
          size = 0
        }
      }
      Object.assign(state, { a, b, line, size })
    },
    pieceBytes,
  )
  if (state.size > 0) use(state.a, state.b, state.line)
}

/** How many words begin in a piece of a file, if what comes before it is not one. */
export function wordsIn(bytes: Uint8Array): number {
  let words = 0
  let before = 0
  for (let i = 0; i < bytes.length; i++) {
    const isInside = IN_WORD[bytes[i]!]!
    words += isInside & ~before
    before = isInside
  }
  return words
}

function rotate(h: number, bits: number): number {
  return (h << bits) | (h >>> (32 - bits))
}
