// What an adapter of a JavaScript library says of its library, and does with it. One process of the benchmark has only
// one of them in it, so one loop for all (contender/loop.ts) calls one class of tables, as a program's loop would.
import type { Key } from '../streams/keys.js'
import type { Plan } from '../streams/plan.js'

export type Value = number | boolean

/** A map as one thread has it open. Each method does what a user of the library would write. */
export interface Table {
  get(key: Key): Value | undefined
  set(key: Key, value: Value): void
  /** Returns whether the key was there. */
  remove(key: Key): boolean
  /** Adds 1, atomically; an absent key counts from 0. */
  increment(key: Key): void
  scan(visit: (value: Value) => void): void
  /** Waits for what it has left to others. A thread calls it at its end, before the time is taken. */
  settle?(): void
}

/** A table in another thread: each operation is a message and its answer. */
export interface RemoteTable {
  get(key: Key): Promise<Value | undefined>
  set(key: Key, value: Value): Promise<void>
  remove(key: Key): Promise<boolean>
  increment(key: Key): Promise<void>
  scan(visit: (value: Value) => void): Promise<void>
}

/** What a rival is asked to do. */
export interface Demand extends Pick<Plan, 'keyKind' | 'valueKind' | 'background' | 'bound'> {
  /** Which kinds of operations. */
  kinds: ReadonlySet<number>
  /** Whether it is its memory that is measured. */
  memory: boolean
}

/** What a new map is for. */
export interface Purpose
  extends Pick<Plan, 'keyKind' | 'valueKind' | 'keyCount' | 'counters' | 'presize' | 'threads' | 'bound'> {}

/** A map, as the thread has it that made it. */
export interface Shared {
  table: Table
  /** What another thread attaches with, or a function that makes one for each thread. */
  handle?: unknown
  /** Sets keys that are not there yet, where the library has something better than one after the other. */
  fill?(entries: Iterable<[Key, Value]>): void
  /** -1 if the library cannot say. */
  size(): number
  /** Bytes in use, as the library itself says. */
  reportedBytes?(): number
  /**
   * Begins to record what the map does. What it returns says in words what that was from `start` to `end`, milliseconds of
   * the epoch, and ends the record.
   */
  record?(): (start: number, end: number) => string
  /** Lets the map go. */
  dispose(): void | Promise<void>
}

export interface Attached {
  table: Table
  dispose(): void | Promise<void>
}

export interface Library {
  version: string
  create(purpose: Purpose): Shared
  /** In another thread. */
  attach?(handle: unknown): Attached
  /** The same, for those who answer by messages. */
  connect?(handle: unknown): { table: RemoteTable; dispose(): void }
}

/**
 * shared: every thread opens the map. one: a single thread executes all streams, one after the other.
 * messages: the map is in one thread, the others ask it.
 */
export type Threading = 'shared' | 'one' | 'messages'

export interface Rival {
  /** On the command line. */
  name: string
  /** In tables. */
  title: string
  threading: Threading
  /** The package to install, if it is not part of tophash or of the runtime. */
  package?: string
  /** Kinds of operations that it has: those of plan.ts. All, if it does not say. */
  operations?: readonly number[]
  /**
   * A cache, which takes part in nothing else; `drops`: one that drops what it is given too quickly; `too`: a map that can be one as
   * well. By default it is a map.
   */
  caches?: 'only' | 'drops' | 'too'
  /** Takes ranks in place of keys, whatever their kind is. */
  takesRanks?: boolean
  /** Too slow to execute whole streams: they are cut off. */
  slow?: boolean
  /** Its maps can record what they do: see Shared. */
  records?: boolean
  /** Said beside its figures. */
  notes?: readonly string[]
  /** Says why it does not take part. */
  refuses?(demand: Demand): string | undefined
  /** Loads the library into this process. Throws if it is not there. */
  load(): Promise<Library>
}
