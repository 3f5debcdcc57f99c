// A structure as the tests of the core see it: how to make one, what can be done to it, what that ought to come to, and what is in
// it. Deaths at each step (core/), interleavings (schedule/) and recorded histories (histories/) know no more of a structure
// than this; structures.ts has a row for each.
import type { CoreExports } from '../../src/core/exports.js'
import type { Actor } from './core/actor.js'

/** What an operation returned: what can be sent between threads as JSON. */
export interface Answer {
  readonly status: number
  readonly value?: number | string | undefined
}

/** What a thread does, as data, for it is sent to workers. */
export interface Doing {
  readonly do: string
}

/**
 * `State` is what is in one as plain data (maps, sets, arrays, numbers), which two are the same if isDeepStrictEqual() says so;
 * `Options` is what one is made with.
 */
export interface Structure<State extends object = any, Operation extends Doing = any, Options = any> {
  /** Its name in structures.ts. */
  readonly name: string
  /** Makes one, for createCollection()'s caller to keep, in this memory of the core's. Returns the address of its record. */
  make(core: CoreExports, options: Options, isUnnamed: boolean, memory: WebAssembly.Memory): number
  /** What is in a new one. */
  empty(): State
  /** Has an actor know nothing of what it did before, in a memory that has become what it was at first. */
  begin?(actor: Actor): void
  /** Does an operation. @throws Failure for a negative status, also for one that is hidden in another type */
  perform(actor: Actor, operation: Operation, options: Options): Answer
  /**
   * The model: does to the state what the operation does to one that nobody else uses. Returns what the operation has to answer;
   * undefined: any answer will do, but see objectionTo().
   */
  apply(state: State, operation: Operation): Answer | undefined
  /** What is in it now, through the core. @throws Error if what the core says of itself does not agree */
  read(actor: Actor, options: Options): State
  /** What is wrong with the answer of an operation that no one moment explains, as of an iteration; empty: nothing. */
  objectionTo?(answer: Answer, operation: Operation, begin: State, all: readonly Doing[]): string
  /** Fills it until it has had to grow, and takes out what that has put in. `isFull`: there may be no memory for some of that. */
  grow(actor: Actor, options: Options, isFull: boolean): void
  /** One write, which has to succeed unless `isFull`; then all is emptied. @throws Error if it cannot be used */
  useAgain(actor: Actor, options: Options, isFull: boolean): void
}

/** Does an operation to a copy of a state. */
export function applied<State extends object, Operation extends Doing>(
  structure: Structure<State, Operation>,
  state: State,
  operation: Operation,
): { state: State; answer: Answer | undefined } {
  const copy = structuredClone(state)
  return { answer: structure.apply(copy, operation), state: copy }
}

/** A state, or anything else, as text. */
export function textOf(state: unknown): string {
  return JSON.stringify(state, (_, value: unknown) => {
    if (value instanceof Map || value instanceof Set) return [...(value as Iterable<unknown>)]
    return typeof value === 'bigint' ? `${value}n` : value
  })
}
