import { TextView } from '../core/text.js'

// Values that are nothing but plain objects and arrays, strings, numbers, booleans, null, undefined and dates, as words:
//
//   { a: 1, b: ['x', 'yz'] }   ->   begin, object of 2, its names, small 1, array of 2, string of 1, string of 2; xyz
//
// The first word has MARK in its lowest byte, with which no JSON begins, then whether the text is UTF-16, and the number of
// words. The text of all strings follows them in one piece, which the runtime copies faster than many. Whatever else is in a value,
// what is shared or cyclic, a hole, a name `__proto__`, deep nesting: then all of it is written the other way, by
// structured.ts. Which way depends on nothing but the value, and what is read is again a value that goes the same way: so equal
// values have equal bytes.

/** What is in the first byte. */
export const MARK = 1

/** What a word of the format is, in its low 8 bits; what is above them depends on it. */
export const TAG = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  /** 24 bits, signed, are in the word itself; 32 in the next one. */
  small: 4,
  integer: 5,
  /** 64 bits follow. */
  double: 6,
  date: 7,
  /** So many characters of the text. */
  string: 8,
  /** So many items follow. */
  array: 9,
  /** The rest of a shape's header and so many values follow. The second has no prototype. */
  object: 10,
  bare: 11,
} as const

export const TAG_BITS = 8
/** What is beyond does not fit beside a tag. */
export const MOST = 2 ** 23 - 1

/** Objects in one another. Who nests deeper needs somebody who counts on the end of the stack. */
export const DEEPEST = 64

/** Memory of whatever kind, with views that reach what is written. */
export interface Memory {
  readonly words: Int32Array
  readonly text: TextView
}

/** Some memory of this thread's own. */
export class OwnMemory implements Memory {
  readonly words: Int32Array
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly text: TextView

  constructor(byteLength: number) {
    const buffer = new ArrayBuffer((byteLength + 7) & ~7)
    this.words = new Int32Array(buffer)
    this.bytes = new Uint8Array(buffer)
    this.view = new DataView(buffer)
    this.text = new TextView(buffer)
  }
}
