// For tests of threads that an exception throws out of an operation.
import type { Checkpoint } from '../../src/core/hooks.checked.js'
import { Failure } from '../harness/core/thread.js'

/**
 * For a moment a block is in a hand and on its list, or the list is not counted yet. Nothing that could throw lies between
 * in the release build: no call, no loop. So mend() needs no protection there from what the program does before it.
 */
export const IN_TWO_PLACES: readonly Checkpoint[] = ['HandFilled', 'ListPopped', 'ListPushed']

/** Runs what may be refused. */
export function attempt(action: () => unknown): void {
  try {
    action()
  } catch (error) {
    if (!(error instanceof Failure)) throw error
  }
}
