import { later } from '../core/platform.js'

// Places for strings that this thread asks for again and again, PLACES for all of its maps. A string has WAYS of them, chosen by a mix of 32
// bits that its map makes of it (hot-sample.ts); whether it is there says `===`, which for the same string object compares two
// addresses. Who finds all of its places taken wears one of them out before it gets it, and a place that nobody has asked for in SWEEP_MS,
// or a little more, is emptied; so are those of keys that are deleted, and of maps that are closed.
//
// More places would bring less: a string that is in none of the processor's caches is waited for, and so is its place, where the entry takes as
// long to be found by the bytes of the key.
//
//     texts       the string of each place; '' where there is none
//     marks       of each place 8 more bits of what it was chosen by, its tag, and how long it lasts, its wear
//     facts       half a cache line of each place: whose it is, and what is known of its key, 32 bits each; and a word of 64 bits
//
// Who comes in vain looks at the marks, which stay in the cache, and hardly ever at a string that is another.

const PLACES = 16_384
const PLACE_SHIFT = 18 // 32 bits less those of a place
/** Places that a text can have. */
const WAYS = 4
export const SHORTEST = 4
export const LONGEST = 256

/** Words of 32 bits of a place; which are what, and which of the words of 64 bits from there on. */
const FACTS = 8
const OWNER = 0
export const HASH = 1
export const BLOCK = 2
export const RETIRED = 2
/** Looks of others that a place withstands after its string was asked for. */
const FRESH = 3
const WEAR = 0xff
const TAG = 0xff00
const SWEEP_MS = 10_000

/** Of no string. */
export const NOWHERE = -1

const texts: string[] = new Array<string>(PLACES).fill('')
const marks = new Uint16Array(PLACES)
export const facts = new Int32Array(PLACES * FACTS)
export const numbers = new Float64Array(facts.buffer)

/** Places that are taken. The timer runs while there are any. */
let taken = 0
let isSweeping = false

// ---- Looking ----

/** Where what is known of a text of this owner begins in `facts`, or NOWHERE. It is to be kept. */
export function findFacts(text: string, mix: number, owner: number): number {
  let place = mix >>> PLACE_SHIFT
  if (!isAt(place, mix, text, owner)) {
    place = furtherPlace(place, mix, text, owner)
    if (place === NOWHERE) return NOWHERE
  }
  marks[place]! |= FRESH
  return place * FACTS
}

/** Of the other three places the one that a text has, or NOWHERE. */
function furtherPlace(first: number, mix: number, text: string, owner: number): number {
  for (let i = 1; i < WAYS; i++) if (isAt(first ^ i, mix, text, owner)) return first ^ i
  return NOWHERE
}

function isAt(place: number, mix: number, text: string, owner: number): boolean {
  return ((marks[place]! ^ mix) & TAG) === 0 && texts[place] === text && facts[place * FACTS + OWNER] === owner
}

/** A text of this owner that has one of the places of a mix, and its tag, which may be by chance; '' if there is none. */
export function textAt(mix: number, owner: number): string {
  for (let i = 0; i < WAYS; i++) {
    const place = (mix >>> PLACE_SHIFT) ^ i
    if (((marks[place]! ^ mix) & TAG) === 0 && facts[place * FACTS + OWNER] === owner) return texts[place]!
  }
  return ''
}

// ---- Changing ----

/** Enters what is known of a text's key, if that is there still. */
export function learn(at: number, text: string, owner: number, hash: number, block: number, retired: number): void {
  if (texts[at / FACTS] !== text || facts[at + OWNER] !== owner) return // what a program’s own code has done meanwhile
  facts[at + HASH] = hash
  facts[at + BLOCK] = block
  numbers[at / 2 + RETIRED] = retired
}

/** Gives a text that was looked for in vain a place, unless those that it could have are still wanted. Whether it has one. */
export function admit(text: string, mix: number, owner: number): boolean {
  let place = mix >>> PLACE_SHIFT
  for (let i = 1; i < WAYS; i++) if (wearOf((mix >>> PLACE_SHIFT) ^ i) < wearOf(place)) place = (mix >>> PLACE_SHIFT) ^ i
  if (wearOf(place) > 0) {
    marks[place]!--
    return false
  }
  if (texts[place] !== '') vacate(place)
  sweepLater() // before the text is anywhere: that can be the end of the stack, and then nobody would know of it
  facts[place * FACTS + OWNER] = owner
  facts[place * FACTS + BLOCK] = 0
  marks[place] = mix & TAG
  texts[place] = text
  taken++
  return true
}

function wearOf(place: number): number {
  return marks[place]! & WEAR
}

function vacate(place: number): void {
  texts[place] = ''
  facts[place * FACTS + OWNER] = marks[place] = 0
  taken--
}

/** Holds on to a text no more that has its facts there. */
export function forgetAt(at: number): void {
  vacate(at / FACTS)
}

/** Holds on to nothing of this owner's any more. */
export function forgetAll(owner: number): void {
  for (let place = 0; place < PLACES; place++) if (facts[place * FACTS + OWNER] === owner) vacate(place)
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
  later(SWEEP_MS, sweep)
  isSweeping = true // behind that, which the end of the stack can prevent
}
