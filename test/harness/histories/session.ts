// A collection as one thread uses it, with a recorder: keys and values go by their numbers.
import { nameOf } from '../../support/values.js'
import { ABSENT, type Name, type Recorder } from './history.js'
import { type Values, numberOfWrite } from './values.js'
import type { Visit } from './visits.js'

export type Random = (n: number) => number

/** Keys that are recorded, by number; entries with other keys come and go beside them. */
export class Keys {
  readonly all: readonly unknown[]
  readonly #numbers: ReadonlyMap<string, number>

  constructor(all: readonly unknown[]) {
    this.all = all
    this.#numbers = new Map(all.map((key, number) => [nameOf(key), number]))
  }

  /** The number of a key; undefined if it is not recorded. */
  numberOf(key: unknown): number | undefined {
    return this.#numbers.get(nameOf(key))
  }
}

/** What a thread has at hand wherever it works. */
export interface Means {
  readonly thread: number
  readonly recorder: Recorder
  readonly random: Random
  readonly keys: Keys
  /** How many of them one call may be about, without it: any number. */
  readonly together?: number
  readonly values: Values
  /** What iterations have shown. */
  readonly visits: Visit[]
  /** Counts the writes of this thread. */
  writes: number
}

/** Operations after which the key's value is, or was, what they returned; after others it is what they were given. */
const SAY_THE_VALUE: ReadonlySet<Name> = new Set<Name>(['get', 'increment', 'getOrInsert', 'getOrInsertComputed'])

/** A call that is about to be made. */
export interface Call {
  readonly name: Name
  readonly key: number
  readonly given?: number
  readonly expected?: number
}

export class Session<T> {
  readonly collection: T
  /** The collection, by number. */
  readonly place: number
  readonly means: Means
  /** What this thread has seen last under each key. */
  readonly #seen: number[] = []

  constructor(collection: T, place: number, means: Means) {
    this.collection = collection
    this.place = place
    this.means = means
  }

  keyOf(key: number): unknown {
    return this.means.keys.all[key]
  }

  /** A number for a value that was never written. */
  fresh(): number {
    return numberOfWrite(this.means.thread, this.means.writes++)
  }

  valueOf(number: number): unknown {
    return this.means.values.of(number)
  }

  numberOf(value: unknown): number {
    return value === undefined ? ABSENT : this.means.values.numberOf(value)
  }

  /** The value that this thread thinks a key has; ABSENT if it knows of none. */
  lastSeen(key: number): number {
    return this.#seen[key] ?? ABSENT
  }

  /** Calls, and records what came back, as `read` makes a number of it. What throws has done nothing. */
  record(about: Call, call: () => unknown, read: (result: unknown) => number): void {
    const { recorder } = this.means
    const begin = recorder.now()
    const result = call()
    const end = recorder.now()
    this.note(about, begin, end, read(result))
  }

  /** The same for what happens to several keys; what throws may have happened to some of them. */
  recordMany(plans: readonly Call[], call: () => unknown, read: (result: unknown, index: number) => number): void {
    const { recorder } = this.means
    const begin = recorder.now()
    let result: unknown
    try {
      result = call()
    } catch (error) {
      for (const plan of plans) this.note(plan, begin, Infinity, ABSENT)
      throw error
    }
    const end = recorder.now()
    plans.forEach((plan, index) => this.note(plan, begin, end, read(result, index)))
  }

  note({ name, key, given = ABSENT, expected = ABSENT }: Call, begin: number, end: number, got: number): void {
    this.#seen[key] = SAY_THE_VALUE.has(name) ? got : given
    this.means.recorder.write(name, this.place, key, begin, end, got, given, expected)
  }
}
