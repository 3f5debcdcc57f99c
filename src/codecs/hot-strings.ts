import { BLOCK_HEADER_BYTES, TYPE, TYPE_MASK } from '../core/layout.js'
import { later } from '../core/platform.js'
import type { Heap } from '../heap/heap.js'

// What this thread remembers of strings that it asks for again and again: their bytes as the core takes them, and their hashes.
// A `Map` does as much: it never looks at the characters of a string that it has seen. Nothing of the map is remembered (neither where
// an entry is nor what is in it), so nothing here can be out of date: a string is its bytes for ever, and its hash in a heap too.
//
// A string has two places, chosen by its length and five of its characters; whether it is there says `===`, which for the same string
// object compares two addresses. There are PLACES of them for all maps of a thread, each for strings of LONGEST characters at most.
// Who comes to two taken places wears one of them out before it gets it, and a place that nobody has asked for in SWEEP_MS, or
// a little more, is emptied; so are those of keys that are deleted, and of maps that are closed.
//
//     texts       the string of each place; '' where there is none
//     marks       of each place 8 more bits of what it was chosen by, its tag, and how long it lasts, its wear
//     facts       two cache lines of each place: its hash and its owner, 32 bits each
//     payloads    and the string's bytes, in whole words of 64 bits, zero behind the last one
//
// Who comes in vain looks at the marks, which stay in the cache, and hardly ever at a string that is another.

const PLACES = 4096
const PLACE_SHIFT = 20 // 32 bits less those of a place
const SHORTEST = 4
const LONGEST = 120
/** Of a place, in words of 32 and of 64 bits. */
const FACTS = 32
const WORDS = FACTS / 2
const FIRST_WORD = 1
const OWNER = 1
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

/** Empties the places that nobody has asked for since the last time. */
function sweep(): void {
  isSweeping = false
  for (let place = 0; place < PLACES; place++) {
    if (texts[place] === '') continue
    if (wearOf(place) === 0) vacate(place)
    else marks[place]! &= TAG
  }
  if (taken > 0) sweepLater()
}

function sweepLater(): void {
  if (isSweeping) return
  isSweeping = true
  later(SWEEP_MS, sweep)
}

// Whether it pays is seen as it goes: a hit spares some 20 ns, and a miss costs some, so a miss counts as COST hits; as one, where the
// text is only set, which remembers nothing. A map that has used up its credit does not look for a while: one whose strings are
// always new pays for TRIAL / COST looks, or TRIAL of what is set, in REST operations.

const START = 8192
const TRIAL = 1024
const COST = 3
const REST = 65_536

/** What one map's keys are remembered by in this thread. */
export class HotStrings {
  readonly #owner = ++owners
  readonly #heap: Heap
  /** Where a key's block lies in this thread's own page, which the first views reach; and its payload, in words of 64 bits. */
  readonly #source: number
  readonly #target: number
  readonly #floats: Float64Array
  #credit = START
  #rest = 0

  constructor(heap: Heap, source: number) {
    this.#heap = heap
    this.#source = source
    this.#target = (source + BLOCK_HEADER_BYTES) >>> 3
    this.#floats = heap.floats
  }

  /**
   * Lays the payload of a text that is remembered where a key's has to be, and returns its hash. 0: it is to be encoded.
   *
   * @param isKept whether it is remembered from now on; not of what is set: it may be new, and inserting it would pay for nothing
   */
  stage(text: string, isKept: boolean): number {
    if (this.#rest !== 0) {
      this.#rest--
      return 0
    }
    const { length } = text
    if (length < SHORTEST || length > LONGEST) return 0
    const mix = mixOf(text, length)
    const tag = tagOf(mix)
    let place = mix >>> PLACE_SHIFT
    if (!this.#isAt(place, tag, text)) {
      place ^= 1
      if (!this.#isAt(place, tag, text)) return this.#miss(text, place, tag, isKept)
    }
    this.#credit++
    marks[place] = tag | FRESH
    const floats = this.#floats
    const to = this.#target
    for (let i = 0, from = place * WORDS + FIRST_WORD, words = wordsOf(length); i < words; i++) {
      floats[to + i] = payloads[from + i]!
    }
    return facts[place * FACTS]!
  }

  /** Holds on to a text no more: its entry is removed. */
  forget(text: string): void {
    const { length } = text
    if (length < SHORTEST || length > LONGEST) return
    const mix = mixOf(text, length)
    const place = mix >>> PLACE_SHIFT
    if (this.#isAt(place, tagOf(mix), text)) vacate(place)
    else if (this.#isAt(place ^ 1, tagOf(mix), text)) vacate(place ^ 1)
  }

  /** Holds on to nothing any more: the map is closed. */
  end(): void {
    for (let place = 0; place < PLACES; place++) if (facts[place * FACTS + OWNER] === this.#owner) vacate(place)
  }

  #isAt(place: number, tag: number, text: string): boolean {
    return (marks[place]! & TAG) === tag && texts[place] === text && facts[place * FACTS + OWNER] === this.#owner
  }

  #miss(text: string, place: number, tag: number, isKept: boolean): number {
    this.#credit = Math.min(this.#credit, START) - (isKept ? COST : 1)
    if (this.#credit < 0) {
      this.#credit = TRIAL
      this.#rest = REST
    }
    if (!isKept) return 0
    const other = place ^ 1
    return this.#admit(text, wearOf(place) <= wearOf(other) ? place : other, tag)
  }

  /** Remembers a text, unless the place is still wanted. Returns what stage() does. */
  #admit(text: string, place: number, tag: number): number {
    if (wearOf(place) > 0) {
      marks[place]!--
      return 0
    }
    const { core, text: view } = this.#heap
    const meta = view.encode(text, this.#source + BLOCK_HEADER_BYTES)
    const hash = (meta & TYPE_MASK) === TYPE.latin1 ? core.hashOfKey(this.#source, meta) : 0 // which pads it, too
    const from = this.#target
    const words = wordsOf(text.length)
    // A word that would be NaN as a number may come out of a copy as another one.
    for (let i = 0; i < words; i++) if (Number.isNaN(this.#floats[from + i])) return 0
    if (hash === 0) return 0
    if (texts[place] !== '') vacate(place)
    for (let i = 0, to = place * WORDS + FIRST_WORD; i < words; i++) payloads[to + i] = this.#floats[from + i]!
    facts[place * FACTS] = hash
    facts[place * FACTS + OWNER] = this.#owner
    marks[place] = tag
    texts[place] = text
    taken++
    sweepLater()
    return hash
  }
}
