// What the threads of an execution share beside the heap: whose turn it is, the schedule, what has happened so far.
// Only the thread whose turn it is touches it, so plain loads and stores do, but for the turns themselves.

export const MOST_THREADS = 3
/** Who starts the executions and judges them has a turn, too. */
export const JUDGE = MOST_THREADS
/** Events of one execution; more are taken for a livelock. */
const MOST_EVENTS = 8_000
const MOST_DECISIONS = 32
const RESULT_BYTES = 131_072

/** What an event is that is no checkpoint: see Event.id. */
export const START = -1
export const BETWEEN = -2
export const ENDED = -3
export const DIED = -4
/** The thread waits until another one has ended. */
export const AWAITING = -5

export const NO_FAILURE = 0
export const DEADLOCK = 1
export const LIVELOCK = 2

/** Words of the control block. Each turn has a cache line of its own. */
const TURNS = 0
const WORDS = 16 * (MOST_THREADS + 1)
const DECISIONS = WORDS + 32
const EVENTS = DECISIONS + 2 * MOST_DECISIONS
const RESULTS = EVENTS + MOST_EVENTS

const FIELDS = [
  'threads',
  'failure',
  'events',
  'decisions',
  'nextDecision',
  'ended',
  'lockWaiters',
  'stepWaiters',
  'endWaiters',
  'awaited0',
  'awaited1',
  'awaited2',
  'seesAll',
  'deathAt',
  'clock',
  'isOver',
  'endings',
] as const

/** A number that all threads see. */
export type Field = (typeof FIELDS)[number]

/** A moment at which another thread can take over. */
export interface Event {
  /** The thread that came to it. */
  readonly thread: number
  /** The checkpoint, or one of the above. */
  readonly id: number
  /** Threads that can go on from here, as bits. */
  readonly enabled: number
  /** The one that did. */
  readonly chosen: number
}

export class Control {
  readonly buffer: SharedArrayBuffer
  readonly words: Int32Array
  readonly #bytes: Uint8Array

  constructor(buffer = new SharedArrayBuffer(RESULTS * 4 + MOST_THREADS * RESULT_BYTES)) {
    this.buffer = buffer
    this.words = new Int32Array(buffer, 0, RESULTS)
    this.#bytes = new Uint8Array(buffer, RESULTS * 4)
  }

  get(field: Field): number {
    return this.words[WORDS + FIELDS.indexOf(field)]!
  }

  set(field: Field, value: number): void {
    this.words[WORDS + FIELDS.indexOf(field)] = value
  }

  /** Counts the threads that have come to their end after a failure, when they run at the same time. */
  countEnding(): number {
    return Atomics.add(this.words, WORDS + FIELDS.indexOf('endings'), 1) + 1
  }

  reset(threads: number): void {
    this.words.fill(0, WORDS, EVENTS)
    this.set('threads', threads)
  }

  // ---- Turns ----

  /** It is this thread's turn. */
  pass(to: number): void {
    Atomics.store(this.words, TURNS + 16 * to, 1)
    Atomics.notify(this.words, TURNS + 16 * to, 1)
  }

  /** Waits for a turn. False: in vain. */
  awaitTurn(me: number, timeoutMs = Infinity): boolean {
    const at = TURNS + 16 * me
    for (let looks = 0; looks < 200; looks++) if (Atomics.load(this.words, at) === 1) break
    while (Atomics.load(this.words, at) === 0) {
      if (Atomics.wait(this.words, at, 0, timeoutMs) === 'timed-out') return false
    }
    Atomics.store(this.words, at, 0)
    return true
  }

  // ---- Decisions: at event so and so, let this thread go on ----

  decide(event: number, thread: number): void {
    const count = this.get('decisions')
    this.words[DECISIONS + 2 * count] = event
    this.words[DECISIONS + 2 * count + 1] = thread
    this.set('decisions', count + 1)
  }

  /** The thread that the schedule names for this event; -1: none. */
  decisionAt(event: number): number {
    const next = this.get('nextDecision')
    if (next === this.get('decisions') || this.words[DECISIONS + 2 * next] !== event) return -1
    this.set('nextDecision', next + 1)
    return this.words[DECISIONS + 2 * next + 1]!
  }

  // ---- Events ----

  /** Notes an event. False: there have been too many. */
  note({ thread, id, enabled, chosen }: Event): boolean {
    const index = this.get('events')
    if (index === MOST_EVENTS) return false
    this.words[EVENTS + index] = thread | (chosen << 2) | (enabled << 4) | (id << 8)
    this.set('events', index + 1)
    return true
  }

  events(): Event[] {
    return Array.from(this.words.subarray(EVENTS, EVENTS + this.get('events')), (word) => ({
      thread: word & 3,
      chosen: (word >> 2) & 3,
      enabled: (word >> 4) & 7,
      id: word >> 8,
    }))
  }

  // ---- What the operations of a thread came to: as JSON ----

  storeResults(thread: number, results: unknown): void {
    const bytes = Buffer.from(JSON.stringify(results))
    const begin = thread * RESULT_BYTES
    if (bytes.length >= RESULT_BYTES) throw new Error(`${bytes.length} bytes of results`)
    this.#bytes.set(bytes, begin)
    this.#bytes[begin + bytes.length] = 0
  }

  loadResults(thread: number): unknown {
    const begin = thread * RESULT_BYTES
    const bytes = this.#bytes.subarray(begin, this.#bytes.indexOf(0, begin))
    return JSON.parse(Buffer.from(bytes).toString())
  }
}
