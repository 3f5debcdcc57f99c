// What the recording tests tell their workers.
import type { Kind, SharedHeapHandle, SharedMapHandle } from 'tophash'
import type { Interval, Log } from './history.js'
import type { Lengths } from './values.js'
import type { Visit } from './visits.js'

/** What a recording is about. */
export interface Plan {
  /** What is recorded: a name that a row of structures.ts has in its histories. */
  readonly collection: string
  readonly key: Kind
  readonly value: Kind | 'none'
  readonly threads: number
  /** Threads that use the checked core, and linger. */
  readonly checked: readonly number[]
  /** Keys that all threads work on; and recorded keys that stay as they are. */
  readonly hot: number
  readonly steady: number
  /** All keys share one chain: they are of one hash. */
  readonly isColliding: boolean
  /** Other keys that each thread adds and removes, so that chains and the table grow and shrink. */
  readonly filling: number
  /** After how many operations a thread does so, on average. */
  readonly fillEvery: number
  /** What threads do: names from the acts of the collection, some of them more than once. */
  readonly acts: readonly string[]
  /** Of each thread in each round. */
  readonly operations: number
  readonly rounds: number
  /** Of strings and bytes. */
  readonly lengths: Lengths
  /** What it has to come to at least, as the collection's surveyOf() measures it. */
  readonly least: Readonly<Record<string, number>>
}

/** What a thread has seen of a recording, beside what is in its log. */
export interface Report {
  readonly visits: readonly Visit[]
  /** The most that surveyOf() has measured. */
  readonly survey: Readonly<Record<string, number>>
}

export interface Job {
  readonly plan: Plan
  readonly heap: SharedHeapHandle
  readonly thread: number
  readonly threads: number
  readonly seed: number
  readonly keys: readonly unknown[]
  /** By thread. */
  readonly fillers: readonly (readonly unknown[])[]
  readonly log: Log
  readonly gate: Int32Array
}

/** The thread that deletes all names but the last, which everyone deletes. */
export const DELETER = 0
/** Where what happens to names is recorded: the place of no collection. */
export const NAMES_PLACE = -1

export interface DeletingJob {
  readonly heap: SharedHeapHandle
  readonly log: Log
  readonly thread: number
  readonly threads: number
  readonly seed: number
  readonly rounds: number
  readonly checked: readonly number[]
  readonly names: number
  readonly acts: readonly string[]
  readonly gate: Int32Array
}

/** An operation that threw ERR_DISPOSED. */
export interface Refusal extends Interval {
  readonly place: number
}

export interface DeletingReport {
  readonly refusals: readonly Refusal[]
  readonly visits: readonly Visit[]
}

export interface FlickerJob {
  readonly handle: SharedMapHandle
  readonly adds: boolean
  readonly stop: Int32Array
}
