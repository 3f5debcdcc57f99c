// What chooses the places of a map's strings (hot-places.ts): their length, and a few of their characters, because to look at all would cost
// more than it brings. Which of them are worth a look is another matter in each map: of `user:1234` the last ones, but of
// `user:1234:profile` those before the tail that all have. So a map begins with the last four. Where strings come to places that others with the
// same four have, some of these pairs are compared, and it may turn out that six others tell them apart.

// A position is an index or, if it is negative, counts from the end.

/** Strings that are compared, in pairs: what tells those two apart is missed, and what tells one pair from another is not to be lost. */
const ROWS = 128
/** Characters that are compared: so many from the beginning, and from the end, which are all of the longest that are remembered. */
const SPAN = 128
/** Of so many pairs one is: strings that come one after another often differ in their last digit only. */
const STEP = 5
/** Positions that are chosen then. */
const CHOSEN = 6
/** Pairs that are passed over between one choice and the next; twice as many each time. */
const PAUSE = 256
const MOST_PAUSE = 1 << 16
/** So many a map lets pass where another one is comparing: in half of them that one comes to an end. */
const PATIENCE = STEP * ROWS

type Positions = readonly number[]
const LAST_FOUR: Positions = [-1, -2, -3, -4]

/** What the strings that are compared have at each position: there is room for those of one map in this thread. */
let rows: Uint16Array | undefined
/** Whose they are. */
let comparing: Sample | undefined

/** The sample that one map takes of its strings. */
export class Sample {
  readonly #salt: number
  /** Whether it is the last four still: that takes less. */
  #areLast = true
  // The positions. Variables of their own, because every look takes them.
  #a = 0
  #b = 0
  #c = 0
  #d = 0
  #e = 0
  #f = 0
  /** The shortest length that has all of them. */
  #reach = 0
  /** Rows that are written. */
  #count = 0
  #passing = 0
  #pause = PAUSE
  #hasWaited = false

  /** @param owner whose strings these are: those of two maps have nothing to do with each other */
  constructor(owner: number) {
    this.#salt = owner << 16
  }

  /** 32 bits, of which the highest are the place; of a text of four characters at least. */
  mixOf(text: string): number {
    const { length } = text
    if (!this.#areLast) return length < this.#reach ? this.#mixOfShort(text, length) : this.#mixOfLong(text, length)
    return this.#mix(
      length,
      text.charCodeAt(length - 1) | (text.charCodeAt(length - 2) << 8) | (text.charCodeAt(length - 3) << 16),
      text.charCodeAt(length - 4),
    )
  }

  #mixOfLong(text: string, length: number): number {
    return this.#mix(
      length,
      unitAt(text, length, this.#a) | (unitAt(text, length, this.#b) << 8) | (unitAt(text, length, this.#c) << 16),
      unitAt(text, length, this.#d) | (unitAt(text, length, this.#e) << 8) | (unitAt(text, length, this.#f) << 16),
    )
  }

  /** Of a text that ends before some of the positions: what is at its ends is there instead. */
  #mixOfShort(text: string, length: number): number {
    const [a, b, c, d, e, f] = this.#positions.map((at) => unitAt(text, length, Math.min(Math.max(at, -length), length - 1)))
    return this.#mix(length, a! | (b! << 8) | (c! << 16), d! | (e! << 8) | (f! << 16))
  }

  #mix(length: number, three: number, others: number): number {
    const all = three ^ Math.imul(others + length + this.#salt, 0x9e3779b1)
    return Math.imul(all ^ (all >>> 15), 0x85ebca6b)
  }

  get #positions(): Positions {
    return this.#areLast ? LAST_FOUR : [this.#a, this.#b, this.#c, this.#d, this.#e, this.#f]
  }

  /** Takes note of two strings that have the same mix. Whether others are chosen: then all strings have other places. */
  learn(text: string, other: string): boolean {
    if (this.#passing > 0) {
      this.#passing--
      return false
    }
    if (comparing !== this && !this.#begin()) return false
    rows ??= new Uint16Array(ROWS * 2 * SPAN)
    writeRow(rows, this.#count++, text)
    writeRow(rows, this.#count++, other)
    this.#passing = STEP - 1
    return this.#count >= ROWS && this.#choose(rows)
  }

  /** Takes the rows, also from another map that has had its time. */
  #begin(): boolean {
    if (comparing !== undefined && !this.#hasWaited) {
      this.#hasWaited = true
      this.#passing = PATIENCE
      return false
    }
    this.#hasWaited = false
    this.#count = 0
    comparing = this
    return true
  }

  #choose(rows: Uint16Array): boolean {
    comparing = undefined
    this.#passing = this.#pause
    this.#pause = Math.min(2 * this.#pause, MOST_PAUSE)
    const best = bestOf(rows)
    const isBetter = kindsBy(rows, best) > kindsBy(rows, this.#positions)
    if (isBetter) this.#take(best)
    return isBetter
  }

  #take(positions: Positions): void {
    ;[this.#a, this.#b, this.#c, this.#d, this.#e, this.#f] = positions as [number, number, number, number, number, number]
    this.#reach = Math.max(...positions.map((position) => (position < 0 ? -position : position + 1)))
    this.#areLast = false
  }
}

/** The character at a position. */
function unitAt(text: string, length: number, position: number): number {
  return text.charCodeAt(position + (length & (position >> 31)))
}

function writeRow(rows: Uint16Array, row: number, text: string): void {
  const [begin, end] = [row * 2 * SPAN, (row + 1) * 2 * SPAN]
  rows.fill(0, begin, end)
  for (let i = 0; i < Math.min(text.length, SPAN); i++) {
    rows[begin + i] = text.charCodeAt(i)
    rows[end - 1 - i] = text.charCodeAt(text.length - 1 - i)
  }
}

/** One position after another, each the one that tells most of those strings apart that are alike up to then. */
function bestOf(rows: Uint16Array): number[] {
  const best: number[] = []
  const kinds = new Uint32Array(ROWS)
  const varied = variedIn(rows)
  while (best.length < CHOSEN) {
    let [chosen, most] = [-1, -1]
    for (const position of varied) {
      if (best.includes(position)) continue
      const score = split(rows, position, kinds, NONE) * ROWS + split(rows, position, ALIKE, NONE)
      if (score > most) [chosen, most] = [position, score]
    }
    split(rows, chosen, kinds, kinds)
    best.push(chosen)
  }
  return best
}

/** The positions at which not all strings have the same: the others need not be looked at again and again. */
function variedIn(rows: Uint16Array): number[] {
  const varied: number[] = []
  for (let position = -SPAN; position < SPAN; position++) {
    const first = unitIn(rows, 0, position)
    let i = 1
    while (i < ROWS && unitIn(rows, i, position) === first) i++
    if (i < ROWS) varied.push(position)
  }
  return varied
}

function unitIn(rows: Uint16Array, row: number, position: number): number {
  return rows[row * 2 * SPAN + position + (position < 0 ? 2 * SPAN : 0)]!
}

/** How many kinds of strings there are, if nothing is seen of them but what they have at these positions. */
function kindsBy(rows: Uint16Array, positions: Positions): number {
  const kinds = new Uint32Array(ROWS)
  return Math.max(...positions.map((position) => split(rows, position, kinds, kinds)))
}

const ALIKE = new Uint32Array(ROWS)
const NONE = new Uint32Array()

/** Splits each kind of strings by what they have at a position; `into` gets the kind of each then. Returns how many there are. */
function split(rows: Uint16Array, position: number, kinds: Uint32Array, into: Uint32Array): number {
  const numbers = new Map<number, number>()
  for (let i = 0; i < ROWS; i++) {
    const name = kinds[i]! * 65_536 + unitIn(rows, i, position)
    let number = numbers.get(name)
    if (number === undefined) numbers.set(name, (number = numbers.size))
    if (into === kinds) into[i] = number
  }
  return numbers.size
}
