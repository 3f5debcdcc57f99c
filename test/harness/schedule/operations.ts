// What the threads of a scenario can do with any collection, beside the operations of its structure; and the model of that.
import { STATUS } from '../../../src/core/layout.js'
import { type Answer, type Doing, type Structure, applied } from '../structure.js'

export type HeapOperation =
  | { readonly do: 'deleteCollection' }
  | { readonly do: 'reopen' }
  | { readonly do: 'open' }
  | { readonly do: 'close' }
  /** Waits until a thread of the scenario has ended; if it died, recovers it. */
  | { readonly do: 'recover'; readonly thread: number }

export const deleteTable: HeapOperation = { do: 'deleteCollection' }
export const reopen: HeapOperation = { do: 'reopen' }
export const open: HeapOperation = { do: 'open' }
export const close: HeapOperation = { do: 'close' }
export const recover = (thread: number): HeapOperation => ({ do: 'recover', thread })

/** A collection, one operation after the other. */
export interface State {
  /** What is in it, as its structure's model has it. */
  readonly contents: any
  readonly isDeleted: boolean
  /** Threads that have one without a name open: with the last one it is gone. */
  readonly openers?: number | undefined
}

/** What an operation does to a collection that nobody else uses. No answer: any will do. */
export function apply(structure: Structure, state: State, operation: Doing): { state: State; answer?: Answer | undefined } {
  switch ((operation as HeapOperation).do) {
    case 'recover':
      return { state }
    case 'deleteCollection':
      return { state: gone(structure), answer: { status: state.isDeleted ? 0 : STATUS.removed } }
    case 'close':
      return { state: closed(structure, state), answer: { status: 0 } }
  }
  if (state.isDeleted) return { state, answer: { status: STATUS.deleted } }
  switch ((operation as HeapOperation).do) {
    case 'reopen':
      return { state, answer: { status: 0 } }
    case 'open':
      return { state: { ...state, openers: state.openers && state.openers + 1 }, answer: { status: 0 } }
  }
  const after = applied(structure, state.contents, operation)
  return { state: { ...state, contents: after.state }, answer: after.answer }
}

function gone(structure: Structure, openers?: number): State {
  return { contents: structure.empty(), isDeleted: true, openers }
}

/** What is left when one thread less has it open. */
function closed(structure: Structure, state: State): State {
  if (!state.openers) return state
  return state.openers > 1 ? { ...state, openers: state.openers - 1 } : gone(structure, 0)
}
