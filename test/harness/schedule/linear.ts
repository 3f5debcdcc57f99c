// Whether there is an order of all operations that explains what each returned and what is left: linearizability
// (Herlihy & Wing 1990), by trying the orders, which for so few operations is quick.
import { isDeepStrictEqual } from 'node:util'
import type { Answer, Doing, Structure } from '../structure.js'
import { type State, apply } from './operations.js'

/** An operation as it ran. */
export interface Run {
  readonly operation: Doing
  /** Moments of its beginning and its end, in one order for all threads. Without an end, its thread died in it. */
  readonly begin: number
  readonly end?: number
  readonly answer?: Answer
}

/** Whether some order of the runs leads from one state to the other. One that did not end has happened or has not. */
export function isLinearizable(structure: Structure, runs: readonly Run[], state: State, left: State): boolean {
  if (runs.every(({ end }) => end === undefined) && sameState(state, left)) return true
  return runs.some((run) => {
    if (runs.some((other) => other !== run && (other.end ?? Infinity) < run.begin)) return false // it came before
    const after = apply(structure, state, run.operation)
    if (run.answer && after.answer && !sameAnswer(run.answer, after.answer)) return false
    const others = runs.filter((other) => other !== run)
    return isLinearizable(structure, others, after.state, left)
  })
}

function sameAnswer(one: Answer, other: Answer): boolean {
  return one.status === other.status && one.value === other.value
}

function sameState(one: State, other: State): boolean {
  return one.isDeleted === other.isDeleted && isDeepStrictEqual(one.contents, other.contents)
}
