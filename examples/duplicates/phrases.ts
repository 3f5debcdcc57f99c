// From a file to the fingerprints of its phrases.
import type { SearchJob } from './job.js'
import { eachWord } from './words.js'

const BASE_A = 0x9e3779b1 | 0
const BASE_B = 0x85ebca77 | 0

/** A file was written to while it was read. */
export class FileChanged extends Error {
  readonly code = 'FILE_CHANGED'
}

/**
 * The numbers of all phrases of a file that count, in order. If there are more than there is room for, throws a
 * FileChanged.
 */
export function fingerprint(job: SearchJob, index: number): Float64Array {
  const { length, divisor } = job
  const phrases = new Phrases(length, divisor, job.rooms[index]!)
  eachWord(job.files[index]!, (a, b) => phrases.add(a, b))
  const { found, prints } = phrases
  if (found > prints.length) throw new FileChanged(`${job.files[index]} was written to while it was read: try again`)
  return prints.slice(0, found)
}

/**
 * The phrases that words make, each with a number of 53 bits; only those whose number the divisor divides (Manber 1994).
 * Equal texts have the same ones. Each number follows from the one before (Karp and Rabin 1987).
 *
 * That any two of a million different phrases have the same number has a probability of 1 in 18,000. What is printed is
 * compared as text.
 */
export class Phrases {
  /** How many there are; of those beyond the room, nothing else is known. */
  found = 0
  readonly prints: Float64Array
  /** Of the last words, in a ring. */
  readonly #words: Int32Array
  readonly #mask: number
  readonly #powerA: number
  readonly #powerB: number
  #count = 0
  #at = 0
  #a = 0
  #b = 0

  /** @param divisor a power of two */
  constructor(length: number, divisor: number, room: number) {
    this.prints = new Float64Array(room)
    this.#words = new Int32Array(2 * length)
    this.#mask = divisor - 1
    this.#powerA = power(BASE_A, length)
    this.#powerB = power(BASE_B, length)
  }

  /** The next word. Says whether the phrase that ends here is one of those that count. */
  add(a: number, b: number): boolean {
    const words = this.#words
    const at = this.#at
    this.#a = (Math.imul(this.#a, BASE_A) + a - Math.imul(words[at]!, this.#powerA)) | 0
    this.#b = (Math.imul(this.#b, BASE_B) + b - Math.imul(words[at + 1]!, this.#powerB)) | 0
    words[at] = a
    words[at + 1] = b
    this.#at = at + 2 === words.length ? 0 : at + 2
    if (++this.#count < words.length >>> 1) return false
    const high = mix(this.#a)
    if ((high & this.#mask) !== 0) return false
    if (this.found < this.prints.length) this.prints[this.found] = (high >>> 0) * 2 ** 21 + (mix(this.#b) >>> 11)
    this.found++
    return true
  }
}

function power(base: number, exponent: number): number {
  let result = 1
  for (let i = 0; i < exponent; i++) result = Math.imul(result, base)
  return result
}

/** The end of MurmurHash3: every bit depends on every bit. */
function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
