// Texts of a few bytes. V8 makes one of several units at once only where a call has them one by one: with a list of them it takes three
// times as long, and what is put together of more than twelve is no string yet, but a tree of strings.

/** Bytes of the longest one. */
export const LONGEST_SHORT = 16

const join = String.fromCharCode

/** The text of so many bytes, LONGEST_SHORT at most, in Latin-1. */
// biome-ignore format: one line each
export function shortText(b: Uint8Array, i: number, length: number): string {
  switch (length) {
    case 1: return join(b[i]!)
    case 2: return join(b[i]!, b[i + 1]!)
    case 3: return join(b[i]!, b[i + 1]!, b[i + 2]!)
    case 4: return join(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!)
    case 5: return join(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!)
    case 6: return join(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!)
    case 7: return join(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!)
    case 8: return join(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!, b[i + 7]!)
    case 9: return join(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!, b[i + 7]!, b[i + 8]!)
    case 10: return join(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!, b[i + 7]!, b[i + 8]!, b[i + 9]!)
    case 11: return join(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!, b[i + 7]!, b[i + 8]!, b[i + 9]!, b[i + 10]!)
    case 12: return join(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!, b[i + 7]!, b[i + 8]!, b[i + 9]!, b[i + 10]!, b[i + 11]!)
    case 13: return join(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!, b[i + 7]!, b[i + 8]!, b[i + 9]!, b[i + 10]!, b[i + 11]!, b[i + 12]!)
    case 14: return join(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!, b[i + 7]!, b[i + 8]!, b[i + 9]!, b[i + 10]!, b[i + 11]!, b[i + 12]!, b[i + 13]!)
    case 15: return join(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!, b[i + 7]!, b[i + 8]!, b[i + 9]!, b[i + 10]!, b[i + 11]!, b[i + 12]!, b[i + 13]!, b[i + 14]!)
    case 16: return join(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!, b[i + 7]!, b[i + 8]!, b[i + 9]!, b[i + 10]!, b[i + 11]!, b[i + 12]!, b[i + 13]!, b[i + 14]!, b[i + 15]!)
    default: return ''
  }
}

// Texts in objects are often the same ones again: roles, states, names of kinds. So those that were read twice are remembered, by four
// overlapping words that all of their bytes are in. The first time only the words are, which costs less than to hold on to a text. Where
// most are others each time that does not pay: then nothing is looked for during the next REST of them.

const PLACES = 256
const PLACE_SHIFT = 24 // 32 bits less those of a place
/** Words of a place: four of the text, and its length. */
const FACTS = 8
const MOST_CREDIT = 512
const TRIAL = 256
const REST = 8192

const texts = new Array<string>(PLACES).fill('')
const facts = new Int32Array(PLACES * FACTS)
let credit = MOST_CREDIT
let rest = 0

/** The same, where it may have been read before; `view` is of the memory of the bytes. */
export function knownText(bytes: Uint8Array, view: DataView, at: number, length: number): string {
  if (length < 4 || rest > 0) {
    if (rest > 0) rest--
    return shortText(bytes, at, length)
  }
  const end = at + length - 4
  const first = view.getInt32(at, true)
  const second = view.getInt32(Math.min(at + 4, end), true)
  const third = view.getInt32(Math.max(at, end - 4), true)
  const last = view.getInt32(end, true)
  const mix = Math.imul(first ^ Math.imul(second, 31) ^ Math.imul(third, 961) ^ length, 0x9e3779b1) ^ last
  const place = Math.imul(mix ^ (mix >>> 15), 0x2c1b3c6d) >>> PLACE_SHIFT
  const fact = place * FACTS
  const difference =
    replace(fact, first) |
    replace(fact + 1, second) |
    replace(fact + 2, third) |
    replace(fact + 3, last) |
    replace(fact + 4, length)
  if (difference === 0) {
    if (credit < MOST_CREDIT) credit++
    return texts[place] || (texts[place] = shortText(bytes, at, length))
  }
  if (texts[place] !== '') texts[place] = ''
  if (--credit === 0) {
    credit = TRIAL
    rest = REST
  }
  return shortText(bytes, at, length)
}

/** Puts a word in the place of another. Returns the bits that differ. */
function replace(at: number, word: number): number {
  const difference = facts[at]! ^ word
  facts[at] = word
  return difference
}
