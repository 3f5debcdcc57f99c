// What every thread is about to do and has done, in shared memory beside the heap: it survives whoever dies.
//
// Each actor, a victim or a survivor, alone writes its own keys. Before a write it notes the *intent*, after it the
// *acknowledgement*; so whoever comes after its death knows what must be there: the one or the other. Both are codes:
//
//     n > 0   the value of number n      n < 0   nothing since step n: removed      0   never set
//
// The numbers come from the actor's clock and only rise, through all of its deaths, so no value is ever written twice.

/** Keys of each actor in each collection, see collections.ts; those of the last two have one code for all of them. */
export const KEYS = [16, 16, 16, 16, 16, 16, 160, 1, 1] as const
/** Counters that all actors add to. */
export const COUNTERS = 8

/** Words of an actor, in order: one each, then two per counter, then two per key. */
const WORD = {
  clock: 0,
  incarnations: 1,
  steps: 2,
  pause: 3,
  refusals: 4,
  complaint: 5,
  emptying: 6,
  checkpoint: 7,
} as const
const COUNTERS_AT = 8
const KEYS_AT = COUNTERS_AT + 2 * COUNTERS
const ACTOR_WORDS = KEYS_AT + 2 * KEYS.reduce((sum, keys) => sum + keys, 0)
const KEYS_BEFORE = KEYS.map((_, map) => KEYS.slice(0, map).reduce((sum, keys) => sum + keys, 0))

const COMPLAINT_BYTES = 1024

/** Words for all; one says how many actors are to leave. */
const COMMON_WORDS = 16
const STOPPED = 0

export class Ledger {
  readonly buffer: SharedArrayBuffer
  readonly actors: number
  readonly #words: Int32Array
  readonly #complaints: Uint8Array

  constructor(actors: number, buffer = new SharedArrayBuffer(bytesFor(actors))) {
    this.actors = actors
    this.buffer = buffer
    this.#words = new Int32Array(buffer, 0, COMMON_WORDS + actors * ACTOR_WORDS)
    this.#complaints = new Uint8Array(buffer, this.#words.byteLength)
  }

  // ---- Keys ----

  acknowledged(actor: number, map: number, key: number): number {
    return Atomics.load(this.#words, keyAt(actor, map, key))
  }

  intended(actor: number, map: number, key: number): number {
    return Atomics.load(this.#words, keyAt(actor, map, key) + 1)
  }

  intend(actor: number, map: number, key: number, code: number): void {
    Atomics.store(this.#words, keyAt(actor, map, key) + 1, code)
  }

  /** What is there is known: the acknowledgement first, for one who dies in between. */
  acknowledge(actor: number, map: number, key: number, code: number): void {
    Atomics.store(this.#words, keyAt(actor, map, key), code)
    Atomics.store(this.#words, keyAt(actor, map, key) + 1, code)
  }

  // ---- Numbers of each actor ----

  /** The next number of an actor. */
  tick(actor: number): number {
    return Atomics.add(this.#words, at(actor, WORD.clock), 1) + 1
  }

  /** The last number of an actor. */
  clock(actor: number): number {
    return Atomics.load(this.#words, at(actor, WORD.clock))
  }

  /** Notes that a thread begins to be this actor. Returns how many have before. */
  begin(actor: number): number {
    return Atomics.add(this.#words, at(actor, WORD.incarnations), 1)
  }

  /** Whether the actor is deleting its own collection as a whole. */
  emptying(actor: number): boolean {
    return Atomics.load(this.#words, at(actor, WORD.emptying)) !== 0
  }

  setEmptying(actor: number, is: boolean): void {
    Atomics.store(this.#words, at(actor, WORD.emptying), Number(is))
  }

  /** Notes a step that took so long. */
  addStep(actor: number, ms: number): void {
    Atomics.add(this.#words, at(actor, WORD.steps), 1)
    const us = Math.ceil(ms * 1000)
    if (us > Atomics.load(this.#words, at(actor, WORD.pause))) Atomics.store(this.#words, at(actor, WORD.pause), us)
  }

  steps(actor: number): number {
    return Atomics.load(this.#words, at(actor, WORD.steps))
  }

  longestPauseMs(actor: number): number {
    return Atomics.load(this.#words, at(actor, WORD.pause)) / 1000
  }

  /** Notes that the heap had no room. */
  addRefusal(actor: number): void {
    Atomics.add(this.#words, at(actor, WORD.refusals), 1)
  }

  refusals(): number {
    return this.#sum(WORD.refusals)
  }

  /** Notes that an actor lingers at a checkpoint of the core, by its number from 1 on; 0: it goes on. */
  linger(actor: number, checkpoint: number): void {
    Atomics.store(this.#words, at(actor, WORD.checkpoint), checkpoint)
  }

  lingersAt(actor: number): number {
    return Atomics.load(this.#words, at(actor, WORD.checkpoint))
  }

  // ---- Counters ----

  /** An actor is about to add 1, or -1 takes that back: nothing was added. */
  intendCount(actor: number, counter: number, by: 1 | -1): void {
    Atomics.add(this.#words, at(actor, COUNTERS_AT) + 2 * counter + 1, by)
  }

  acknowledgeCount(actor: number, counter: number): void {
    Atomics.add(this.#words, at(actor, COUNTERS_AT) + 2 * counter, 1)
  }

  /** What all have surely added: at least that is in the counter afterwards. */
  countAtLeast(counter: number): number {
    return this.#sum(COUNTERS_AT + 2 * counter)
  }

  /** What all have added or are about to: no more was in the counter before. */
  countAtMost(counter: number): number {
    return this.#sum(COUNTERS_AT + 2 * counter + 1)
  }

  // ---- Complaints and orders ----

  /** What an actor has found wrong; in shared memory, because a message may die with its thread. The first stays. */
  complain(actor: number, text: string): void {
    const bytes = Uint8Array.from(text.slice(0, COMPLAINT_BYTES), (letter) => letter.charCodeAt(0) & 127)
    if (Atomics.load(this.#words, at(actor, WORD.complaint)) !== 0) return
    this.#complaints.set(bytes, actor * COMPLAINT_BYTES)
    Atomics.store(this.#words, at(actor, WORD.complaint), bytes.length)
  }

  complaints(): string[] {
    return Array.from({ length: this.actors }, (_, actor) => this.#complaintOf(actor)).filter((text) => text !== '')
  }

  /** Whether this actor is to leave. */
  isStopped(actor: number): boolean {
    return actor < Atomics.load(this.#words, STOPPED)
  }

  /** The first actors, so many, are to leave. */
  stop(actors: number): void {
    Atomics.store(this.#words, STOPPED, actors)
  }

  #complaintOf(actor: number): string {
    const length = Atomics.load(this.#words, at(actor, WORD.complaint))
    const begin = actor * COMPLAINT_BYTES
    return String.fromCharCode(...this.#complaints.slice(begin, begin + length))
  }

  #sum(word: number): number {
    let sum = 0
    for (let actor = 0; actor < this.actors; actor++) sum += Atomics.load(this.#words, at(actor, word))
    return sum
  }
}

function bytesFor(actors: number): number {
  return 4 * COMMON_WORDS + actors * (4 * ACTOR_WORDS + COMPLAINT_BYTES)
}

function at(actor: number, word: number): number {
  return COMMON_WORDS + actor * ACTOR_WORDS + word
}

function keyAt(actor: number, map: number, key: number): number {
  return at(actor, KEYS_AT) + 2 * (KEYS_BEFORE[map]! + key)
}
