// The definition of linearizability, as plainly as it can be said: some order of all operations that agrees with time
// and with the specification. For small histories, to compare the checker with.
import type { Interval } from '../harness/histories/history.js'
import type { Step } from '../harness/histories/checker.js'

export function isLinearizable<O extends Interval>(history: readonly O[], step: Step<O>, state: number): boolean {
  if (history.every(({ returned }) => returned === Infinity)) return true // they need not have happened
  return history.some((first) => {
    // It can be the first if no other was over before it began.
    if (history.some(({ returned }) => returned < first.call)) return false
    const next = step(state, first)
    return (
      next !== undefined &&
      isLinearizable(
        history.filter((other) => other !== first),
        step,
        next,
      )
    )
  })
}
