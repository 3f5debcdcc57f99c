// Code units to strings and back where there is no Buffer: in browsers, where a string is at hand only character by character, or by
// TextEncoder and TextDecoder. These take no shared memory, so what they get and give is copied; they take some 200 ns for that; and they
// know Unicode only, so neither Latin-1 nor halves of a pair. Short texts are better off with loops.
import { LONGEST_SHORT, shortText } from './short-text.js'

/** What the coders take at once, in code units: so many are in memory of this thread's own on their way. */
const PART = 4096
/** From so many units on the coders are faster. */
const LEAST_READ = 160
export const LEAST_WRITTEN = 400

const units = new Uint16Array(PART)
const bytes = new Uint8Array(units.buffer)
const words = new Int32Array(units.buffer)
const coders = typeof TextDecoder === 'function' ? makeCoders() : undefined // a worklet has none

function makeCoders() {
  const fromUtf8 = new TextDecoder('utf-8', { ignoreBOM: true })
  const fromUtf16 = new TextDecoder('utf-16le', { ignoreBOM: true })
  return { encoder: new TextEncoder(), fromUtf8, fromUtf16 }
}

/** Writes a text if it is ASCII. Whether it is; if not, something else was written. */
export function writeAscii(text: string, to: Uint8Array, at: number): boolean {
  if (!coders) return false
  for (let from = 0; from < text.length; from += PART) {
    const part = text.length <= PART ? text : text.slice(from, from + PART)
    const { read, written } = coders.encoder.encodeInto(part, bytes.subarray(0, part.length))
    if (read !== part.length) return false
    to.set(bytes.subarray(0, written), at + from)
  }
  return true
}

/** The text whose code units are these bytes. */
export function fromBytes(from: Uint8Array, begin: number, end: number): string {
  if (!coders || end - begin < LEAST_READ) return joinBytes(from, begin, end)
  let text = ''
  for (let at = begin; at < end; at += PART) {
    const part = from.subarray(at, Math.min(end, at + PART))
    bytes.set(part)
    if (isAscii(part.length)) text += coders.fromUtf8.decode(bytes.subarray(0, part.length))
    else {
      units.set(part)
      text += coders.fromUtf16.decode(units.subarray(0, part.length))
    }
  }
  return text
}

/** The text whose code units are these. */
export function fromWords(from: Uint16Array, begin: number, end: number): string {
  if (!coders || end - begin < LEAST_READ) return joinWords(from, begin, end)
  let text = ''
  for (let at = begin; at < end; at += PART) {
    const part = from.subarray(at, Math.min(end, at + PART))
    units.set(part)
    const decoded = coders.fromUtf16.decode(units.subarray(0, part.length))
    text += decoded.includes('\ufffd') ? joinWords(units, 0, part.length) : decoded // which half of a pair comes as
  }
  return text
}

/** Whether so many of the bytes on their way are. */
function isAscii(length: number): boolean {
  bytes.fill(0, length, (length + 3) & ~3)
  let seen = 0
  for (let i = 0; i << 2 < length; i++) seen |= words[i]!
  return (seen & 0x80808080) === 0
}

const join = String.fromCharCode

// By calls that have several units each, as short-text.ts says. Two functions, since one that has seen both kinds of arrays is slower for
// both.

function joinBytes(from: Uint8Array, begin: number, end: number): string {
  let text = ''
  let at = begin
  for (; at + LONGEST_SHORT <= end; at += LONGEST_SHORT) text += shortText(from, at, LONGEST_SHORT)
  return text + shortText(from, at, end - at)
}

function joinWords(from: Uint16Array, begin: number, end: number): string {
  let text = ''
  let at = begin
  for (; at + 8 <= end; at += 8)
    text += join(
      from[at]!,
      from[at + 1]!,
      from[at + 2]!,
      from[at + 3]!,
      from[at + 4]!,
      from[at + 5]!,
      from[at + 6]!,
      from[at + 7]!,
    )
  for (; at < end; at++) text += join(from[at]!)
  return text
}
