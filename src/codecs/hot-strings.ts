import { BLOCK_HEADER_BYTES, SCRATCH, SPOT_AWAITED, STATUS, TYPE, TYPE_MASK } from '../core/layout.js'
import { later } from '../core/platform.js'
import type { Heap } from '../heap/heap.js'

// What this thread remembers of strings that it asks for again and again: their bytes as the core takes them, their hashes, and where
// their entries were seen last. A `Map` does as much: it never looks at the characters of a string that it has seen. A string is its
// bytes for ever, and its hash in a heap too; where an entry is, its *spot*, counts only with the lock word that it was seen under,
// which the core compares (assembly/structures/hashmap/spot.ts). So nothing that is here can be out of date.
//
// A string has two places, chosen by its length and five of its characters; whether it is there says `===`, which for the same string
// object compares two addresses. There are PLACES of them for all maps of a thread, each for strings of LONGEST characters at most.
// Who comes to two taken places wears one of them out before it gets it, and a place that nobody has asked for in SWEEP_MS, or
// a little more, is emptied; so are those of keys that are deleted, and of maps that are closed.
//
//     texts       the string of each place; '' where there is none
//     marks       of each place 8 more bits of what it was chosen by, its tag, and how long it lasts, its wear
//     facts       two cache lines of each place: its hash, its owner, its spot (0: not known) and the lock word of that, 32 bits each
//     payloads    and the string's bytes, in whole words of 64 bits, zero behind the last one
//
// Who comes in vain looks at the marks, which stay in the cache, and hardly ever at a string that is another.

const PLACES = 4096
const PLACE_SHIFT = 20 // 32 bits less those of a place
const SHORTEST = 4
const LONGEST = 112
/** Of a place, in words of 32 and of 64 bits. */
const FACTS = 32
const WORDS = FACTS / 2
const FIRST_WORD = 2
const [HASH, OWNER, SPOT, LOCK] = [0, 1, 2, 3] as const
/** Looks of others that a place withstands after its string was asked for. */
const FRESH = 3
const WEAR = 0xff
const TAG = 0xff00
const SWEEP_MS = 10_000

const texts: string[] = new Array<string>(PLACES).fill('')
const payloads = new Float64Array(PLACES * WORDS)
const facts = new Int32Array(payloads.buffer)
const marks = new Uint16Array(PLACES)

/** Places that are taken. The timer runs while there are any. */
let taken = 0
let isSweeping = false
let owners = 0

/** What chooses the places of a text: the first of the two, in the highest bits, and its tag. */
function mixOf(text: string, length: number): number {
  const half = length >> 1
  const last = text.charCodeAt(length - 1) | (text.charCodeAt(length - 2) << 8) | (text.charCodeAt(length - 3) << 16)
  const first = text.charCodeAt(half) | (text.charCodeAt(half >> 1) << 8)
  return Math.imul(last ^ Math.imul(first + length, 0x9e3779b1), 0x85ebca6b)
}

function tagOf(mix: number): number {
  return mix & TAG
}

function wearOf(place: number): number {
  return marks[place]! & WEAR
}

function wordsOf(length: number): number {
  return (length + 7) >> 3
}

function vacate(place: number): void {
  texts[place] = ''
  facts[place * FACTS + OWNER] = marks[place] = 0
  taken--
}

/** Empties the places that nobody has asked for since the last time, and forgets all spots. */
function sweep(): void {
  isSweeping = false
  for (let place = 0; place < PLACES; place++) {
    if (texts[place] === '') continue
    facts[place * FACTS + SPOT] = 0 // or one that is only set would keep it for ever: see spot.ts
    if (wearOf(place) === 0) vacate(place)
    else marks[place]! &= TAG
  }
  if (taken > 0) sweepLater()
}

function sweepLater(): void {
  if (isSweeping) return
  later(SWEEP_MS, sweep)
  isSweeping = true // behind that, which the end of the stack can prevent
}

// Whether it pays is seen as it goes: a hit spares some 20 ns, and a miss costs some, so a miss counts as COST hits; as one, where a
// new entry is made, which remembers nothing. A map that has used up its credit does not look for a while: one whose strings are
// always new pays for TRIAL / COST looks, or TRIAL of what is set, in REST operations.

const START = 8192
const TRIAL = 1024
const COST = 3
const REST = 65_536

/** Of no string: what find() says. */
export const NOWHERE = -1

/** What one map's keys are remembered by in this thread. */
export class HotStrings {
  readonly #owner = ++owners
  /** Where a key's block lies in this thread's own page, which the first views reach, in words of 32 bits; its payload, of 64. */
  readonly #source: number
  readonly #target: number
  /** Where a read says which spot it has found its entry at. */
  readonly #results: number
  readonly #words: Int32Array
  readonly #floats: Float64Array
  #credit = START
  #rest = 0
  // Of the string that was looked for in vain last: the place that it would get, and its tag.
  #vain = 0
  #tag = 0
  /** Whether any has been remembered since the last end. */
  #hasAny = false

  constructor({ words, floats, scratch }: Heap, source: number) {
    this.#source = source >>> 2
    this.#target = (source + BLOCK_HEADER_BYTES) >>> 3
    this.#results = scratch >>> 2
    this.#words = words
    this.#floats = floats
  }

  /** Whether texts of this length are remembered, and it pays at present to look for one. To ask is to count an operation. */
  isWorthwhile(length: number): boolean {
    if (this.#rest !== 0) {
      this.#rest--
      return false
    }
    return length >= SHORTEST && length <= LONGEST
  }

  /** Where a text is remembered, or NOWHERE; of one that it is worth while to look for. */
  find(text: string): number {
    const { length } = text
    const mix = mixOf(text, length)
    let place = mix >>> PLACE_SHIFT
    if (!this.#isAt(place, mix, text) && !this.#isAt((place ^= 1), mix, text)) return this.#miss(place, mix)
    this.#credit++
    marks[place]! |= FRESH
    return place
  }

  /** The hash of what is remembered there. */
  hashAt(place: number): number {
    return facts[place * FACTS + HASH]!
  }

  /** Where its entry was seen, and under which lock word; 0: nobody has seen it. */
  spotAt(place: number): number {
    return facts[place * FACTS + SPOT]!
  }

  lockAt(place: number): number {
    return facts[place * FACTS + LOCK]!
  }

  /** Lays its payload where a key's has to be. */
  lay(place: number, length: number): void {
    const floats = this.#floats
    const to = this.#target
    for (let i = 0, from = place * WORDS + FIRST_WORD, words = wordsOf(length); i < words; i++) {
      floats[to + i] = payloads[from + i]!
    }
  }

  /** The next read is to say where it finds its entry. */
  awaitSpot(): void {
    this.#words[this.#results + SCRATCH.spot / 4] = SPOT_AWAITED
  }

  /** Takes down what it has said; 0 if it has found none. */
  renew(place: number): void {
    const words = this.#words
    const at = place * FACTS
    const spot = words[this.#results + SCRATCH.spot / 4]!
    facts[at + SPOT] = spot === SPOT_AWAITED ? 0 : spot
    facts[at + LOCK] = words[this.#results + SCRATCH.lock / 4]!
    words[this.#results + SCRATCH.spot / 4] = 0
  }

  /** Whether that is why there was no answer: what is remembered of the spot does not hold any more. */
  get isOutdated(): boolean {
    return this.#words[this.#results + SCRATCH.status / 4] === STATUS.outdated
  }

  /**
   * Remembers a text from now on that find() has found nowhere just before, unless its place is still wanted. Its block lies where keys
   * lie, completed by the core; not of what is a new entry: it may be the only time, and to remember it would pay for nothing.
   */
  remember(text: string, meta: number): void {
    const place = this.#vain
    this.#credit -= COST - 1
    if (wearOf(place) > 0) marks[place]!--
    else this.#admit(text, meta, place)
  }

  /** Holds on to a text no more: its entry is removed. */
  forget(text: string): void {
    const { length } = text
    if (length < SHORTEST || length > LONGEST) return
    const mix = mixOf(text, length)
    const place = mix >>> PLACE_SHIFT
    if (this.#isAt(place, mix, text)) vacate(place)
    else if (this.#isAt(place ^ 1, mix, text)) vacate(place ^ 1)
  }

  /** Holds on to nothing any more: the map is closed, or was cleared. */
  end(): void {
    if (!this.#hasAny) return // all places are not looked at for nothing
    this.#hasAny = false
    for (let place = 0; place < PLACES; place++) if (facts[place * FACTS + OWNER] === this.#owner) vacate(place)
  }

  #isAt(place: number, mix: number, text: string): boolean {
    return ((marks[place]! ^ mix) & TAG) === 0 && texts[place] === text && facts[place * FACTS + OWNER] === this.#owner
  }

  #miss(place: number, mix: number): number {
    this.#credit = Math.min(this.#credit, START) - 1
    if (this.#credit < 0) {
      this.#credit = TRIAL
      this.#rest = REST
    }
    const other = place ^ 1
    this.#vain = wearOf(place) <= wearOf(other) ? place : other
    this.#tag = tagOf(mix)
    this.#words[this.#source + 1] = 0 // no hash yet: the core may refuse to make one
    return NOWHERE
  }

  #admit(text: string, meta: number, place: number): void {
    const from = this.#target
    const words = wordsOf(text.length)
    const hash = this.#words[this.#source + 1]!
    if ((meta & TYPE_MASK) !== TYPE.latin1 || hash === 0) return
    // A word that would be NaN as a number may come out of a copy as another one.
    for (let i = 0; i < words; i++) if (Number.isNaN(this.#floats[from + i])) return
    if (texts[place] !== '') vacate(place)
    for (let i = 0, to = place * WORDS + FIRST_WORD; i < words; i++) payloads[to + i] = this.#floats[from + i]!
    facts[place * FACTS + HASH] = hash
    facts[place * FACTS + OWNER] = this.#owner
    facts[place * FACTS + SPOT] = 0
    marks[place] = this.#tag
    texts[place] = text
    this.#hasAny = true
    taken++
    sweepLater()
  }
}
