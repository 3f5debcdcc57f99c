// From a history that nothing explains to the few operations that show it.
import { type State, type Step, findContradiction } from './checker.js'
import type { Interval } from './history.js'

/** What operations do, as far as leaving them out asks for it. */
export interface Specification<O, S extends State = number> {
  readonly step: Step<O, S>
  readonly initial: S
  /** Whether an operation has left the state as it was, whatever that was. */
  readonly isRead: (operation: O) => boolean
  /** The state that an operation may have left; undefined: the one that it found. */
  readonly stateAfter: (operation: O) => S | undefined
}

/** A contradiction, as small as it could be made. */
export interface Contradiction<O, S extends State = number> {
  /** In the order of their calls. */
  readonly operations: readonly O[]
  /** The states that were thought possible before the first of them: nothing explains the operations in any of them. */
  readonly before: readonly S[]
  /** At its return the operations cannot be explained any more. */
  readonly blamed: O
}

/**
 * Shortens a history that is not linearizable. Only what leaves it a proof is left out: what came later; what came
 * before a moment at which no operation ran, if the rest cannot be explained by any state that there can have been;
 * and operations that have changed nothing. (Without a write that took place, the rest may be wrong for that alone.)
 */
export function minimise<O extends Interval, S extends State>(
  history: readonly O[],
  spec: Specification<O, S>,
): Contradiction<O, S> | undefined {
  const blamed = findContradiction(history, spec.step, [spec.initial])
  if (!blamed) return undefined
  const begun = history.filter(({ call }) => call <= blamed.returned).sort((a, b) => a.call - b.call)
  const { operations, before } = cutBegin(begun, spec)
  const fails = (rest: readonly O[]): boolean => findContradiction(rest, spec.step, before) !== undefined
  const least = leaveOut(operations, spec.isRead, fails)
  return { operations: least, before, blamed: findContradiction(least, spec.step, before)! }
}

/** What follows the last quiet moment from which on nothing explains the history. */
function cutBegin<O extends Interval, S extends State>(
  history: readonly O[],
  spec: Specification<O, S>,
): Omit<Contradiction<O, S>, 'blamed'> {
  for (const length of quietMoments(history).reverse()) {
    const left = history.slice(0, length).map(spec.stateAfter)
    const before = [...new Set([spec.initial, ...left.filter((state) => state !== undefined)])]
    const operations = history.slice(length)
    if (findContradiction(operations, spec.step, before)) return { operations, before }
  }
  return { operations: history, before: [spec.initial] }
}

/** Numbers of operations after which none of them was running. They are in the order of their calls. */
function quietMoments(history: readonly Interval[]): number[] {
  const moments: number[] = []
  let last = -Infinity
  history.forEach(({ call, returned }, index) => {
    if (call > last) moments.push(index)
    last = Math.max(last, returned)
  })
  return moments
}

/**
 * Leaves out what may be, as long as the rest still fails: first in large parts, then one by one, until each is needed.
 * Zeller & Hildebrandt, "Simplifying and isolating failure-inducing input" (2002).
 */
function leaveOut<O>(history: readonly O[], mayBe: (operation: O) => boolean, fails: (rest: readonly O[]) => boolean): O[] {
  let rest = [...history]
  for (let size = Math.ceil(rest.length / 2); size > 0; ) {
    const shorter = withoutPart(rest, rest.filter(mayBe), size, fails)
    if (shorter) rest = shorter
    else size = size > 1 ? Math.ceil(size / 2) : 0
  }
  return rest
}

/** The history without the first part of this size that is not needed. */
function withoutPart<O>(
  history: readonly O[],
  candidates: readonly O[],
  size: number,
  fails: (rest: readonly O[]) => boolean,
): O[] | undefined {
  for (let begin = 0; begin < candidates.length; begin += size) {
    const part = new Set(candidates.slice(begin, begin + size))
    const rest = history.filter((operation) => !part.has(operation))
    if (fails(rest)) return rest
  }
  return undefined
}
