import { KEY_AWAITED, SCRATCH, STATUS } from '../core/layout.js'
import type { Heap } from '../heap/heap.js'
import * as places from './hot-places.js'
import { LONGEST, NOWHERE, SHORTEST } from './hot-places.js'
import { Sample } from './hot-sample.js'

// What this thread remembers of strings that it asks for again and again (hot-places.ts): by which block the core knows them. A `Map` does
// as much: it never looks at the characters of a string that it has seen. Nor does the core, where it is told the block of a key and the
// counter that shows that it is still that key's (assembly/structures/hashmap/known.ts). So nothing that is here can be out of date.

// Whether it pays is seen as it goes: a hit spares some 20 ns, and a miss costs some, so a miss counts as COST hits; as one, where a
// new entry is made, which remembers nothing. A map that has used up its credit does not look for a while: one whose strings are
// always new pays for TRIAL / COST looks, or TRIAL of what is set, in REST operations.

const START = 8192
const TRIAL = 1024
const COST = 3
const REST = 65_536

let owners = 0

/** What one map's keys are remembered by in this thread. */
export class HotStrings {
  readonly #owner = ++owners
  readonly #sample = new Sample(this.#owner)
  /** Where the hash of a key lies in this thread's own page, which the first views reach, and what a read tells, in words of 32 bits. */
  readonly #hash: number
  readonly #results: number
  readonly #words: Int32Array
  readonly #floats: Float64Array
  #credit = START
  #rest = 0
  /** Whether any has been remembered since the last end. */
  #hasAny = false

  constructor({ words, floats, scratch }: Heap, source: number) {
    this.#hash = (source + 4) >>> 2
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

  /** Where what is known of a text begins, or NOWHERE; of one that it is worth while to look for. */
  find(text: string): number {
    const at = places.findFacts(text, this.#sample.mixOf(text), this.#owner)
    if (at !== NOWHERE) this.#credit++
    return at
  }

  /** The next read is to tell the block of its key. */
  awaitKey(): void {
    this.#words[this.#results + SCRATCH.keyBlock / 4] = KEY_AWAITED
  }

  /** Takes down what it has told of this text, which is remembered there; nothing if it has found none. */
  learn(at: number, text: string): void {
    const words = this.#words
    const block = words[this.#results + SCRATCH.keyBlock / 4]!
    words[this.#results + SCRATCH.keyBlock / 4] = 0
    const retired = this.#floats[(this.#results + SCRATCH.retired / 4) >>> 1]!
    places.learn(at, text, this.#owner, words[this.#hash]!, block === KEY_AWAITED ? 0 : block, retired)
  }

  /** Whether that is why there was no answer: the block that is remembered may be another key's. */
  get isOutdated(): boolean {
    return this.#words[this.#results + SCRATCH.status / 4] === STATUS.outdated
  }

  /** Remembers a text from now on that find() has found nowhere, unless its places are still wanted. */
  remember(text: string): void {
    this.#pay(COST)
    const mix = this.#sample.mixOf(text)
    const other = places.textAt(mix, this.#owner)
    if (other !== '' && this.#sample.mixOf(other) === mix && this.#sample.learn(text, other)) this.#beginAnew()
    else if (places.admit(text, mix, this.#owner)) this.#hasAny = true
  }

  /** Does not, as its entry is a new one: it may be the only time, and to remember it would pay for nothing. */
  pass(): void {
    this.#pay(1)
  }

  /** Holds on to a text no more: its entry is removed. */
  forget(text: string): void {
    const { length } = text
    if (length < SHORTEST || length > LONGEST) return
    const at = places.findFacts(text, this.#sample.mixOf(text), this.#owner)
    if (at !== NOWHERE) places.forgetAt(at)
  }

  /** Holds on to nothing any more: the map is closed, or was cleared. */
  end(): void {
    if (!this.#hasAny) return // all places are not looked at for nothing
    places.forgetAll(this.#owner)
    this.#hasAny = false // behind that, which the end of the stack can prevent
  }

  /** All strings have other places than before; looks in vain up to now are no sign that there will be more. */
  #beginAnew(): void {
    this.end()
    this.#credit = START
  }

  /** A look was in vain. */
  #pay(cost: number): void {
    this.#credit = Math.min(this.#credit, START) - cost
    if (this.#credit >= 0) return
    this.#credit = TRIAL
    this.#rest = REST
  }
}
